"""The outlines of marks, as corners around the origin; all look about as large as the circle."""

from __future__ import annotations

from math import cos, pi, sin

from sphinx_modelzoo.plots.scene import Shape

_CORNERS: dict[Shape, tuple[int, float, float]] = {
    # how many corners, how far from the middle, and the first one's angle from the top
    Shape.SQUARE: (4, 1.28, pi / 4),
    Shape.TRIANGLE: (3, 1.4, 0.0),
    Shape.DIAMOND: (4, 1.35, 0.0),
    Shape.PENTAGON: (5, 1.2, 0.0),
}

_ROUND = 24


def corners(shape: Shape, radius: float) -> list[tuple[float, float]]:
    """Give the corners of a shape, clockwise on a canvas; a circle has none."""
    if shape not in _CORNERS:
        return []
    count, reach, first = _CORNERS[shape]
    angles = (first + 2 * pi * index / count for index in range(count))
    return [(radius * reach * sin(angle), -radius * reach * cos(angle)) for angle in angles]


def right_half(shape: Shape, radius: float) -> list[tuple[float, float]]:
    """Give the corners of a shape's right half, cut where its sides cross the middle."""
    places = corners(shape, radius) or _round(radius)
    half: list[tuple[float, float]] = []
    for (x0, y0), (x1, y1) in zip(places, [*places[1:], places[0]], strict=True):
        if x0 >= 0:
            half.append((x0, y0))
        if x0 * x1 < 0:
            half.append((0.0, y0 + (y1 - y0) * x0 / (x0 - x1)))
    return half


def _round(radius: float) -> list[tuple[float, float]]:
    angles = (2 * pi * index / _ROUND for index in range(_ROUND))
    return [(radius * sin(angle), -radius * cos(angle)) for angle in angles]
