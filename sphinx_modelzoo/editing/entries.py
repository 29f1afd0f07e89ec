"""Adding an entry to a manifest, in the style of the entries that are there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from sphinx_modelzoo.editing.document import Document, Edit, is_flow, member, models, open_document
from sphinx_modelzoo.editing.fields import joined, key_order
from sphinx_modelzoo.editing.mappings import Value, is_json, pair_text, set_value
from sphinx_modelzoo.editing.save import Change, reread
from sphinx_modelzoo.editing.targets import entry_node
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.model import Entry, Zoo


def add_entry(zoo: Zoo, values: Mapping[str, Value]) -> list[Change]:
    """Give the changes that add an entry with these fields.

    It stands behind the last entry of its name, else behind the last on its data set, else at the
    end. One entry of its name stays the default: the one that was, or the new one where
    ``default`` is ``true`` among its fields.

    Raises:
        ManifestError: the manifest would be wrong.
        CallError: the list ``models`` is written in a way that this cannot add to.
    """
    order = key_order(zoo)
    values = {key: values[key] for key in sorted(values, key=lambda key: _rank(key, order))}
    edits: dict[Path, list[Edit]] = {}
    documents: dict[Path, Document] = {}
    for entry, flag in _defaults(zoo, values):
        document = _document(zoo, entry, documents)
        node = entry_node(document, zoo, entry)
        edit = set_value(document, node, "default", flag, order)
        edits.setdefault(document.path, []).append(edit)
    neighbour = _neighbour(zoo, values)
    if neighbour is None:
        document = documents.setdefault(zoo.path, open_document(zoo.path))
        edit = _first(document, values)
    else:
        document = _document(zoo, neighbour, documents)
        edit = _behind(document, entry_node(document, zoo, neighbour), values)
    edits.setdefault(document.path, []).append(edit)
    changes = [
        Change(path, documents[path].data, documents[path].edited(joined(made)))
        for path, made in edits.items()
    ]
    reread(zoo.path, {change.path: change.after for change in changes})
    return changes


def _rank(key: str, order: tuple[str, ...]) -> int:
    return order.index(key) if key in order else len(order)


def _document(zoo: Zoo, entry: Entry, documents: dict[Path, Document]) -> Document:
    path = next(file for file in zoo.files if str(file) == entry.place.path)
    if path not in documents:
        documents[path] = open_document(path)
    return documents[path]


def _defaults(zoo: Zoo, values: Mapping[str, Value]) -> list[tuple[Entry, str]]:
    """Give the entry of the same name whose ``default`` must be said, or taken away."""
    same = [entry for entry in zoo.entries if entry.name == values["name"] and entry.default]
    if values.get("default") == "true":
        return [(entry, "false") for entry in same if "default" in entry.places]
    return [(entry, "true") for entry in same if "default" not in entry.places]


def _neighbour(zoo: Zoo, values: Mapping[str, Value]) -> Entry | None:
    def on_its_dataset(entry: Entry) -> bool:
        return any(result.dataset == values.get("dataset") for result in entry.results)

    named = [entry for entry in zoo.entries if entry.name == values["name"]]
    near = [entry for entry in zoo.entries if on_its_dataset(entry)]
    return next((group[-1] for group in (named, near, zoo.entries) if group), None)


def _behind(document: Document, node: yaml.MappingNode, values: Mapping[str, Value]) -> Edit:
    """Write an entry behind another one, in its style."""
    text, newline = document.text, document.newline(node.start_mark.index)
    end = document.content_end(node)
    start = node.start_mark.index
    before = text[document.line_start(start) : start]
    pair = member(document.root, "models")
    if pair is not None and is_flow(pair[1]):
        gap = f"{newline}{before}" if not before.strip() else " "
        return Edit(end, end, f",{gap}{_flow(document, node, values)}")
    if before.strip() == "-":
        dash, gap = " " * before.index("-") + "-", before[before.index("-") + 1 :]
    else:  # the dash stands on a line of its own, or an anchor stands between
        first = pair[1].start_mark if pair is not None else node.start_mark
        dash, gap = " " * _dash_column(document, first) + "-", " "
    position = document.line_end(end)
    lines = [_flow(document, node, values)] if is_flow(node) else _lines(document, values)
    indent = " " * len(dash + gap)
    blank = newline if _apart(document, node) else ""
    body = f"{newline}{indent}".join(lines)
    return Edit(position, position, f"{newline}{blank}{dash}{gap}{body}")


def _dash_column(document: Document, mark: yaml.Mark) -> int:
    """Give the column of the first dash at or behind a mark."""
    position = document.text.index("-", mark.index)
    return position - document.line_start(position)


def _first(document: Document, values: Mapping[str, Value]) -> Edit:
    """Write the first entry of a manifest."""
    root, text = document.root, document.text
    if root is None or is_flow(root):
        what = "the manifest has no list 'models' to add to"
        raise CallError(Problem(what, "add the first entry by hand", str(document.path)))
    newline = document.newline(len(text))
    body = f"{newline}    ".join(_lines(document, values))
    item = f"{newline}  - {body}"
    pair = member(root, "models")
    if pair is None:
        break_ = "" if not text or text.endswith(("\n", "\r")) else newline
        return Edit(len(text), len(text), f"{break_}{newline}models:{item}{newline}")
    after = document.after_colon(pair[0])
    if after is None:
        what = "the list 'models' is written in a way that cannot be added to"
        raise CallError(Problem(what, "add the first entry by hand", str(document.path)))
    start, end = document.value_span(*pair)
    if start == end:
        position = document.line_end(after)
        return Edit(position, position, item)
    return Edit(after, end, item)


def _lines(document: Document, values: Mapping[str, Value]) -> list[str]:
    return [
        pair_text(document, key, value, json=False, flow=False) for key, value in values.items()
    ]


def _flow(document: Document, like: yaml.MappingNode, values: Mapping[str, Value]) -> str:
    json = is_json(document, like)
    pairs = (pair_text(document, key, value, json=json, flow=True) for key, value in values.items())
    return "{" + ", ".join(pairs) + "}"


def _apart(document: Document, node: yaml.MappingNode) -> bool:
    """Tell whether the file keeps blank lines between entries such as this one."""
    nodes = models(document)
    index = next(i for i, known in enumerate(nodes) if known is node)
    if len(nodes) == 1:
        return not is_flow(node) and len(node.value) > 1
    first, second = (nodes[index - 1], node) if index else (node, nodes[1])
    between = document.text[document.content_end(first) : second.start_mark.index]
    return any(not line.strip() for line in between.splitlines()[1:-1])
