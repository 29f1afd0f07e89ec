"""From a plot to a scene: where everything stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sphinx_modelzoo.plots.boxes import Box, Boxes
from sphinx_modelzoo.plots.extents import ascent, shortened, text_height, text_width
from sphinx_modelzoo.plots.labels import Name, place_names
from sphinx_modelzoo.plots.legend import legend
from sphinx_modelzoo.plots.model import Axis, Labels, Plot, Point
from sphinx_modelzoo.plots.quantities import tick_texts
from sphinx_modelzoo.plots.scale import Scale, span, ticks
from sphinx_modelzoo.plots.scene import Ink, Line, Mark, Scene, Shape, Spot, Text
from sphinx_modelzoo.plots.words import described, notes, point_text

WIDTH = 640.0
RADIUS = 4.5
_HEIGHT = 360.0
_SIZE = 12.0
_NAME = 11.0
_SIDE = 10.0
_CLEAR = 1.0
_SEEN = 2.0
_FRONT_WIDTH = 1.6
_BAR_WIDTH = 1.2
_SMALLER_MARKS_FROM = 60
_SMALL = 3.2


@dataclass(frozen=True, slots=True)
class _Area:
    """The rectangle of the axes, with its scales."""

    box: Box
    x: Scale
    y: Scale


def lay_out(plot: Plot) -> Scene:
    """Lay out a plot of at least one point."""
    y_ends, y_ticks = _axis(plot.y, [value for p in plot.points for value in _ends(p)])
    x_ends, x_ticks = _axis(plot.x, [point.x for point in plot.points])
    y_texts, y_unit = tick_texts(y_ticks, plot.y.unit)
    x_texts, x_unit = tick_texts(x_ticks, plot.x.unit)

    radius = _SMALL if len(plot.points) >= _SMALLER_MARKS_FROM else RADIUS
    bars = _bars_show(plot, Scale(*y_ends, _HEIGHT, 0.0, plot.y.log), radius)
    key, top = legend(plot, 2.0, WIDTH - 2, bars=bars)
    left = max(text_width(text, _SIZE) for text in y_texts) + 10 if y_texts else 10.0
    box = Box(left, top + 28, WIDTH - _SIDE, top + 28 + _HEIGHT)
    area = _Area(
        box,
        Scale(*x_ends, box.left, box.right, plot.x.log),
        Scale(*y_ends, box.bottom, box.top, plot.y.log),
    )
    frame: list[Line | Text | Mark] = [*key]
    frame.append(Text(2.0, top + 14, axis_title(plot.y, y_unit), _SIZE))
    frame += _y_axis(area, [float(tick) for tick in y_ticks], y_texts)
    frame += _x_axis(area, [float(tick) for tick in x_ticks], x_texts)
    middle = (box.left + box.right) / 2
    frame.append(Text(middle, box.bottom + 40, axis_title(plot.x, x_unit), _SIZE, "middle"))

    fronts = list(_fronts(plot, area, radius))
    spots = [_spot(plot, point, area, radius) for point in plot.points]
    names, unlabelled = _names(plot, area, radius, spots, fronts)
    remarks = tuple(notes(plot, unlabelled, bars=bars))
    return Scene(
        width=WIDTH,
        height=box.bottom + 48,
        title=plot.title,
        description=described(plot, remarks),
        notes=remarks,
        frame=(*frame, *fronts),
        spots=tuple(spots),
        names=names,
    )


def axis_title(axis: Axis, unit: str) -> str:
    """Give an axis's title with its unit in brackets, as far as there is room."""
    title = f"{axis.title} ({unit})" if unit else axis.title
    return shortened(title, _SIZE, WIDTH - 80)


def _ends(point: Point) -> Iterator[float]:
    yield point.y
    if point.low is not None and point.high is not None:
        yield from (point.low, point.high)


def _bars_show(plot: Plot, scale: Scale, radius: float) -> bool:
    """Tell whether any error bar reaches so far beyond its mark that it can be seen."""
    return any(
        abs(scale.at(end) - scale.at(point.y)) > radius + _SEEN
        for point in plot.points
        for end in _ends(point)
        if end > 0 or not plot.y.log
    )


def _axis(axis: Axis, values: Sequence[float]) -> tuple[tuple[float, float], list[Decimal]]:
    if axis.log:  # an interval may reach down to zero, which no logarithmic scale has
        values = [value for value in values if value > 0]
    ends = span(values, log=axis.log, whole=axis.whole, percent=axis.unit == "%")
    return ends, ticks(*ends, log=axis.log, whole=axis.whole)


