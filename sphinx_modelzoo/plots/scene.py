"""A plot laid out on a canvas: lines, texts and marks, for any kind of output to draw.

Lengths are in units of the canvas, one of which is a CSS pixel or, on paper, a point; y grows
downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sphinx_modelzoo.receipts.model import StatusKind

COLOURS = ("#0072b2", "#d55e00", "#00805d", "#b0558a", "#6f6f6f")
"""The groups' colours, after Okabe and Ito (2008): the colour-blind can tell them apart.

Green and purple are darker than theirs, so that thin lines show on white; the stylesheet has
lighter ones for dark pages.
"""


class Shape(Enum):
    """A mark's outline; groups are told apart by it as well as by their colour."""

    CIRCLE = 0
    SQUARE = 1
    TRIANGLE = 2
    DIAMOND = 3
    PENTAGON = 4


class Ink(Enum):
    """How strongly something is drawn in the text's colour: its opacity."""

    FULL = 1.0
    SOFT = 0.72
    FAINT = 0.16


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, in the text's colour or a group's."""

    points: tuple[tuple[float, float], ...]
    width: float
    ink: Ink = Ink.FULL
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``anchor`` says whether x is its start, middle or end; y is its baseline."""

    x: float
    y: float
    text: str
    size: float
    anchor: str = "start"
    ink: Ink = Ink.FULL


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: its shape by its group, its filling by its status.

    ``group`` is None for a mark in the text's colour, as the legend has for statuses. ``bars`` are
    the pieces of its error bar.
    """

    x: float
    y: float
    radius: float
    shape: Shape
    group: int | None
    status: StatusKind | None
    bars: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """A point's mark, the set of weights that it stands for, and what it says when asked."""

    mark: Mark
    key: str
    description: str


@dataclass(frozen=True, slots=True)
class Scene:
    """The whole canvas. ``frame`` holds axes, legend and fronts, which the points lie upon.

    ``title`` and ``description`` are for those who do not see it, ``notes`` are sentences for every
    reader.
    """

    width: float
    height: float
    title: str
    description: str
    frame: tuple[Line | Text | Mark, ...]
    spots: tuple[Spot, ...]
    names: tuple[Line | Text, ...]
    notes: tuple[str, ...] = ()
