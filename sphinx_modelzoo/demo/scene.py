"""What happens in a clip: a shape crosses a cluttered ground and is hidden for part of the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sphinx_modelzoo.demo.draws import Draws

WIDTH, HEIGHT = 64, 48  # pixels
SHORTEST, LONGEST = 20, 28  # frames

DIM = 4  # one clip in so many is dim
TINT = 24  # how far a channel may lie from the luma, in levels of 256

Colour = tuple[int, int, int]
Vector = tuple[float, float]
Veil = Literal["fog", "patch", "blur"]
VEILS: tuple[Veil, ...] = ("fog", "patch", "blur")


@dataclass(frozen=True, slots=True)
class Mover:
    """A thing that moves in a straight line, turns evenly and grows evenly.

    ``start`` and ``end`` are its centre in the first and last frame, in pixels from the top left;
    ``sizes`` its radius there, in pixels. ``direction`` and ``turn`` are unit vectors: how it
    stands in the first frame, and by how much it turns from each frame to the next. ``stretch`` is
    its width over its height.
    """

    start: Vector
    end: Vector
    sizes: tuple[float, float]
    direction: Vector
    turn: Vector
    colour: Colour
    stretch: float = 1.0


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a clip shows.

    The shape of class ``label`` is clear in the frames of ``clear`` alone; before and after it is
    behind a ``veil``. ``behind`` and ``before`` are the bars on both sides of it. ``ground`` holds
    the two colours of the ground; ``grain`` is the noise's deviation in levels of 256.
    """

    label: int
    frames: int
    shape: Mover
    clear: range
    veil: Veil
    patch: Colour
    behind: tuple[Mover, ...]
    before: tuple[Mover, ...]
    ground: tuple[Colour, Colour]
    grain: int


def rotated(vector: Vector, turn: Vector) -> Vector:
    """Give ``vector`` turned by the angle of the unit vector ``turn``."""
    return (
        vector[0] * turn[0] - vector[1] * turn[1],
        vector[0] * turn[1] + vector[1] * turn[0],
    )


def _unit(draws: Draws, steepest: float) -> Vector:
    """Give the unit vector of angle 2 atan(t), t up to ``steepest`` either way.

    The rational form needs no sine, whose last bit differs between machines.
    """
    t = draws.between(-steepest, steepest)
    return ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))


def _colour(draws: Draws, luma: int) -> Colour:
    """Give a muted colour: each channel within ``TINT`` of the luma, from 0 to 255."""
    red, green, blue = (luma + draws.below(2 * TINT + 1) - TINT for _ in range(3))
    return (min(max(red, 0), 255), min(max(green, 0), 255), min(max(blue, 0), 255))


def _point(draws: Draws, margin: float) -> Vector:
    return (draws.between(margin, WIDTH - margin), draws.between(margin, HEIGHT - margin))


def _bars(draws: Draws, most: int, brightest: int) -> tuple[Mover, ...]:
    return tuple(
        Mover(
            start=_point(draws, 0.0),
            end=_point(draws, 0.0),
            sizes=(size := draws.between(4.0, 9.0), size),
            direction=_unit(draws, 1.0),
            turn=_unit(draws, 0.1),
            colour=_colour(draws, draws.below(brightest)),
        )
        for _ in range(draws.below(most + 1))
    )


def scene(label: int, draws: Draws) -> Scene:
    """Draw a scene that shows the shape of class ``label``.

    One clip in ``DIM`` is dim: its shape hardly stands out, and is hidden most of the time.
    """
    dim = draws.below(DIM) == 0
    frames = SHORTEST + draws.below(LONGEST - SHORTEST + 1)
    length = frames * (draws.between(0.2, 0.5) if dim else draws.between(0.65, 1.0))
    first = int(draws.between(0.0, frames - length))
    luma = 40 + draws.below(60)
    contrast = 12 + draws.below(30) if dim else 50 + draws.below(100)
    return Scene(
        label=label,
        frames=frames,
        shape=Mover(
            start=_point(draws, 14.0),
            end=_point(draws, 14.0),
            sizes=(draws.between(7.0, 14.0), draws.between(7.0, 14.0)),
            direction=_unit(draws, 0.3),
            turn=_unit(draws, 0.02),
            colour=_colour(draws, luma + contrast),
            stretch=draws.between(0.75, 1.3),
        ),
        clear=range(first, first + int(length)),
        veil=VEILS[draws.below(len(VEILS))],
        patch=_colour(draws, draws.below(luma)),
        behind=_bars(draws, 2, luma),
        before=_bars(draws, 2, luma),
        ground=(_colour(draws, luma), _colour(draws, luma)),
        grain=3 + draws.below(6),
    )
