"""Reading a mapping's values by its section, with every problem collected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.manifest.fields import Field, Section
from sphinx_modelzoo.manifest.model import Place
from sphinx_modelzoo.manifest.nodes import is_null

MERGE = "<<"

Pairs = dict[str, tuple[yaml.ScalarNode, yaml.Node]]


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of one file: how messages call it, and the problems found so far."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def place(self, node: yaml.Node) -> Place:
        """Give where a node starts in this file."""
        mark = node.start_mark
        return Place(self.path, mark.line + 1, mark.column + 1)

    def report(self, node: yaml.Node, what: str, remedy: str) -> None:
        """Note a problem at a node."""
        self.problem(self.place(node), what, remedy)

    def problem(self, place: Place, what: str, remedy: str) -> None:
        """Note a problem at a place."""
        self.problems.append(Problem(what, remedy, str(place)))


def suggestion(word: str, known: Collection[str], otherwise: str) -> str:
    """Give ``did you mean …?`` for the nearest known word, or the other text."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else otherwise


def listing(words: Collection[str]) -> str:
    """Give words for a message, at most twelve of them."""
    shown = ", ".join(list(words)[:12])
    return f"{shown}, …" if len(words) > 12 else shown  # noqa: PLR2004


def read_pairs(node: yaml.Node, noun: str, reading: Reading) -> Pairs | None:
    """Give a mapping's keys with their nodes; duplicate keys and other nodes are problems."""
    if not isinstance(node, yaml.MappingNode):
        reading.report(
            node,
            f"{noun} is {_shape(node)}, not a mapping of fields",
            "write 'key: value' lines below it",
        )
        return None
    return _pairs(node, reading, ())


def _pairs(node: yaml.MappingNode, reading: Reading, within: tuple[int, ...]) -> Pairs:
    pairs: Pairs = {}
    merged: Pairs = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            reading.report(key, "a key is not text", "write the key as plain text")
        elif key.value == MERGE and key.style in (None, ""):
            merged.update(_merged(value, reading, (*within, id(node))))
        elif key.value in pairs:
            first = reading.place(pairs[key.value][0])
            reading.report(
                key,
                f"the key {key.value!r} stands twice, first in line {first.line}",
                "remove one of them, or give it another key",
            )
        else:
            pairs[key.value] = (key, value)
    return merged | pairs if merged else pairs


def _merged(node: yaml.Node, reading: Reading, within: tuple[int, ...]) -> Pairs:
    """Give the pairs that ``<<`` brings in; of several mappings the first wins."""
    parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
    merged: Pairs = {}
    for part in parts:
        if not isinstance(part, yaml.MappingNode) or len(within) > 1 or id(part) in within:
            reading.report(part, "<< does not name a plain mapping", "write '<<: *anchor'")
            break
        merged = _pairs(part, reading, within) | merged
    return merged


def read_fields(
    section: Section,
    pairs: Pairs,
    node: yaml.Node,
    reading: Reading,
    others: Collection[str] = (),
) -> dict[str, Any]:
    """Convert a mapping's scalars by its section's fields.

    Keys in ``others`` are left to the caller; any other key is a problem, as is a required field
    that is missing (said at ``node``). Gives only the fields that hold a value of their kind.
    """
    for item in section.required:
        pair = pairs.get(item.key)
        if pair is None or is_null(pair[1]):
            reading.report(
                pair[1] if pair else node,
                f"{section.noun} has no {item.key!r}",
                f"add {item.key!r}: {item.kind.expects}",
            )
    values: dict[str, Any] = {}
    for key, (key_node, value_node) in pairs.items():
        known = section.by_key.get(key)
        if known is None:
            if key not in others:
                report_unknown_key(key_node, section, (*section.keys(), *others), reading)
        elif not is_null(value_node):
            value = _field(known, value_node, reading)
            if value is not None:
                values[key] = value
    return values


def report_unknown_key(
    node: yaml.ScalarNode, section: Section, known: Collection[str], reading: Reading
) -> None:
    """Note that a mapping has a key that its section does not know."""
    reading.report(
        node,
        f"unknown field {node.value!r} in {section.noun}",
        suggestion(node.value, known, f"the fields are {listing(known)}"),
    )


def scalar(node: yaml.Node, noun: str, expects: str, reading: Reading) -> str | None:
    """Give a scalar's text; a list or mapping is a problem."""
    if isinstance(node, yaml.ScalarNode):
        if node.tag in {"tag:yaml.org,2002:str", "!"}:
            return str(node.value)
        reading.report(node, f"{noun} has the YAML tag {node.tag!r}", "remove the tag")
        return None
    reading.report(node, f"{noun} is {_shape(node)}", f"write {expects}")
    return None


def read_texts(node: yaml.Node, noun: str, reading: Reading) -> dict[str, str]:
    """Give a mapping of keys to texts; what is not text is a problem."""
    texts = {}
    for key, (_, part) in (read_pairs(node, noun, reading) or {}).items():
        text = scalar(part, repr(key), "a number or a text", reading)
        if text is not None:
            texts[key] = text
    return texts


def items(node: yaml.Node, noun: str, reading: Reading) -> list[yaml.Node]:
    """Give a list's nodes; anything else is a problem."""
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    reading.report(node, f"{noun} is {_shape(node)}, not a list", "write each below it after '- '")
    return []


def _field(item: Field, node: yaml.Node, reading: Reading) -> Any:
    if not item.many:
        return _convert(item, node, reading)
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    for part in nodes:
        if is_null(part):
            what = f"an item of {item.key!r} is empty"
            reading.report(part, what, f"remove it, or write {item.kind.expects}")
    values = [_convert(item, part, reading) for part in nodes if not is_null(part)]
    return tuple(value for value in values if value is not None)


def _convert(item: Field, node: yaml.Node, reading: Reading) -> Any:
    text = scalar(node, repr(item.key), item.kind.expects, reading)
    if text is None:
        return None
    value = item.kind.convert(text)
    if value is None:
        reading.report(
            node,
            f"{item.key!r} is {_short(text)}, not {item.kind.name_with_article}",
            f"write {item.kind.expects}",
        )
    return value


def _short(text: str) -> str:
    return repr(text) if len(text) <= 60 else repr(text[:57]) + "…"  # noqa: PLR2004


def _shape(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "empty" if is_null(node) else f"the text {_short(str(node.value))}"
