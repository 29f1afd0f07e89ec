"""The legend above a plot: what shapes, fillings and lines stand for, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sphinx_modelzoo.plots.extents import shortened, text_width
from sphinx_modelzoo.plots.model import Plot
from sphinx_modelzoo.plots.scene import Ink, Line, Mark, Shape, Text
from sphinx_modelzoo.receipts.model import StatusKind

ROW = 18.0
_SIZE = 12.0
_MARK = 4.5
_SIGN = 16.0
_GAP = 18.0
_LONGEST = 280.0
_LINE = 1.6


@dataclass(frozen=True, slots=True)
class _Item:
    text: str
    sign: str
    group: int | None = None
    status: StatusKind | None = None


def legend(
    plot: Plot, left: float, right: float, *, bars: bool
) -> tuple[list[Line | Mark | Text], float]:
    """Give the legend's parts between two x, from y = 0 downwards, and its height.

    ``bars`` says whether there are error bars to see.
    """
    parts: list[Line | Mark | Text] = []
    x, row = left, 0
    for item in _items(plot, bars=bars):
        text = shortened(item.text, _SIZE, _LONGEST)
        width = _SIGN + text_width(text, _SIZE)
        if x > left and x + width > right:
            x, row = left, row + 1
        y = (row + 0.5) * ROW
        if item.sign == "line":
            ends = ((x, y), (x + _SIGN - 5, y))
            parts.append(Line(ends, _LINE, Ink.SOFT))
        elif item.sign == "bar":
            ends = ((x + _MARK, y - 7), (x + _MARK, y + 7))
            parts.append(Line(ends, 1.2))
        else:
            shape = Shape(item.group or 0)
            mark = Mark(x + _MARK, y, _MARK, shape, item.group, item.status)
            parts.append(mark)
        parts.append(Text(x + _SIGN, y + 0.36 * _SIZE, text, _SIZE))
        x += width + _GAP
    return parts, (row + 1) * ROW if parts else 0.0


def _items(plot: Plot, *, bars: bool) -> Iterator[_Item]:
    for number, group in enumerate(plot.groups):
        yield _Item(group, "mark", number, StatusKind.VERIFIED)
    known = {point.status for point in plot.points}
    for status in StatusKind:
        if status in known:
            yield _Item(status.value, "mark", None, status)
    if any(plot.fronts):
        yield _Item("best so far" if plot.x.key == "year" else "Pareto front", "line")
    if bars:
        yield _Item("95 % interval", "bar")
