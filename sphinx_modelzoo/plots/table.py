"""A plot's data as a table: for readers as texts, for programs as CSV."""

from __future__ import annotations

import csv
from io import StringIO

from sphinx_modelzoo.plots.model import Plot, Point


def columns(plot: Plot) -> list[str]:
    """Give the titles of the table's columns; what no point has is left out."""
    return [title for title, _ in _cells(plot)]


def rows(plot: Plot) -> list[list[str]]:
    """Give the cells of each point, the model's label first, in the manifest's order."""
    return [list(row) for row in zip(*(cells for _, cells in _cells(plot)), strict=True)]


def csv_text(plot: Plot) -> str:
    """Give the plot's data as CSV (RFC 4180): bare numbers, with the ends of the intervals."""
    out = StringIO()
    writer = csv.writer(out)
    head = ("model", "hashtag", "dataset", "protocol", plot.x.key, plot.y.key)
    writer.writerow((*head, "low", "high", "count", "status"))
    writer.writerows(_record(point) for point in plot.points)
    return out.getvalue()


def _cells(plot: Plot) -> list[tuple[str, list[str]]]:
    points = plot.points
    with_groups = bool(plot.groups)
    every = [
        ("Model", [point.label for point in points]),
        ("Group", [point.group if with_groups else "" for point in points]),
        (plot.x.title, [point.x_text for point in points]),
        (plot.y.title, [point.y_text for point in points]),
        ("Count", [point.count for point in points]),
        ("Status", [point.status_text for point in points]),
    ]
    return [(title, cells) for title, cells in every if any(cells)]


def _record(point: Point) -> tuple[str | float | None, ...]:
    return (
        point.name,
        point.hashtag,
        point.dataset,
        point.protocol,
        point.x_raw,
        point.y_raw,
        None if point.low is None else round(point.low, 4),
        None if point.high is None else round(point.high, 4),
        point.count,
        point.status_text,
    )
