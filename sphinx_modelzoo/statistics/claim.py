"""What a listed number says about a count, and what can be concluded of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Side(StrEnum):
    """Where the true count can lie when the number does not hold: below its band or above."""

    BELOW = "below"
    ABOVE = "above"
    BOTH = "both"

    def includes(self, side: Side) -> bool:
        """Tell whether this is ``side``, or both."""
        return self in {Side.BOTH, side}


class Conclusion(StrEnum):
    """What a test concludes of a claim."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Claim:
    """A listed number as the counts it stands for, and the error rates of a test of it.

    Attributes:
        total: N, the items of the test set, at least 1.
        low: The least count of correct items that the number stands for.
        high: The greatest. A band with ``low`` above ``high`` is empty: the claim is false.
        listed: The count in the band that the number names: the nearest to it, or, where there is
            evidence, the evidence's own count.
        alpha: The error rate of each conclusion: a number that does not hold is confirmed with
            at most this probability, one that holds is refuted with at most this probability.
        sides: Which sides break the claim. ``BELOW`` only claims "not inflated".
        refute: On which sides a refutation is looked for before all items are counted. Declare
            one beforehand, never after seeing outcomes.
        share_below: Which part of ``alpha`` a refutation below has where both sides are looked
            at, above 0 and below 1; the other side has the rest.

    Raises:
        ValueError: an attribute is out of its range, or ``refute`` is no part of ``sides``.
    """

    total: int
    low: int
    high: int
    listed: int
    alpha: float = 0.05
    sides: Side = Side.BOTH
    refute: Side = Side.BOTH
    share_below: float = 0.5

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.total < 1 or not 0 <= self.listed <= self.total:
            message = f"{self.listed} of {self.total} items is no count"
            raise ValueError(message)
        if not self.empty and not self.low <= self.listed <= self.high:
            message = f"the listed count {self.listed} is outside {self.low} to {self.high}"
            raise ValueError(message)
        if not 0.0 < self.alpha < 1.0:
            message = f"an error rate of {self.alpha} is not between 0 and 1"
            raise ValueError(message)
        if not 0.0 < self.share_below < 1.0:
            message = f"a share of {self.share_below} is not between 0 and 1"
            raise ValueError(message)
        if self.sides is not Side.BOTH and self.refute is not self.sides:
            message = f"a claim that only {self.sides} breaks is refuted there, not {self.refute}"
            raise ValueError(message)

    @property
    def empty(self) -> bool:
        """Whether no count gives the number."""
        return self.low > self.high

    def holds(self, correct: int) -> bool:
        """Tell whether the claim is true when ``correct`` of all ``total`` items are correct."""
        return not self.never_holds(correct, correct)

    def never_holds(self, least: int, most: int) -> bool:
        """Tell whether the claim is false for every count from ``least`` to ``most``."""
        too_low = most < self.low and self.sides.includes(Side.BELOW)
        too_high = least > self.high and self.sides.includes(Side.ABOVE)
        return self.empty or too_low or too_high


def claim_within(
    total: int,
    listed: int,
    points: Fraction,
    *,
    alpha: float = 0.05,
    sides: Side = Side.BOTH,
    refute: Side = Side.BOTH,
) -> Claim:
    """Claim that the count lies within ``points`` percentage points of ``listed``, both included.

    The least net loss that breaks the claim is floor(points * total / 100) + 1.
    """
    spread = math.floor(points * total / 100)
    return Claim(total, listed - spread, listed + spread, listed, alpha, sides, refute)
