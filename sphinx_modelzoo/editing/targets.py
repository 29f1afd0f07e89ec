"""Which part of a zoo an edit is about: ``NAME@HASHTAG[:DATASET[:PROTOCOL]]``, and its nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import yaml

from sphinx_modelzoo.editing.document import Document, member, models
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.model import Entry, Result, Zoo
from sphinx_modelzoo.manifest.nodes import is_null
from sphinx_modelzoo.manifest.values import listing


@dataclass(frozen=True, slots=True)
class Target:
    """An entry, and one of its results where one was named or there is only one."""

    entry: Entry
    result: Result | None
    named: bool


def find_target(zoo: Zoo, text: str) -> Target:
    """Find what a text names.

    The name alone will do where it has one entry.

    Raises:
        CallError: nothing has this name, or more than one thing has.
    """
    found = [target for target, name in _names(zoo) if name == text]
    if len(found) == 1:
        return found[0]
    if found and len({target.entry.key for target in found}) > 1:
        keys = [target.entry.key for target in found]
        raise CallError(Problem(f"{text!r} is several entries", f"write one of {listing(keys)}"))
    if found:
        names = _full_names(found[0].entry)
        what = f"{text!r} is several results"
        raise CallError(Problem(what, f"write one of {listing(names)}"))
    known = [name for _, name in _names(zoo)]
    near = get_close_matches(text, known, n=1, cutoff=0.6)
    starts = (text[: position.start()] for position in re.finditer(":", text))
    named = [entry for start in starts for entry in zoo.entries if start in (entry.key, entry.name)]
    entry = named[0] if len(named) == 1 else None
    if entry is not None and entry.results:
        remedy = f"its results are {listing(_full_names(entry))}"
    else:
        remedy = f"did you mean {near[0]!r}?" if near else "write NAME@HASHTAG, or NAME"
    raise CallError(Problem(f"there is no {text!r} in the manifest", remedy, str(zoo.path)))


def entry_node(document: Document, zoo: Zoo, entry: Entry) -> yaml.MappingNode:
    """Give the node of an entry in its file."""
    here = [known for known in zoo.entries if known.place.path == entry.place.path]
    return models(document)[next(i for i, known in enumerate(here) if known is entry)]


def result_node(node: yaml.MappingNode, entry: Entry, result: Result | None) -> yaml.MappingNode:
    """Give the mapping that holds a result's own fields: one of ``results``, or the entry's.

    Raises:
        CallError: the results are written elsewhere, through an alias or ``<<``.
    """
    pair = member(node, "results")
    if result is None or (pair is None and len(entry.results) <= 1) or (pair and is_null(pair[1])):
        return node
    if pair is not None and isinstance(pair[1], yaml.SequenceNode):
        index = next(i for i, known in enumerate(entry.results) if known is result)
        item = pair[1].value[index]
        if isinstance(item, yaml.MappingNode) and item.start_mark.index > pair[0].start_mark.index:
            return item
    what = "this result is written elsewhere, through an alias"
    raise CallError(Problem(what, "change it by hand", str(result.place)))


def _names(zoo: Zoo) -> Iterator[tuple[Target, str]]:
    for entry in zoo.entries:
        only = entry.results[0] if len(entry.results) == 1 else None
        for form in dict.fromkeys((entry.key, entry.name)):
            yield Target(entry, only, named=False), form
            for result in entry.results:
                yield Target(entry, result, named=True), f"{form}:{result.dataset}"
                if result.protocol:
                    name = f"{form}:{result.dataset}:{result.protocol}"
                    yield Target(entry, result, named=True), name


def _full_names(entry: Entry) -> list[str]:
    return [
        ":".join(part for part in (entry.key, result.dataset, result.protocol) if part)
        for result in entry.results
    ]
