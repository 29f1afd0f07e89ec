"""The counts that a listed number stands for, in exact arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from sphinx_modelzoo.manifest.model import Metric, Number


@dataclass(frozen=True, slots=True)
class Band:
    """The counts from ``low`` to ``high``, both included; empty when ``low`` exceeds ``high``."""

    low: int
    high: int

    def __contains__(self, count: int) -> bool:
        """Tell whether a count lies in the band."""
        return self.low <= count <= self.high


def scale(metric: Metric) -> int:
    """Give what a metric's number is of the whole: 100 for percent, 1 for a fraction."""
    return 100 if metric.unit == "%" else 1


def band(number: Number, metric: Metric, total: int, tolerance: Fraction) -> Band:
    """Give the counts K out of ``total`` with ``|scale K / total - number|`` small enough.

    Small enough is half a unit of the number's last digit plus the tolerance, in the metric's
    unit. The band is cut to 0..total and may be empty.
    """
    per_item = Fraction(scale(metric), total)
    half = Fraction(1, 2 * 10**number.decimals) + tolerance
    value = Fraction(number.value)
    low = ceil((value - half) / per_item)
    high = floor((value + half) / per_item)
    return Band(max(0, low), min(total, high))


def correct_band(number: Number, metric: Metric, total: int, media: str) -> Band:
    """Give the counts of correct items out of ``total`` for which a listed number holds.

    ``media`` is the data set's, for the customary tolerance. A metric of which less is better
    counts the wrong items: its band is turned round.
    """
    near = band(number, metric, total, tolerance(metric, media))
    if metric.direction != "lower":
        return near
    return Band(total - near.high, total - near.low)


def tolerance(metric: Metric, media: str) -> Fraction:
    """Give a metric's tolerance in its unit, the customary one where it declares none.

    Platform drift (decoders, rounding of kernels) moves accuracies by hundredths of a point, wrong
    protocols by one to three points: 0.25 points for images and 0.5 for video lie between.
    """
    if metric.tolerance is not None:
        return Fraction(metric.tolerance)
    points = Fraction(1, 2) if media in {"videos", "frames"} else Fraction(1, 4)
    return points * scale(metric) / 100


def percentage(count: int, total: int, metric: Metric) -> Fraction:
    """Give a count as the metric's number, exactly."""
    return Fraction(count * scale(metric), total)
