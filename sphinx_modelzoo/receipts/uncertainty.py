"""How far a listed accuracy can be told from others, given how many items it was counted on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor

from sphinx_modelzoo.manifest.model import Dataset, Metric, Number
from sphinx_modelzoo.manifest.numbers import scale
from sphinx_modelzoo.receipts.model import Status, StatusKind
from sphinx_modelzoo.statistics.intervals import clopper_pearson

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """A number as a count: ``correct`` of ``n`` items, and its exact 95 % interval.

    The count is of correct items, even where the metric is an error rate. ``measured`` says that a
    receipt counted it; else it is the count that comes nearest to the listed number. ``low`` and
    ``high`` are in the metric's unit, shown with ``decimals`` digits.
    """

    correct: int
    n: int
    measured: bool
    low: float
    high: float
    decimals: int

    def text(self) -> str:
        """Give it in words: ``3155 of 3783; 95 % interval 82.2 to 84.6``."""
        return f"{self.correct} of {self.n}; {100 * CONFIDENCE:g} % interval {self.interval()}"

    def interval(self) -> str:
        """Give the interval's ends: ``82.2 to 84.6``."""
        return f"{self.low:.{self.decimals}f} to {self.high:.{self.decimals}f}"

    def overlaps(self, other: Uncertainty) -> bool:
        """Tell whether two intervals have a point in common."""
        return self.low <= other.high and other.low <= self.high


def uncertainty(
    number: Number, metric: Metric, dataset: Dataset, status: Status | None = None
) -> Uncertainty | None:
    """Give the uncertainty of a listed number.

    A count of all items that still holds is taken from ``status``; else the count is the one out
    of the data set's ``samples`` that comes nearest to the number. None where the metric is not
    counted item by item (it has no ``top``), the number of items is not known, or the number is
    no share of them.
    """
    whole = scale(metric)
    if metric.top is None or not 0 <= number.value <= whole:
        return None
    lower = metric.direction == "lower"
    decimals = number.decimals if whole > 1 else max(number.decimals, 3)
    kinds = (StatusKind.VERIFIED, StatusKind.REFUTED)
    if status is not None and status.kind in kinds and 0 < status.n == status.total:
        return _counted(status.correct, status.total, whole, decimals, lower=lower, measured=True)
    if dataset.samples:
        return _listed(number.value, dataset.samples, whole, decimals, lower=lower)
    return None


# The numbers of a large zoo are often the same.
@lru_cache(maxsize=65536)
def _listed(value: Decimal, n: int, whole: int, decimals: int, *, lower: bool) -> Uncertainty:
    """Give the uncertainty of a number that stands for the nearest count."""
    hits = floor(Fraction(value) * n / whole + Fraction(1, 2))
    correct = n - hits if lower else hits
    return _counted(correct, n, whole, decimals, lower=lower, measured=False)


def _counted(
    correct: int, n: int, whole: int, decimals: int, *, lower: bool, measured: bool
) -> Uncertainty:
    ends = clopper_pearson(n - correct if lower else correct, n, CONFIDENCE)
    low, high = ends.low * whole, ends.high * whole
    return Uncertainty(correct, n, measured, low, high, decimals)
