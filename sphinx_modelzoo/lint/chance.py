"""How likely it is that two rows of a table have all their numbers alike by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, pi, sqrt

# From this many different rows the spread is estimated, below it is what tables usually have.
ENOUGH_ROWS = 10
_USUAL_SPREAD = 0.05  # of the whole, for the first metric
_USUAL_REST = 0.01  # of the whole, for a further metric when those before it are known
_IQR_OF_NORMAL = 1.349


@dataclass(frozen=True, slots=True)
class Column:
    """The numbers of one metric: ``step`` is the least difference that two of them can show.

    ``whole`` is 100 for percentages and 1 for fractions; for other metrics a typical value.
    """

    values: Sequence[float]
    step: float
    whole: float


@dataclass(frozen=True, slots=True)
class Coincidence:
    """How likely rows are alike by chance.

    ``expected`` is the expected number of pairs that are alike; ``informative`` counts the metrics
    that tell something which those before them do not.
    """

    expected: float
    informative: int


def coincidence(columns: Sequence[Column], rows: int) -> Coincidence:
    """Estimate how many pairs among the rows of a table are alike in all columns by chance.

    ``rows`` counts all of them; the columns hold those that differ.

    Two draws from a normal distribution with deviation s fall into the same interval of width w
    with probability w / (2 sqrt(pi) s), for w much less than s. The deviation of each column is
    taken of what is left of it when the columns before it are known, for metrics of one table are
    correlated; a column with nothing left, such as an error of 100 - accuracy, tells nothing.
    The smaller of the standard deviation and that of the middle half is used, so that a few odd
    rows do not make the others look far apart.
    """
    probability, informative = 1.0, 0
    enough = len(columns[0].values) >= ENOUGH_ROWS
    spreads = _estimated(columns) if enough else _usual(columns)
    for column, spread in zip(columns, spreads, strict=True):
        share = column.step / (2 * sqrt(pi) * spread) if spread > column.step else 1.0
        if share < 1:
            probability *= share
            informative += 1
    return Coincidence(rows * (rows - 1) / 2 * probability, informative)


def _estimated(columns: Sequence[Column]) -> list[float]:
    """Give each column's deviation with the columns before it regressed out."""
    basis: list[list[float]] = []
    spreads = []
    for column in columns:
        mean = fsum(column.values) / len(column.values)
        rest = [value - mean for value in column.values]
        for known in basis:
            norm = sum(value * value for value in known)
            slope = sum(value * left for value, left in zip(known, rest, strict=True)) / norm
            rest = [left - slope * value for left, value in zip(rest, known, strict=True)]
        spread = min(_deviation(rest), _middle_half(rest) / _IQR_OF_NORMAL)
        spreads.append(spread)
        if spread > column.step:
            basis.append(rest)
    return spreads


def _deviation(rest: Sequence[float]) -> float:
    """Give the standard deviation of values whose mean is 0."""
    return sqrt(fsum(value * value for value in rest) / len(rest))


def _middle_half(values: Sequence[float]) -> float:
    """Give how far the middle half of values reaches."""
    ordered = sorted(values)
    quarter = len(ordered) // 4
    return ordered[-1 - quarter] - ordered[quarter]


def _usual(columns: Sequence[Column]) -> list[float]:
    spreads: list[float] = []
    for position, column in enumerate(columns):
        told = any(_complement(column, other) for other in columns[:position])
        share = _USUAL_REST if spreads else _USUAL_SPREAD
        spreads.append(0.0 if told else share * column.whole)
    return spreads


def _complement(column: Column, other: Column) -> bool:
    """Tell whether one column is the whole less the other in every row."""
    slack = column.step + other.step
    return all(
        abs(value + partner - column.whole) <= slack
        for value, partner in zip(column.values, other.values, strict=True)
    )
