"""The cells of a parsed table: their text, marks, papers and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from docutils import nodes

from sphinx_modelzoo.exchange.words import clean
from sphinx_modelzoo.manifest.model import Place

_CITATION = re.compile(r"\[([^\]\s]+)\]_+")
_UNRESOLVED = re.compile(r"`?(.*?)`?_{1,2}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text without the papers' numbers, what roles mark in it, papers, links.

    ``links`` are pairs of shown text and address; ``unresolved`` is markup whose target the page
    does not give.
    """

    text: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    papers: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    unresolved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table with its place."""

    cells: tuple[Cell, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its header's titles, its rows, and the headings that it stands under."""

    headings: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[TableRow, ...]
    file: str
    place: Place


def tables(document: nodes.document, path: str) -> Iterator[Table]:
    """Give a page's tables in order."""
    for table in document.findall(nodes.table):
        group = next(iter(table.findall(nodes.tgroup)), None)
        if group is None:
            continue
        head = [row for part in group.findall(nodes.thead) for row in part.findall(nodes.row)]
        body = [row for part in group.findall(nodes.tbody) for row in part.findall(nodes.row)]
        if not head and body:
            head, body = body[:1], body[1:]
        if not head:
            continue
        rows = tuple(TableRow(_cells(row), _place(row, path)) for row in body)
        source = _place(head[-1], path).path
        titles = tuple(_title(cell) for cell in _cells(head[-1]))
        yield Table(headings(table), titles, rows, source, _place(head[-1], path))


def headings(node: nodes.Node) -> tuple[str, ...]:
    """Give the titles of the sections that a node stands in, the outermost first.

    The page's own title is not among them.
    """
    found = []
    current = node.parent
    while current is not None:
        if isinstance(current, nodes.section) and not _is_whole(current):
            found.append(_heading(current))
        current = current.parent
    return tuple(reversed(found))


def page_title(document: nodes.document) -> str:
    """Give a page's own title: that of its only section; else nothing."""
    sections = [child for child in document.children if isinstance(child, nodes.section)]
    return _heading(sections[0]) if len(sections) == 1 else ""


def _heading(section: nodes.section) -> str:
    title = next(iter(section.findall(nodes.title)), None)
    return clean(title.astext()) if title is not None else ""


def _is_whole(section: nodes.section) -> bool:
    """Tell whether a section is the whole page's."""
    parent = section.parent
    return isinstance(parent, nodes.document) and not any(
        isinstance(child, nodes.section) and child is not section for child in parent.children
    )


def _title(cell: Cell) -> str:
    return cell.text.replace("\\", "")


def _place(node: nodes.Element, path: str) -> Place:
    """Give where a row stands: its own line, or the first that something in it has."""
    for each in node.findall():
        line = getattr(each, "line", None)
        if line:
            return Place(str(getattr(each, "source", None) or path), int(line), 1)
    return Place(path, 1, 1)


def _cells(row: nodes.Element) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for entry in row.findall(nodes.entry):
        cells.append(_cell(entry))
        cells += [Cell()] * int(entry.get("morecols", 0))
    return tuple(cells)


def _cell(entry: nodes.Element) -> Cell:
    found = _Found()
    found.take(entry)
    return Cell(
        clean("".join(found.pieces)),
        found.roles,
        tuple(found.papers),
        tuple(found.links),
        tuple(found.unresolved),
    )


@dataclass(slots=True)
class _Found:
    """What the nodes of a cell have said so far."""

    pieces: list[str] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    papers: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)

    def take(self, node: nodes.Node) -> None:
        """Take a node with all that it holds."""
        if isinstance(node, nodes.Text):
            self.pieces.append(str(node))
        elif isinstance(node, nodes.footnote_reference | nodes.citation_reference):
            self.papers.append(clean(node.astext()))
        elif isinstance(node, nodes.problematic):
            self._problematic(node.astext())
        elif isinstance(node, nodes.Element) and not isinstance(node, nodes.system_message):
            self._mark(node)
            for child in node.children:
                self.take(child)

    def _mark(self, node: nodes.Element) -> None:
        if isinstance(node, nodes.reference) and node.get("refuri"):
            self.links.append((clean(node.astext()), node["refuri"]))
        elif isinstance(node, nodes.inline) and node.get("classes"):
            self.roles[node["classes"][0]] = clean(node.astext())
        elif isinstance(node, nodes.paragraph | nodes.list_item):
            self.pieces.append(" ")

    def _problematic(self, text: str) -> None:
        """Take markup that leads nowhere: a citation still has its number."""
        citation = _CITATION.fullmatch(text)
        if citation:
            self.papers.append(citation[1])
        else:
            self.pieces.append(_plain(text))
            self.unresolved.append(text)


def _plain(text: str) -> str:
    """Give what readers saw of a reference that leads nowhere: ``83.6_`` is 83.6."""
    match = _UNRESOLVED.fullmatch(text)
    return match[1] if match else text
