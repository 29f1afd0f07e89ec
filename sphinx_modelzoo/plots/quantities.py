"""The texts at the ticks of an axis."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sphinx_modelzoo.manifest.amounts import PREFIXES

_STEP = 1000
_PLAIN = 10_000
_LEAST_SHOWN = Decimal("0.01")


def tick_texts(ticks: Sequence[Decimal], unit: str) -> tuple[list[str], str]:
    """Give the texts of an axis's ticks, and the unit that its title shows.

    Bytes have one prefix for all ticks, in the title, where that leaves them short (``Size (MB)``);
    otherwise large numbers have theirs at the tick: 25M.
    """
    largest = max(map(abs, ticks), default=Decimal(0))
    if unit == "B":
        power = _power(largest)
        least = min((abs(tick) for tick in ticks if tick), default=largest)
        if power and least / _STEP**power >= _LEAST_SHOWN:
            return [_plain(tick / _STEP**power) for tick in ticks], f"{PREFIXES[power]}B"
        unit = "bytes"
    if largest < _PLAIN:
        return [_plain(tick) for tick in ticks], unit
    return [_prefixed(tick) for tick in ticks], unit


def _power(value: Decimal) -> int:
    power = 0
    while abs(value) >= _STEP ** (power + 1) and power < len(PREFIXES) - 1:
        power += 1
    return power


def _prefixed(value: Decimal) -> str:
    if abs(value) >= _STEP ** len(PREFIXES):
        return _plain(value)
    power = _power(value)
    return f"{_plain(value / _STEP**power)}{PREFIXES[power]}"


def _plain(value: Decimal) -> str:
    """Give a number without zeros that say nothing; one that is very long with an exponent."""
    text = f"{value.normalize():f}"
    text = text if len(text) <= 8 else f"{value.normalize():e}".replace("e+", "e")  # noqa: PLR2004
    return text.replace("-", "\N{MINUS SIGN}", 1) if text.startswith("-") else text
