"""Large amounts, as readers take them in."""

from __future__ import annotations

from decimal import Decimal

PREFIXES = ("", "k", "M", "G", "T", "P")
"""Decimal prefixes, each a thousand times the one before it."""


def scaled(amount: int | None, unit: str = "") -> str:
    """Give an amount with three digits and a decimal prefix: ``23.9M``, ``91.2 MB``.

    It is empty where the amount is not known.
    """
    if amount is None:
        return ""
    value, prefix = Decimal(amount), ""
    for step in PREFIXES[1:]:
        if value < Decimal("999.5"):
            break
        value, prefix = value / 1000, step
    digits = 0 if not prefix or value >= Decimal("99.95") else 1 if value >= Decimal("9.995") else 2
    return f"{value:.{digits}f}{' ' if unit else ''}{prefix}{unit}"
