"""The classes of the demo data set: ten shapes, each a test of points in the shape's own plane.

Every shape nearly fills the circle of radius 1 about the origin and is its own mirror image, so
that mirrored crops keep their class. Only comparison and the four basic operations are used: IEEE
754 fixes their results, so a mask is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Coordinates = NDArray[np.float64]
Mask = NDArray[np.bool_]
Inside = Callable[[Coordinates, Coordinates], Mask]


def polygon(*corners: tuple[float, float]) -> Inside:
    """Give the test of a polygon's inside, by the even-odd rule."""
    edges = tuple(zip(corners, (*corners[1:], corners[0]), strict=True))

    def inside(u: Coordinates, v: Coordinates) -> Mask:
        mask = np.zeros(u.shape, dtype=np.bool_)
        for (u0, v0), (u1, v1) in edges:
            if v0 != v1:
                crosses = (v0 > v) != (v1 > v)
                mask ^= crosses & (u < u0 + (v - v0) * ((u1 - u0) / (v1 - v0)))
        return mask

    return inside


def disc(radius: float, centre_v: float = 0.0) -> Inside:
    """Give the test of a disc whose centre lies on the axis of symmetry."""

    def inside(u: Coordinates, v: Coordinates) -> Mask:
        across = v - centre_v
        mask: Mask = u * u + across * across <= radius * radius
        return mask

    return inside


def without(outer: Inside, hole: Inside) -> Inside:
    """Give the test of ``outer`` with ``hole`` cut out."""
    return lambda u, v: outer(u, v) & ~hole(u, v)


ARROW = polygon(
    (0.0, 1.0), (0.75, 0.1), (0.28, 0.1), (0.28, -0.9), (-0.28, -0.9), (-0.28, 0.1), (-0.75, 0.1)
)
CROSS = polygon(
    (0.3, 0.93), (0.3, 0.3), (0.93, 0.3), (0.93, -0.3), (0.3, -0.3), (0.3, -0.93),
    (-0.3, -0.93), (-0.3, -0.3), (-0.93, -0.3), (-0.93, 0.3), (-0.3, 0.3), (-0.3, 0.93),
)  # fmt: skip
HEART = polygon(
    (0.0, -0.95), (0.55, -0.4), (0.9, 0.15), (0.88, 0.5), (0.65, 0.72), (0.38, 0.74), (0.12, 0.58),
    (0.0, 0.3), (-0.12, 0.58), (-0.38, 0.74), (-0.65, 0.72), (-0.88, 0.5), (-0.9, 0.15),
    (-0.55, -0.4),
)  # fmt: skip
HOURGLASS = polygon(
    (0.62, 0.78), (0.1, 0.0), (0.62, -0.78), (-0.62, -0.78), (-0.1, 0.0), (-0.62, 0.78)
)
SQUARE = polygon((0.68, 0.68), (0.68, -0.68), (-0.68, -0.68), (-0.68, 0.68))
STAR = polygon(
    (0.0, 1.0), (0.24, 0.32), (0.95, 0.31), (0.38, -0.12), (0.59, -0.81), (0.0, -0.4),
    (-0.59, -0.81), (-0.38, -0.12), (-0.95, 0.31), (-0.24, 0.32),
)  # fmt: skip
TRIANGLE = polygon((0.0, 0.98), (0.85, -0.5), (-0.85, -0.5))

# Alphabetical: the position is the label.
SHAPES: Mapping[str, Inside] = {
    "arrow": ARROW,
    "crescent": without(disc(0.92), disc(0.78, centre_v=0.5)),
    "cross": CROSS,
    "disc": disc(0.8),
    "heart": HEART,
    "hourglass": HOURGLASS,
    "ring": without(disc(0.9), disc(0.45)),
    "square": SQUARE,
    "star": STAR,
    "triangle": TRIANGLE,
}

BAR = polygon((1.0, 0.25), (1.0, -0.25), (-1.0, -0.25), (-1.0, 0.25))
PATCH = polygon((1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0))
