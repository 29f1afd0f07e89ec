"""Scales: from values to places along an axis, and the few values that an axis names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_SPREAD_FOR_LOG = 30
_MARGIN = 0.06
_MOST_TICKS = 7
_FEWEST_TICKS = 3
_FACTORS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_WHOLE_FACTORS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
_LOG_FACTORS = ((1, 2, 5), (1, 3), (1,))


@dataclass(frozen=True, slots=True)
class Scale:
    """Takes values from ``low`` to ``high`` to places from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Give a value's place; values beyond the ends are put at the ends."""
        value = min(max(value, self.low), self.high)
        low, high = self.low, self.high
        if self.log:
            value, low, high = math.log10(value), math.log10(low), math.log10(high)
        return self.start + (self.end - self.start) * (value - low) / (high - low)


def wants_log(values: Sequence[float]) -> bool:
    """Tell whether values spread so far that a linear scale would press most of them together."""
    return bool(values) and min(values) > 0 and max(values) / min(values) >= _SPREAD_FOR_LOG


def span(values: Sequence[float], *, log: bool, whole: bool, percent: bool) -> tuple[float, float]:
    """Give the ends of an axis that holds some values with room around them.

    Shares in percent keep their ends at 0 and 100.
    """
    least, most = min(values), max(values)
    if log:
        margin = max(10 ** (_MARGIN * math.log10(most / least)), 1.15)
        return least / margin, most * margin
    margin = max(_MARGIN * (most - least), 0.5 if whole else 0)
    if not margin or margin < abs(most) * 1e-9:
        margin = abs(most) * _MARGIN or 1.0
    low, high = least - margin, most + margin
    if percent and least >= 0 and most <= 100:  # noqa: PLR2004
        return max(low, 0.0), min(high, 100.0)
    return low, high


def ticks(
    low: float, high: float, *, log: bool, whole: bool, most: int = _MOST_TICKS
) -> list[Decimal]:
    """Give round values from ``low`` to ``high`` for an axis to name, at most ``most`` of them."""
    if log:
        found = _log_ticks(low, high, most)
        if len(found) >= _FEWEST_TICKS:
            return found
    factors = _WHOLE_FACTORS if whole else _FACTORS
    size = Decimal(high) - Decimal(low)
    power = Decimal(10) ** math.floor(math.log10(float(size) / most))
    for factor in (*factors, *(10 * factor for factor in factors)):
        step = power * factor
        if whole and step < 1:
            continue
        first, last = math.ceil(Decimal(low) / step), math.floor(Decimal(high) / step)
        if last - first < most:
            return [number * step for number in range(first, last + 1)]
    raise AssertionError(low, high)  # ten steps of the next power are never too many


def _log_ticks(low: float, high: float, most: int) -> list[Decimal]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in _LOG_FACTORS:
        found = [
            value
            for power in powers
            for factor in factors
            if low <= (value := factor * Decimal(10) ** power) <= high
        ]
        if len(found) <= most:
            return found
    return found[:: -(-len(found) // most)]
