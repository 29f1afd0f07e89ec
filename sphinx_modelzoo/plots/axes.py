"""What can stand along an axis, and what each result has of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sphinx_modelzoo.manifest.amounts import scaled
from sphinx_modelzoo.manifest.model import Entry, Result, Zoo
from sphinx_modelzoo.plots.model import Axis

_OF_ENTRIES = {
    "parameters": Axis("parameters", "Parameters", better="lower", noun="parameters"),
    "size": Axis("size", "Size", unit="B", better="lower", noun="size"),
    "year": Axis("year", "Year", better="lower", whole=True, noun="year"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A result's value along an axis: bare, and as readers see it."""

    raw: str
    text: str


def x_axes(zoo: Zoo) -> dict[str, Axis]:
    """Give every axis that x can be, by key. Of years the earlier is better: the first to be so."""
    return {**y_axes(zoo), **_OF_ENTRIES}


def y_axes(zoo: Zoo) -> dict[str, Axis]:
    """Give every axis that y can be, by key: the metrics."""
    return {
        key: Axis(key, metric.title, metric.unit, metric.direction)
        for key, metric in zoo.metrics.items()
    }


def default_y(zoo: Zoo, dataset: str = "", taken: Collection[str] = ()) -> str:
    """Give the first metric that the results on a data set have; empty where there is none."""
    rows = [result for _, result in zoo.rows(dataset)]
    keys = (key for key in zoo.metrics if key not in taken)
    return next((key for key in keys if any(key in row.numbers for row in rows)), "")


def default_x(zoo: Zoo, dataset: str = "", taken: Collection[str] = ()) -> str:
    """Give the first that any result has: parameters, size, year, another metric; else empty."""
    rows = list(zoo.rows(dataset))
    for key in _OF_ENTRIES:
        if any(value_of(zoo, entry, result, key) for entry, result in rows):
            return key
    return default_y(zoo, dataset, taken)


def value_of(zoo: Zoo, entry: Entry, result: Result, key: str) -> Value | None:
    """Give what a result has along an axis, if anything."""
    match key:
        case "parameters":
            count = entry.parameters
            return None if count is None else Value(str(count), scaled(count))
        case "size":
            return None if entry.size is None else Value(str(entry.size), scaled(entry.size, "B"))
        case "year":
            year = _year(zoo, entry)
            return Value(year, year) if year else None
    number = result.numbers.get(key)
    if number is None:
        return None
    text = f"{number.text}\N{NO-BREAK SPACE}{zoo.metrics[key].unit}"
    return Value(f"{number.value:f}", text.strip())


def _year(zoo: Zoo, entry: Entry) -> str:
    """Give the year of an entry's release, else of the first of its papers."""
    if entry.released:
        return entry.released[:4]
    paper = zoo.papers[entry.papers[0]] if entry.papers else None
    return str(paper.year) if paper and paper.year else ""
