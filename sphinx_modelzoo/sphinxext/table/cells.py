"""Making the cells of a table from the manifest, the same for every builder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_modelzoo.manifest.model import Entry, Link, Zoo
from sphinx_modelzoo.sphinxext.table.cell import Cell, Piece
from sphinx_modelzoo.sphinxext.table.columns import (
    Column,
    Kind,
    Row,
    sort_value,
    text_of,
    uncertainty_of,
)
from sphinx_modelzoo.sphinxext.table.status import status_pieces
from sphinx_modelzoo.sphinxext.table.tagging import tagged_pieces

BEST = Piece(
    "★",
    classes=("zoo-best",),
    formula=r"\star",
    label="the best of its column, or not told apart from it",
)


@dataclass(frozen=True, slots=True)
class Cells:
    """Makes the cells of one table.

    ``downloads`` maps a file beside the manifest to what the build calls it, and ``receipts`` does
    so for the receipts; ``home`` gives the page and id that a model's name leads to, or None where
    it is not to be a link; ``best`` tells whether a row's number of a metric is marked.
    """

    zoo: Zoo
    columns: tuple[Column, ...]
    downloads: Mapping[str, str] = field(default_factory=dict)
    receipts: Mapping[Path, str] = field(default_factory=dict)
    home: Callable[[Entry], tuple[str, str] | None] = lambda _: None
    best: Callable[[str, Row], bool] = lambda _metric, _row: False

    def cell(self, column: Column, row: Row) -> Cell:
        """Give a cell; it is empty where there is nothing to show."""
        match column.kind:
            case Kind.STATUS:
                return self._statuses(column, row)
            case Kind.METRIC:
                return self._number(column, row)
            case Kind.TEXT | Kind.DETAIL | Kind.LINK | Kind.LOAD:
                return _cell(self._line(column, row))
            case _:
                return _cell(self._line(column, row), self._sort(column, row))

    def _line(self, column: Column, row: Row) -> list[Piece]:
        match column.kind:
            case Kind.NAME:
                return self._name(row)
            case Kind.PAPER:
                return self._numbers(row)
            case Kind.LINK:
                link = row.result.links.get(column.key)
                return [self._link(link)] if link else []
            case Kind.LOAD:
                line = text_of(self.zoo, column, row)
                return [Piece(line, classes=("literal",))] if line else []
            case _:
                text = text_of(self.zoo, column, row)
                return [Piece(text)] if text else []

    def _sort(self, column: Column, row: Row) -> str:
        """Give what a cell is sorted by where its own text is not that."""
        value = sort_value(self.zoo, column, row)
        if isinstance(value, str):
            return value
        return "" if value is None else f"{value.normalize():f}"

    def _name(self, row: Row) -> list[Piece]:
        """Give the name; the papers' numbers follow it unless they have their own column."""
        tags = (self.zoo.tags[key] for key in row.entry.tags)
        name = tagged_pieces(row.entry.name, tags, self.home(row.entry))
        if any(column.kind is Kind.PAPER for column in self.columns):
            return name
        numbers = self._numbers(row)
        return [*name, Piece(" "), *numbers] if numbers else name

    def _numbers(self, row: Row) -> list[Piece]:
        pieces: list[Piece] = []
        for key in row.entry.papers:
            if pieces:
                pieces.append(Piece(" "))
            pieces.append(Piece(f"[{self.zoo.papers[key].number}]", paper=key))
        return pieces

    def _number(self, column: Column, row: Row) -> Cell:
        number = row.result.numbers.get(column.key)
        if number is None:
            return Cell()
        pieces = [Piece(number.text)]
        marked = self.best(column.key, row)
        if marked:
            pieces += [Piece(" "), BEST]
        known = uncertainty_of(self.zoo, self.zoo.metrics[column.key], row)
        plain = not marked and _is_plain(number.text)
        sort = "" if plain else f"{number.value.normalize():f}"
        return Cell((tuple(pieces),), sort=sort, title=known.text() if known else "")

    def _link(self, link: Link) -> Piece:
        if link.url:
            return Piece(link.text, url=link.url)
        return Piece(link.text, file=self.downloads.get(link.file, ""))

    def _statuses(self, column: Column, row: Row) -> Cell:
        """Give the status of each number that the table shows, or of all where it shows none."""
        shown = {column.key for column in self.columns if column.kind is Kind.METRIC}
        found = {key: row.statuses[key] for key in row.statuses if not shown or key in shown}
        lines = []
        for key, status in found.items():
            title = [Piece(f"{self.zoo.metrics[key].title}: ")] if len(found) > 1 else []
            file = self.receipts.get(status.receipt, "") if status.receipt else ""
            lines.append((*title, *status_pieces(status, file)))
        kinds = dict.fromkeys(status.kind.value for status in found.values())
        return Cell(tuple(lines), sort=self._sort(column, row), choices=tuple(kinds))


def _is_plain(text: str) -> bool:
    """Tell whether a number's text is the number itself, without a prefix such as M."""
    return not text[-1:].isalpha()


def _cell(pieces: Iterable[Piece], sort: str = "") -> Cell:
    line = tuple(pieces)
    if sort and sort == "".join(piece.text for piece in line):
        sort = ""
    return Cell((line,) if line else (), sort=sort)
