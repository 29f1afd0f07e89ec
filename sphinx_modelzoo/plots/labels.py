"""Names beside points: none covers another, a point, or the plot's edge.

Greedy and deterministic: the names come in the order of their importance, and each takes the best
of the free places around its point, first close to it, then further off with a thin line that
leads back. A name for which there is no place is left out.

The places and their order follow E. Imhof, Positioning Names on Maps (1975): right before left,
above before below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sphinx_modelzoo.plots.boxes import Box, Boxes

_GAP = 2.0
_FAR = (13.0, 22.0)
_LEADER_STEPS = 6
_LEADER_WIDTH = 1.0
_FAR_COST = 3
_CROSSING_COST = 2
# Where the name stands from its point: the signs of its x and y distance.
_AROUND = ((1, 0), (1, -1), (-1, 0), (-1, -1), (0, -1), (1, 1), (-1, 1), (0, 1))
_ANCHORS = {1: "start", 0: "middle", -1: "end"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name to place: its point's position in the plot and on the canvas, and its width."""

    index: int
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A name's place: its ``box``, and which end of the text is held at ``x``.

    ``leader`` is the line from the point to a name that stands further off.
    """

    index: int
    box: Box
    anchor: str
    x: float
    leader: tuple[tuple[float, float], tuple[float, float]] | None = None


def place_names(
    names: Sequence[Name],
    *,
    height: float,
    radius: float,
    area: Box,
    points: Boxes,
    lines: Boxes,
) -> list[Placed]:
    """Place names of one height around points of one radius, the most important name first.

    Names stay inside ``area`` and off all ``points``; they keep off ``lines`` where they can.
    """
    taken = Boxes()
    placed: list[Placed] = []
    for name in names:
        best: tuple[int, Placed] | None = None
        for cost, place in _places(name, height, radius):
            if best is not None and best[0] <= cost:
                break
            if not (area.holds(place.box) and points.free(place.box) and taken.free(place.box)):
                continue
            trail = _trail(place)
            if not all(taken.free(step) and points.free(step) for step in trail):
                continue
            whole = cost + _CROSSING_COST * lines.touched_by(place.box)
            if best is None or whole < best[0]:
                best = whole, place
        if best is not None:
            placed.append(best[1])
            for box in (best[1].box, *_trail(best[1])):
                taken.add(box)
    return placed


def _places(name: Name, height: float, radius: float) -> Iterator[tuple[int, Placed]]:
    """Give the places around a point, each with its cost; costs never fall."""
    near = radius + _GAP
    for sides in _AROUND:
        yield 0, _place(name, height, sides, near)
    for ring, far in enumerate(_FAR, start=1):
        for sides in _AROUND:
            away = radius + far * (0.75 if all(sides) else 1)
            place = _place(name, height, sides, away)
            start = (name.x + sides[0] * radius, name.y + sides[1] * radius)
            end = (place.x - sides[0], name.y + sides[1] * away)
            yield ring * _FAR_COST, replace(place, leader=(start, end))


def _place(name: Name, height: float, sides: tuple[int, int], away: float) -> Placed:
    x, y = name.x + sides[0] * away, name.y + sides[1] * away
    left = x - name.width * (1 - sides[0]) / 2
    top = y - height * (1 - sides[1]) / 2
    box = Box(left, top, left + name.width, top + height)
    return Placed(name.index, box, _ANCHORS[sides[0]], x)


def _trail(place: Placed) -> list[Box]:
    """Give small boxes along a name's leader, without its ends, which touch point and name."""
    if place.leader is None:
        return []
    (x0, y0), (x1, y1) = place.leader
    boxes = []
    for step in range(1, _LEADER_STEPS):
        x = x0 + (x1 - x0) * step / _LEADER_STEPS
        y = y0 + (y1 - y0) * step / _LEADER_STEPS
        half = _LEADER_WIDTH / 2
        boxes.append(Box(x - half, y - half, x + half, y + half))
    return boxes
