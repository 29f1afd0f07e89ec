"""What a plot shows: its axes and its points, before anything is laid out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sphinx_modelzoo.receipts.model import StatusKind


class Labels(StrEnum):
    """Which points have their name beside them."""

    NONE = "none"
    FRONT = "front"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Axis:
    """What is measured along an axis.

    ``noun`` is the title as it stands within a sentence, the title itself where it is empty.
    ``better`` is ``higher``, ``lower``, or empty where neither is; ``whole`` says that only whole
    numbers make sense, as with years; ``log`` that the scale is logarithmic.
    """

    key: str
    title: str
    unit: str = ""
    better: str = ""
    whole: bool = False
    log: bool = False
    noun: str = ""

    @property
    def called(self) -> str:
        """What sentences call it."""
        return self.noun or self.title


@dataclass(frozen=True, slots=True)
class Point:
    """A result with a place in the plot.

    ``x_text`` and ``y_text`` are what readers see, with the unit; ``x_raw`` and ``y_raw`` the bare
    numbers. ``low`` and ``high`` are the ends of the 95 % interval, in the metric's unit, and
    ``count`` says it in words; they are missing where the number of items is not known. ``key``
    is the set of weights, ``NAME@HASHTAG``; ``label`` tells it from others of the same ``name``.
    ``group`` is empty where the plot has no groups.
    """

    key: str
    name: str
    label: str
    hashtag: str
    dataset: str
    protocol: str
    x: float
    y: float
    x_text: str
    y_text: str
    x_raw: str
    y_raw: str
    low: float | None = None
    high: float | None = None
    count: str = ""
    group: str = ""
    status: StatusKind | None = None
    status_text: str = ""


@dataclass(frozen=True, slots=True)
class Omission:
    """A result without a place in the plot, and what the manifest does not list for it."""

    label: str
    lacks: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A whole plot. ``fronts`` are the positions in ``points`` of each Pareto front, in its order.

    There is one front for each data set, as accuracies on two data sets cannot be compared; none
    where the manifest does not say which is better. ``title`` says in words what is shown, and
    ``groups`` are the names of the groups, of which the last may stand for all that are left.
    """

    title: str
    x: Axis
    y: Axis
    points: tuple[Point, ...]
    omissions: tuple[Omission, ...] = ()
    groups: tuple[str, ...] = ()
    fronts: tuple[tuple[int, ...], ...] = ()
    labels: Labels = Labels.ALL
