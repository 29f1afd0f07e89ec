"""A manifest's file as text with the positions of its nodes, and edits of single spans."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.nodes import compose

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# What ends a line in YAML 1.1, and so in the reader's places.
LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")

# An anchor or a tag in front of a value.
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)*")
_ALIAS = re.compile(r"\s*(\*[^\s,\[\]{}]+)")
_COLON = re.compile(r"[ \t]*:")

Pair = tuple[yaml.Node, yaml.Node]


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Put ``text`` in place of the characters from ``start`` up to, not including, ``end``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a manifest: ``text`` without its byte order mark, and the root of its nodes."""

    path: Path
    data: bytes
    text: str
    root: yaml.Node | None

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Give the file's bytes with the edits made; they must not overlap."""
        parts: list[str] = []
        position = 0
        for edit in sorted(edits):
            if edit.start < position:
                message = f"edits overlap at character {edit.start}"
                raise ValueError(message)
            parts += [self.text[position : edit.start], edit.text]
            position = edit.end
        data = "".join([*parts, self.text[position:]]).encode()
        return BYTE_ORDER_MARK + data if self.data.startswith(BYTE_ORDER_MARK) else data

    def newline(self, position: int) -> str:
        """Give the line break that is in use at a position: that of the line before, or after."""
        before = list(LINE_BREAK.finditer(self.text, 0, position))[-1:]
        near = before[0] if before else LINE_BREAK.search(self.text, position)
        return near[0] if near else "\n"

    def line_end(self, position: int) -> int:
        """Give where the line of a position ends, in front of its line break."""
        found = LINE_BREAK.search(self.text, position)
        return found.start() if found else len(self.text)

    def line_start(self, position: int) -> int:
        """Give where the line of a position starts."""
        ends = [match.end() for match in LINE_BREAK.finditer(self.text, 0, position)]
        return ends[-1] if ends else 0

    def after_colon(self, key: yaml.Node) -> int | None:
        """Give where a key's value may start; None where no colon follows the key on its line."""
        found = _COLON.match(self.text, key.end_mark.index)
        return found.end() if found else None

    def value_span(self, key: yaml.Node, value: yaml.Node) -> tuple[int, int]:
        """Give the span of a pair's own value: an alias itself, not what it stands for.

        An anchor or a tag in front of the value is left out; an empty value has an empty span.
        """
        after = self.after_colon(key)
        start = value.start_mark.index
        if start < key.start_mark.index:
            alias = _ALIAS.match(self.text, key.end_mark.index if after is None else after)
            return alias.span(1) if alias else (start, start)
        end = self.content_end(value)
        properties = _PROPERTIES.match(self.text, start, end)
        return (properties.end() if properties else start), end

    def content_end(self, node: yaml.Node) -> int:
        """Give where a node's last character stands; blank lines and comments after it left out."""
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.CollectionNode) and not is_flow(node) and node.value:
            last = node.value[-1]
            if isinstance(last, tuple):
                return self.pair_end(last)
            if last.start_mark.index >= start:
                return self.content_end(last)
        return int(start + len(self.text[start:end].rstrip()))

    def pair_end(self, pair: Pair) -> int:
        """Give where the last character of a key with its value stands."""
        key, value = pair
        after = self.after_colon(key)
        return max(self.value_span(key, value)[1], key.end_mark.index if after is None else after)


def open_document(path: Path, data: bytes | None = None) -> Document:
    """Read a file of a manifest; with ``data`` these bytes in its place.

    Raises:
        ManifestError: it is not one well-formed YAML document.
        CallError: it cannot be read.
    """
    if data is None:
        try:
            data = path.read_bytes()
        except OSError as error:
            what = f"cannot be read: {(error.strerror or str(error)).lower()}"
            raise CallError(Problem(what, "check the path", str(path))) from error
    root = compose(data, str(path))
    return Document(path, data, data.decode("utf-8-sig"), root)


def member(node: yaml.Node | None, key: str) -> Pair | None:
    """Give a mapping's own pair of a key, not one that ``<<`` brings in; None where it has none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((pair for pair in node.value if pair[0].value == key), None)


def is_flow(node: yaml.Node | None) -> bool:
    """Tell whether a list or a mapping is written in brackets or braces."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def models(document: Document) -> list[yaml.MappingNode]:
    """Give the nodes of the entries in a file, in order."""
    pair = member(document.root, "models")
    items = pair[1].value if pair and isinstance(pair[1], yaml.SequenceNode) else []
    return [item for item in items if isinstance(item, yaml.MappingNode)]