def _y_axis(area: _Area, values: Sequence[float], texts: Sequence[str]) -> Iterator[Line | Text]:
    box = area.box
    for value, text in zip(values, texts, strict=True):
        y = area.y.at(value)
        yield Line(((box.left, y), (box.right, y)), 1.0, Ink.FAINT)
        yield Text(box.left - 6, y + 0.36 * _SIZE, text, _SIZE, "end", Ink.SOFT)


def _x_axis(area: _Area, values: Sequence[float], texts: Sequence[str]) -> Iterator[Line | Text]:
    box = area.box
    yield Line(((box.left, box.bottom), (box.right, box.bottom)), 1.0, Ink.SOFT)
    for value, text in zip(values, texts, strict=True):
        x = area.x.at(value)
        yield Line(((x, box.bottom), (x, box.bottom + 4)), 1.0, Ink.SOFT)
        half = text_width(text, _SIZE) / 2
        middle = max(half, min(x, WIDTH - half))
        yield Text(middle, box.bottom + 20, text, _SIZE, "middle", Ink.SOFT)


def _group(plot: Plot, point: Point) -> int:
    """Give the number of a point's group; what is in no group of its own is in the last."""
    if not plot.groups:
        return 0
    return plot.groups.index(point.group) if point.group in plot.groups else len(plot.groups) - 1


def _spot(plot: Plot, point: Point, area: _Area, radius: float) -> Spot:
    x, y = area.x.at(point.x), area.y.at(point.y)
    group = _group(plot, point)
    bars = []
    if point.low is not None and point.high is not None:
        low = point.low if point.low > 0 or not plot.y.log else area.y.low
        top, bottom = area.y.at(point.high), area.y.at(low)
        pieces = ((top, y - radius), (y + radius, bottom))
        bars = [Line(((x, a), (x, b)), _BAR_WIDTH, group=group) for a, b in pieces if b > a]
    mark = Mark(x, y, radius, Shape(group), group, point.status, tuple(bars))
    return Spot(mark, point.key, point_text(plot, point))


def _fronts(plot: Plot, area: _Area, radius: float) -> Iterator[Line]:
    """Give the fronts as steps: up to which y one gets for an x, or for less."""
    edge = area.box.right if plot.x.better == "lower" else area.box.left
    way = 1 if plot.x.better == "lower" else -1
    for front in plot.fronts:
        places = [(area.x.at(plot.points[i].x), area.y.at(plot.points[i].y)) for i in front]
        places = list(dict.fromkeys(places))
        # Several fronts have the colours of their groups, where these are the data sets.
        groups = {_group(plot, plot.points[index]) for index in front}
        group = min(groups) if len(plot.fronts) > 1 and len(groups) == 1 else None
        for (x, y), following in zip(places, [*places[1:], None], strict=True):
            end, next_y = following or (edge, y)
            start = x + way * radius
            if (end - start) * way > 0:
                yield Line(((start, y), (end, y)), _FRONT_WIDTH, Ink.SOFT, group)
            stop = next_y + radius * (1 if next_y < y else -1)
            if following and abs(next_y - y) > radius:
                yield Line(((end, y), (end, stop)), _FRONT_WIDTH, Ink.SOFT, group)


def _names(
    plot: Plot, area: _Area, radius: float, spots: Sequence[Spot], fronts: Sequence[Line]
) -> tuple[tuple[Line | Text, ...], int]:
    """Give the names beside the points, those on a front first, and how many found no room."""
    first = list(dict.fromkeys(index for front in plot.fronts for index in front))
    better = -1 if plot.y.better == "lower" else 1
    rest = sorted(
        set(range(len(plot.points))) - set(first),
        key=lambda index: (-better * plot.points[index].y, index),
    )
    wanted = {Labels.NONE: [], Labels.FRONT: first, Labels.ALL: [*first, *rest]}[plot.labels]
    placed = place_names(
        [
            Name(i, spots[i].mark.x, spots[i].mark.y, text_width(plot.points[i].label, _NAME))
            for i in wanted
        ],
        height=text_height(_NAME),
        radius=radius,
        area=area.box,
        points=Boxes(_around(spot.mark.x, spot.mark.y, radius + _CLEAR) for spot in spots),
        lines=Boxes(
            _line_box(line)
            # A front counts twice: it is the stronger line.
            for line in (*fronts, *fronts, *(bar for s in spots for bar in s.mark.bars))
        ),
    )
    parts: list[Line | Text] = []
    for place in placed:
        if place.leader:
            parts.append(Line(place.leader, 0.8, Ink.SOFT))
        baseline = place.box.top + ascent(_NAME)
        label = plot.points[place.index].label
        parts.append(Text(place.x, baseline, label, _NAME, place.anchor))
    return tuple(parts), len(wanted) - len(placed)


def _around(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, x + radius, y + radius)


def _line_box(line: Line) -> Box:
    xs, ys = zip(*line.points, strict=True)
    half = line.width / 2
    return Box(min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half)
