"""How the lines of a file of YAML hang together: what each begins with, and what it continues."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

import yaml

from sphinx_modelzoo.editing.document import LINE_BREAK, Document, is_flow
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.model import Place

STEP = 2

_ALIAS_ITEM = re.compile(r"-[ \t]+(?=\*)")
_PREFIX = re.compile(r"([ \t]*)((?:-(?:[ \t]+|$))*)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its text without its break, the break, and where it starts in the file."""

    text: str
    ending: str
    start: int

    @property
    def column(self) -> int:
        """The column of its first character that is no blank, from 0."""
        return len(self.text) - len(self.text.lstrip(" \t"))


@dataclass(slots=True)
class Layout:
    """Lines by number from 0, and what is known of each.

    ``prefixes`` gives the indentation and dashes that a line with a key or an item should begin
    with, and the length of what it begins with now. ``shifts`` gives the numbers of lines that
    continue such a line, with how far they move with it; those in ``kept`` are parts of scalars,
    where blanks and blank lines have a meaning.
    """

    lines: list[Line]
    prefixes: dict[int, tuple[int, str]] = field(default_factory=dict)
    shifts: dict[int, int] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)

    def number(self, position: int) -> int:
        """Give the number of the line at a position."""
        return bisect_right(self.lines, position, key=lambda line: line.start) - 1


def lay_out(document: Document) -> Layout:
    """Find how a file's lines hang together.

    Raises:
        CallError: something is written in a way that is not known here.
    """
    layout = Layout(_lines(document.text))
    if document.root is not None:
        _Walk(document, layout).node(document.root, 0, 0)
    return layout


def _lines(text: str) -> list[Line]:
    lines = []
    start = 0
    for match in LINE_BREAK.finditer(text):
        lines.append(Line(text[start : match.start()], match[0], start))
        start = match.end()
    if start < len(text):
        lines.append(Line(text[start:], "", start))
    return lines


@dataclass(frozen=True, slots=True)
class _Walk:
    """Going through the nodes of a file, in the order of its lines."""

    document: Document
    layout: Layout

    def node(self, node: yaml.Node, column: int, shift: int) -> None:
        """Lay out a node that belongs at a column; ``shift`` is how far its parent moves."""
        if isinstance(node, yaml.MappingNode) and not is_flow(node) and node.value:
            for key, value in node.value:
                self._key(key, column)
                self._value(key, value, column)
        elif isinstance(node, yaml.SequenceNode) and not is_flow(node) and node.value:
            position = node.start_mark.index
            for item in node.value:
                position = self._item(item, column, position)
        else:
            self._continued(node, shift)

    def _key(self, key: yaml.Node, column: int) -> None:
        number = self.layout.number(key.start_mark.index)
        before = self._before(key, number)
        if not before.strip():
            self.layout.prefixes[number] = (len(before), " " * column)
        elif number not in self.layout.prefixes:
            raise self._unknown(key)

    def _value(self, key: yaml.Node, value: yaml.Node, column: int) -> None:
        if value.start_mark.index < key.start_mark.index:  # an alias
            return
        if not isinstance(key, yaml.ScalarNode) or self.document.after_colon(key) is None:
            raise self._unknown(key)
        self.node(value, column + STEP, column - key.start_mark.column)

    def _item(self, item: yaml.Node, column: int, position: int) -> int:
        """Lay out an item of a list that stands behind a position; give where it ends."""
        alias = item.start_mark.index < position
        if alias:
            found = _ALIAS_ITEM.search(self.document.text, position)
            number = self.layout.number(found.end() if found else position)
        else:
            number = self._dash_line(item)
        line = self.layout.lines[number]
        start = _PREFIX.match(line.text)
        if start is None or not start[2]:
            raise self._unknown(item)
        if number not in self.layout.prefixes:
            dashes = "- " * start[2].count("-")
            self.layout.prefixes[number] = (start.end(), " " * column + dashes)
        if alias:
            return line.start + len(line.text)
        own = column - self._dash_column(item, number)
        self.node(item, column + STEP, own)
        return self.document.content_end(item)

    def _dash_line(self, item: yaml.Node) -> int:
        """Give the line of an item's dash; the item itself may start on a later one."""
        number = self.layout.number(item.start_mark.index)
        if _PREFIX.fullmatch(self._before(item, number)) and "-" in self._before(item, number):
            return number
        while number > 0:
            number -= 1
            text = self.layout.lines[number].text.strip()
            if text and not text.startswith("#"):
                break
        return number

    def _dash_column(self, item: yaml.Node, number: int) -> int:
        text = self.layout.lines[number].text
        end = item.start_mark.index - self.layout.lines[number].start
        return max(0, text.rfind("-", 0, max(1, min(end, len(text)))))

    def _continued(self, node: yaml.Node, shift: int) -> None:
        """Note the lines below its first that a scalar or a node in brackets stands on."""
        first = self.layout.number(node.start_mark.index)
        block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        end = self.document.content_end(node)
        header = self.document.text[node.start_mark.index : self.document.line_end(end)]
        if block and "+" in header.split("#")[0].splitlines()[0]:
            end = max(end, node.end_mark.index - 1)
        last = self.layout.number(max(node.start_mark.index, end - 1))
        for number in range(first + 1, last + 1):
            self.layout.shifts.setdefault(number, shift)
        if isinstance(node, yaml.ScalarNode):
            self.layout.kept |= set(range(first + 1 if block else first, last + block))
        elif isinstance(node, yaml.CollectionNode):
            self._keep_inner(node, node.start_mark.index)

    def _keep_inner(self, node: yaml.CollectionNode, begin: int) -> None:
        """Keep the inner lines of scalars in brackets that stand on several lines."""
        for part in node.value:
            for inner in part if isinstance(part, tuple) else (part,):
                if inner.start_mark.index < begin:  # an alias
                    continue
                if isinstance(inner, yaml.ScalarNode):
                    first = self.layout.number(inner.start_mark.index)
                    last = self.layout.number(max(begin, inner.end_mark.index - 1))
                    self.layout.kept |= set(range(first, last))
                else:
                    self._keep_inner(inner, begin)

    def _before(self, node: yaml.Node, number: int) -> str:
        start = self.layout.lines[number].start
        return self.document.text[start : node.start_mark.index]

    def _unknown(self, node: yaml.Node) -> CallError:
        mark = node.start_mark
        where = Place(str(self.document.path), mark.line + 1, mark.column + 1)
        what = "fmt does not know this way of writing"
        remedy = "write 'key: value', each key on a line of its own"
        return CallError(Problem(what, remedy, str(where)))
