"""The columns that a table can have, and how its rows are put in order by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from sphinx_modelzoo.manifest.model import Entry, Result, Zoo
from sphinx_modelzoo.receipts.model import Status, StatusKind


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: an entry's result, with the status of each of its numbers by metric."""

    entry: Entry
    result: Result
    statuses: Mapping[str, Status] = field(default_factory=dict)


class Kind(Enum):
    """What a column's cells hold."""

    NAME = "name"
    PAPER = "paper"
    STATUS = "status"
    METRIC = "metric"
    LINK = "link"
    TEXT = "text"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in ``:columns:``, its title, and what its cells hold."""

    key: str
    title: str
    kind: Kind


_STANDARD = (
    Column("name", "Name", Kind.NAME),
    Column("hashtag", "Hashtag", Kind.TEXT),
    Column("paper", "Paper", Kind.PAPER),
    Column("status", "Status", Kind.STATUS),
    Column("dataset", "Data set", Kind.TEXT),
    Column("protocol", "Protocol", Kind.TEXT),
    Column("license", "License", Kind.TEXT),
    Column("parameters", "Parameters", Kind.AMOUNT),
    Column("size", "Size", Kind.AMOUNT),
)


def columns_of(zoo: Zoo) -> dict[str, Column]:
    """Give every column that a zoo's tables can have, by key: ours, metrics, links."""
    columns = {column.key: column for column in _STANDARD}
    for key, metric in zoo.metrics.items():
        columns.setdefault(key, Column(key, metric.title, Kind.METRIC))
    for key, link in zoo.links.items():
        columns.setdefault(key, Column(key, link.title, Kind.LINK))
    return columns


def default_columns(zoo: Zoo, dataset: str) -> tuple[str, ...]:
    """Give the columns of a table that does not say which.

    These are the name, the metrics that its rows have, the hashtag, and the links that its rows
    have; the data set where there are several, and the protocol where nothing else tells two
    rows apart.
    """
    rows = list(zoo.rows(dataset))
    several = len({result.dataset for _, result in rows}) > 1
    alike = Counter((entry.key, result.dataset) for entry, result in rows)
    metrics = [key for key in zoo.metrics if any(key in result.numbers for _, result in rows)]
    hashtag = ["hashtag"] if any(entry.hashtag for entry, _ in rows) else []
    links = [key for key in zoo.links if any(key in result.links for _, result in rows)]
    return (
        "name",
        *(["dataset"] if several else []),
        *(["protocol"] if max(alike.values(), default=0) > 1 else []),
        *metrics,
        *hashtag,
        *links,
    )


_TEXTS: Mapping[str, Callable[[Zoo, Row], str]] = {
    "hashtag": lambda _, row: row.entry.hashtag,
    "dataset": lambda zoo, row: zoo.datasets[row.result.dataset].title,
    "protocol": lambda _, row: row.result.protocol,
    "license": lambda _, row: row.entry.license,
    "parameters": lambda _, row: _scaled(row.entry.parameters, ""),
    "size": lambda _, row: _scaled(row.entry.size, "B"),
}


def text_of(zoo: Zoo, column: Column, row: Row) -> str:
    """Give the text of a cell that is only text; empty where there is nothing to show."""
    if column.kind is Kind.METRIC:
        number = row.result.numbers.get(column.key)
        return number.text if number else ""
    return _TEXTS[column.key](zoo, row)


def _scaled(amount: int | None, unit: str) -> str:
    """Give an amount with three digits and a decimal prefix: 23.9M, 91.2 MB."""
    if amount is None:
        return ""
    value, prefix = Decimal(amount), ""
    for step in ("k", "M", "G", "T"):
        if value < Decimal("999.5"):
            break
        value, prefix = value / 1000, step
    digits = 0 if not prefix or value >= Decimal("99.95") else 1 if value >= Decimal("9.995") else 2
    return f"{value:.{digits}f}{' ' if unit else ''}{prefix}{unit}"


def in_order(zoo: Zoo, rows: Sequence[Row], order: str) -> list[Row]:
    """Give the rows by a column, descending where ``order`` begins with a hyphen.

    Numbers count as numbers; rows without a value come last either way; rows that are equal, and
    all rows where ``order`` is empty, stay as they are.
    """
    if not order:
        return list(rows)
    column = columns_of(zoo)[order.removeprefix("-")]
    values = [(_sort_value(zoo, column, row), row) for row in rows]
    known = [(value, row) for value, row in values if value is not None]
    known.sort(key=lambda pair: pair[0], reverse=order.startswith("-"))
    return [row for _, row in known] + [row for value, row in values if value is None]


_RANKS = (StatusKind.VERIFIED, StatusKind.CLAIMED, StatusKind.STALE, StatusKind.REFUTED)


def _sort_value(zoo: Zoo, column: Column, row: Row) -> tuple[Decimal, str] | None:
    """Give what a row is sorted by: a number, a text, or nothing where the cell is blank."""
    number: Decimal | int | None = None
    text = ""
    match column.kind:
        case Kind.METRIC:
            listed = row.result.numbers.get(column.key)
            number = listed.value if listed else None
        case Kind.AMOUNT:
            number = row.entry.parameters if column.key == "parameters" else row.entry.size
        case Kind.STATUS:
            number = max((_RANKS.index(s.kind) for s in row.statuses.values()), default=None)
        case Kind.PAPER:
            number = min((zoo.papers[key].number for key in row.entry.papers), default=None)
        case Kind.NAME:
            text = row.entry.name
        case Kind.LINK:
            link = row.result.links.get(column.key)
            text = (link.url or link.file) if link else ""
        case Kind.TEXT:
            text = text_of(zoo, column, row)
    if number is not None:
        return Decimal(number), ""
    return (Decimal(0), text.casefold()) if text else None
