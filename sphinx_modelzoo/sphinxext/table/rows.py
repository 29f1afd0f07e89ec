"""The rows of a table: which ones, in which order, in which groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.model import NumberKey, Status
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.sphinxext.table.columns import (
    Column,
    Kind,
    Row,
    columns_of,
    sort_value,
    text_of,
)
from sphinx_modelzoo.sphinxext.table.conditions import Condition


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows a table shows: a data set's or all, those that fit all ``conditions``.

    ``order`` are columns' keys, those that sort downwards with a hyphen before them; ``limit`` is
    how many rows are kept, 0 for all; ``group_by`` is a column's key, or empty.
    """

    dataset: str = ""
    conditions: tuple[Condition, ...] = ()
    order: tuple[str, ...] = ()
    group_by: str = ""
    limit: int = 0

    def needs_status(self) -> bool:
        """Tell whether the status of the numbers decides on the rows or their order."""
        keys = {key.removeprefix("-") for key in self.order}
        return "status" in {*keys, self.group_by, *(part.key for part in self.conditions)}


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that stand together under a title; a table without groups has one, without a title."""

    title: str
    rows: tuple[Row, ...]


def select(
    zoo: Zoo, selection: Selection, statuses: Mapping[NumberKey, Status] | None
) -> tuple[list[Group], int]:
    """Give a table's rows in their groups, and how many rows its limit leaves out."""
    columns = columns_of(zoo)
    rows = [
        row
        for row in _rows(zoo, selection.dataset, statuses)
        if all(condition.fits(zoo, columns, row) for condition in selection.conditions)
    ]
    for key in reversed(selection.order):
        rows = in_order(zoo, rows, columns[key.removeprefix("-")], down=key.startswith("-"))
    kept = rows[: selection.limit] if selection.limit else rows
    left_out = len(rows) - len(kept)
    if not selection.group_by:
        return [Group("", tuple(kept))], left_out
    return _grouped(zoo, kept, columns[selection.group_by]), left_out


def _rows(zoo: Zoo, dataset: str, statuses: Mapping[NumberKey, Status] | None) -> Iterable[Row]:
    for entry, result in zoo.rows(dataset):
        if statuses is None:
            yield Row(entry, result)
            continue
        keys = {metric: number_key(entry, result, metric) for metric in zoo.metrics}
        known = {metric: statuses[key] for metric, key in keys.items() if key in statuses}
        yield Row(entry, result, known)


def in_order(zoo: Zoo, rows: Sequence[Row], column: Column, *, down: bool) -> list[Row]:
    """Give rows by a column.

    Numbers count as numbers, and texts without regard to case; rows without a value come last
    either way; rows that are equal stay as they are.
    """
    values = [(sort_value(zoo, column, row), row) for row in rows]
    known = [(_comparable(value), row) for value, row in values if value is not None]
    known.sort(key=lambda pair: pair[0], reverse=down)
    return [row for _, row in known] + [row for value, row in values if value is None]


def _comparable(value: Decimal | str) -> tuple[Decimal, str]:
    return (Decimal(0), value.casefold()) if isinstance(value, str) else (value, "")


def _grouped(zoo: Zoo, rows: Iterable[Row], column: Column) -> list[Group]:
    """Put rows with the same text together, groups in the order of their first rows."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(group_title(zoo, column, row), []).append(row)
    return [Group(title, tuple(members)) for title, members in groups.items()]


def group_title(zoo: Zoo, column: Column, row: Row) -> str:
    """Give the title of the group that a row is in."""
    match column.kind:
        case Kind.NAME:
            text = row.entry.name
        case Kind.STATUS:
            text = " and ".join(dict.fromkeys(s.kind.value for s in row.statuses.values()))
        case Kind.PAPER:
            text = "; ".join(zoo.papers[key].title for key in row.entry.papers)
        case Kind.LINK | Kind.LOAD:
            text = str(sort_value(zoo, column, row) or "")
        case _:
            text = text_of(zoo, column, row)
    return text or f"{column.title}: not given"
