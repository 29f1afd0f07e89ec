"""Giving a key of a mapping a value: in place where it stands, else as a new key beside the others.

Only the span of the value, or one new line, changes.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from sphinx_modelzoo.editing.document import Document, Edit, Pair, is_flow, member, models
from sphinx_modelzoo.editing.scalars import json_scalar, scalar, text_list
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.nodes import place

Value = str | list[str]


def set_value(
    document: Document, mapping: yaml.MappingNode, key: str, value: Value, order: Sequence[str]
) -> Edit:
    """Give the edit that sets a key of a mapping.

    A new key stands behind the last one that comes before it in ``order``.

    Raises:
        CallError: the value is written in a way that cannot be changed without losing something.
    """
    pair = member(mapping, key)
    if pair is None:
        return _new_pair(document, mapping, key, value, order)
    return _new_value(document, mapping, pair, value)


def pair_text(document: Document, key: str, value: Value, *, json: bool, flow: bool) -> str:
    """Write a key with its value, in the style that the file uses for this key."""
    name = json_scalar(key) if json else key
    return f"{name}: {_written(document, key, value, json=json, flow=flow)}"


def _written(document: Document, key: str, value: Value, *, json: bool, flow: bool) -> str:
    if json:
        texts = [value] if isinstance(value, str) else value
        parts = [json_scalar(text) for text in texts]
        return parts[0] if isinstance(value, str) else f"[{', '.join(parts)}]"
    style = _usual_style(document, key)
    return scalar(value, style, flow=flow) if isinstance(value, str) else text_list(value, style)


def _new_value(document: Document, mapping: yaml.MappingNode, pair: Pair, value: Value) -> Edit:
    key, node = pair
    start, end = document.value_span(key, node)
    after = document.after_colon(key)
    if after is None and not is_flow(mapping):
        raise _by_hand(document, key, "is not followed by a colon on its line")
    alias = node.start_mark.index < key.start_mark.index
    flow = is_flow(mapping)
    if isinstance(value, list) or (isinstance(node, yaml.CollectionNode) and not alias):
        begin = start if after is None else min(start, after)
        if isinstance(value, str):
            raise _by_hand(document, key, "has a list or a mapping as its value")
        if "#" in document.text[begin:end]:
            raise _by_hand(document, key, "has comments inside its value")
        if document.text[node.start_mark.index] == "&" and not alias:
            raise _by_hand(document, key, "carries an anchor")
        return Edit(begin, end, " " + _written(document, key.value, value, json=False, flow=flow))
    style = node.style if isinstance(node, yaml.ScalarNode) and not alias else None
    text = scalar(value, style, flow=flow)
    if after is None:
        return Edit(end, end, f": {text}")
    spaced = start < end or start > after
    return Edit(start, end, text if spaced else f" {text}")


def _new_pair(
    document: Document, mapping: yaml.MappingNode, key: str, value: Value, order: Sequence[str]
) -> Edit:
    if not mapping.value:
        raise _by_hand(document, mapping, "has no field yet")
    before = _predecessor(mapping, key, order)
    end = document.pair_end(before)
    json = is_json(document, mapping)
    flow = is_flow(mapping)
    text = pair_text(document, key, value, json=json, flow=flow)
    if flow:
        return Edit(end, end, f", {text}")
    indent = " " * mapping.value[0][0].start_mark.column
    position = document.line_end(end)
    return Edit(position, position, f"{document.newline(position)}{indent}{text}")


def is_json(document: Document, mapping: yaml.MappingNode) -> bool:
    """Tell whether a mapping is written as JSON: in braces, its first key in double quotes."""
    start = mapping.value[0][0].start_mark.index
    return is_flow(mapping) and document.text[start : start + 1] == '"'


def _predecessor(mapping: yaml.MappingNode, key: str, order: Sequence[str]) -> Pair:
    ranks = {name: rank for rank, name in enumerate(order)}
    own = ranks.get(key, len(ranks))
    found: Pair = mapping.value[0]
    for pair in mapping.value:
        if ranks.get(pair[0].value, len(ranks)) < own:
            found = pair
    return found if key in ranks else mapping.value[-1]


def _usual_style(document: Document, key: str) -> str | None:
    """Give the quotes that the file's last entry with this key uses for it."""
    for entry in reversed(models(document)):
        pair = member(entry, key)
        if pair and isinstance(pair[1], yaml.ScalarNode):
            return pair[1].style if pair[1].style in ("'", '"') else None
    return None


def _by_hand(document: Document, node: yaml.Node, what: str) -> CallError:
    name = f"{node.value!r}" if isinstance(node, yaml.ScalarNode) else "the mapping"
    where = str(place(node, str(document.path)))
    return CallError(Problem(f"{name} {what}", "change it by hand", where))
