"""Setting fields of an entry or a result: ``vgg16_ucf101@d6dc1bba top1=84.0``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import yaml

from sphinx_modelzoo.editing.document import Document, Edit, member, open_document
from sphinx_modelzoo.editing.mappings import Value, set_value
from sphinx_modelzoo.editing.save import Change, reread
from sphinx_modelzoo.editing.targets import Target, entry_node, find_target, result_node
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.manifest.entries import TEXTS
from sphinx_modelzoo.manifest.facts import facts
from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.manifest.values import listing

_BY_HAND = ("results", *TEXTS, "<<")


def set_fields(zoo: Zoo, name: str, values: Mapping[str, str]) -> Change:
    """Set fields of what a name means: an entry, or one of its results.

    Raises:
        CallError: the name means nothing or too much, or the text cannot be changed so.
        ManifestError: the manifest would be wrong.
    """
    target = find_target(zoo, name)
    path = next(file for file in zoo.files if str(file) == target.entry.place.path)
    document = open_document(path)
    edits = field_edits(document, zoo, target, values)
    change = Change(path, document.data, document.edited(edits))
    _check_rest(zoo, reread(zoo.path, {path: change.after}), target.entry, values)
    return change


def field_edits(
    document: Document, zoo: Zoo, target: Target, values: Mapping[str, str]
) -> list[Edit]:
    """Give the edits that set fields; several new ones stand in the order in which they are given.

    Raises:
        CallError: a field cannot be set so.
    """
    node = entry_node(document, zoo, target.entry)
    order = key_order(zoo)
    edits: list[Edit] = []
    for key in sorted(values, key=lambda key: order.index(key) if key in order else len(order)):
        if key in _BY_HAND or not values[key]:
            what = f"{key!r} cannot be set here" if values[key] else f"{key!r} has no value"
            raise CallError(Problem(what, "write KEY=VALUE, or edit the manifest"))
        mapping = _mapping(node, target, key, zoo)
        edits.append(set_value(document, mapping, key, _value(key, values[key]), order))
    return joined(edits)


def _mapping(node: yaml.MappingNode, target: Target, key: str, zoo: Zoo) -> yaml.MappingNode:
    """Choose where a field goes: to the entry, which all results share, or to one result."""
    if key in fields.ENTRY.keys():  # noqa: SIM118 - Section.keys, not a dictionary's
        return node
    if target.result is None:
        _check_one_result(target, key, zoo)
        return node
    own = result_node(node, target.entry, target.result)
    shared = not target.named and member(own, key) is None and member(node, key) is not None
    return node if shared else own


def key_order(zoo: Zoo) -> tuple[str, ...]:
    """Give the order of an entry's keys that new ones are put in."""
    named = (*fields.ENTRY.keys(), *fields.RESULT.keys(), *zoo.metrics, *zoo.links)
    return tuple(dict.fromkeys(named))


def _check_one_result(target: Target, key: str, zoo: Zoo) -> None:
    if key in zoo.metrics and len(target.entry.results) > 1:
        names = [
            ":".join(part for part in (target.entry.key, result.dataset, result.protocol) if part)
            for result in target.entry.results
        ]
        what = f"{target.entry.key!r} has {len(names)} results, and {key!r} belongs to one"
        raise CallError(Problem(what, f"write one of {listing(names)}"))


def _value(key: str, text: str) -> Value:
    """Split the text of a field that takes a list; one alone stays a single text."""
    many = any(field.key == key and field.many for field in fields.ENTRY.fields)
    parts = [part.strip() for part in text.split(",")] if many else [text]
    return parts if len(parts) > 1 or key == "tags" else text


def joined(edits: Iterable[Edit]) -> list[Edit]:
    """Join insertions at one position into one edit, in the order in which they were made."""
    found: dict[tuple[int, int], Edit] = {}
    for edit in edits:
        known = found.get((edit.start, edit.end))
        text = known.text + edit.text if known and edit.start == edit.end else edit.text
        found[edit.start, edit.end] = Edit(edit.start, edit.end, text)
    return list(found.values())


def _check_rest(before: Zoo, after: Zoo, entry: Entry, values: Collection[str]) -> None:
    """Hold that an edit changes nothing else, as it would through an anchor or ``<<``."""
    for old, new in zip(before.entries, after.entries, strict=True):
        same = _numbers(old, values) == _numbers(new, values) if old is entry else True
        if not same or (old is not entry and _fixed(old) != _fixed(new)):
            what = f"the value is shared within {old.key} through an anchor; nothing was written"
            raise CallError(Problem(what, "write the value apart in each place", str(old.place)))
    if facts(replace(before, entries=())) != facts(replace(after, entries=())):
        what = "the value is shared with another part through an anchor; nothing was written"
        raise CallError(Problem(what, "write the value apart in each place", str(entry.place)))


def _numbers(entry: Entry, but: Collection[str]) -> list[dict[str, str]]:
    return [
        {key: number.text for key, number in result.numbers.items() if key not in but}
        for result in entry.results
    ]


def _fixed(entry: Entry) -> object:
    """Give what an entry says, but for its default: that follows from the others of its name."""
    return {key: value for key, value in facts(entry).items() if key != "default"}
