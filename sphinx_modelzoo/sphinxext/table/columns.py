"""The columns that a table can have, and what their cells say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from sphinx_modelzoo.manifest.amounts import scaled
from sphinx_modelzoo.manifest.loading import load_line
from sphinx_modelzoo.manifest.model import Entry, Metric, Result, Zoo
from sphinx_modelzoo.receipts.model import Status, StatusKind
from sphinx_modelzoo.receipts.uncertainty import Uncertainty, uncertainty


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
    INTERVAL = "interval"
    LINK = "link"
    TEXT = "text"
    AMOUNT = "amount"
    DETAIL = "detail"
    LOAD = "load"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in ``:columns:``, its title, and what its cells hold.

    ``source`` is the metric of an interval, or the title of a detail. ``choice`` says that readers
    choose among its few different texts.
    """

    key: str
    title: str
    kind: Kind
    source: str = ""
    choice: bool = False
    is_number: bool = field(init=False)

    def __post_init__(self) -> None:
        """See whether its cells are numbers."""
        is_number = self.kind in {Kind.METRIC, Kind.INTERVAL, Kind.AMOUNT}
        object.__setattr__(self, "is_number", is_number)

    @property
    def is_word(self) -> bool:
        """Tell whether its cells are single words, whose hyphens are no place for a line end."""
        return self.key in {"released", "license", "protocol"}


_STANDARD = (
    Column("name", "Name", Kind.NAME),
    Column("hashtag", "Hashtag", Kind.TEXT),
    Column("paper", "Paper", Kind.PAPER),
    Column("status", "Status", Kind.STATUS, choice=True),
    Column("dataset", "Data set", Kind.TEXT, choice=True),
    Column("protocol", "Protocol", Kind.TEXT, choice=True),
    Column("license", "License", Kind.TEXT, choice=True),
    Column("parameters", "Parameters", Kind.AMOUNT),
    Column("size", "Size", Kind.AMOUNT),
    Column("released", "Released", Kind.TEXT),
    Column("architecture", "Architecture", Kind.TEXT, choice=True),
    Column("load", "Load", Kind.LOAD),
)


def columns_of(zoo: Zoo) -> dict[str, Column]:
    """Give every column that a zoo's tables can have, by key.

    These are ours, the metrics and their intervals, the links, and the models' details.
    """
    columns = {column.key: column for column in _STANDARD}
    for key, metric in zoo.metrics.items():
        columns.setdefault(key, Column(key, metric.title, Kind.METRIC))
    for key, link in zoo.links.items():
        columns.setdefault(key, Column(key, link.title, Kind.LINK))
    for metric in zoo.metrics.values():
        if metric.top is not None:
            key, title = f"{metric.key}_interval", f"{metric.title}, 95 % interval"
            columns.setdefault(key, Column(key, title, Kind.INTERVAL, source=metric.key))
    for title in dict.fromkeys(title for entry in zoo.entries for title in entry.details):
        key = detail_key(title)
        columns.setdefault(key, Column(key, title, Kind.DETAIL, source=title, choice=True))
    return columns


def detail_key(title: str) -> str:
    """Give the key of a detail's column: ``Pretrained on`` has ``pretrained_on``."""
    return re.sub(r"\W+", "_", title.casefold()).strip("_")


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
    "parameters": lambda _, row: scaled(row.entry.parameters),
    "size": lambda _, row: scaled(row.entry.size, "B"),
    "released": lambda _, row: row.entry.released,
    "architecture": lambda _, row: row.entry.architecture,
    "load": lambda zoo, row: load_line(zoo, row.entry),
}


def text_of(zoo: Zoo, column: Column, row: Row) -> str:
    """Give the text of a cell that is only text; empty where there is nothing to show."""
    match column.kind:
        case Kind.METRIC:
            number = row.result.numbers.get(column.key)
            return number.text if number else ""
        case Kind.INTERVAL:
            known = uncertainty_of(zoo, zoo.metrics[column.source], row)
            return known.interval() if known else ""
        case Kind.DETAIL:
            return row.entry.details.get(column.source, "")
        case _:
            return _TEXTS[column.key](zoo, row)


def uncertainty_of(zoo: Zoo, metric: Metric, row: Row) -> Uncertainty | None:
    """Give the uncertainty of a row's number, where it has one."""
    number = row.result.numbers.get(metric.key)
    if number is None:
        return None
    dataset = zoo.datasets[row.result.dataset]
    return uncertainty(number, metric, dataset, row.statuses.get(metric.key))


RANKS = (
    StatusKind.VERIFIED,
    StatusKind.SPOT,
    StatusKind.CLAIMED,
    StatusKind.STALE,
    StatusKind.REFUTED,
)
"""The kinds of status, the best first."""


def sort_value(zoo: Zoo, column: Column, row: Row) -> Decimal | str | None:
    """Give what a cell is sorted by: a number, a text, or nothing where the cell is blank."""
    number: Decimal | int | None = None
    match column.kind:
        case Kind.METRIC:
            listed = row.result.numbers.get(column.key)
            number = listed.value if listed else None
        case Kind.INTERVAL:
            known = uncertainty_of(zoo, zoo.metrics[column.source], row)
            number = Decimal(repr(known.low)) if known else None
        case Kind.AMOUNT:
            number = row.entry.parameters if column.key == "parameters" else row.entry.size
        case Kind.STATUS:
            number = max((RANKS.index(s.kind) for s in row.statuses.values()), default=None)
        case Kind.PAPER:
            number = min((zoo.papers[key].number for key in row.entry.papers), default=None)
        case Kind.NAME | Kind.LOAD:
            return row.entry.name
        case Kind.LINK:
            link = row.result.links.get(column.key)
            return (link.url or link.file) if link else None
        case Kind.TEXT | Kind.DETAIL:
            return text_of(zoo, column, row) or None
    return None if number is None else Decimal(number)
