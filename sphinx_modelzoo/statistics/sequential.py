"""What both sequential tests share: four hypotheses, their e-values, and when they conclude.

A test of a claim watches four hypotheses about K, the count of correct items among all N:

====  ==================  =====================================
row   hypothesis          what its rejection shows
====  ==================  =====================================
0     K is below the band  K is not below: half a confirmation
1     K is above the band  K is not above: the other half
2     K is not below       K is below: the claim is refuted
3     K is not above       K is above: the claim is refuted
====  ==================  =====================================

Each has an *e-value*: the wealth of a bet against it that starts at 1 and, when the hypothesis is
true, grows beyond 1/alpha with a probability of at most alpha, over the whole run (Ville's
inequality). So a test may stop at any item, and its error rate holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.statistics.claim import Claim, Conclusion, Side

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
# What a test remembers of the items so far, one array or more whose last axes are the paths.
Memory = tuple[NDArray[Any], ...]

BELOW, ABOVE, NOT_BELOW, NOT_ABOVE = range(4)
HYPOTHESES = 4
# Items of one path that are looked at together: memory stays small, whatever N.
BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Standing:
    """How a test stands after ``n`` items.

    Attributes:
        n: The items that were counted, up to the one that decided.
        log_e: The natural logarithms of the e-values against the four hypotheses, in the order of
            the module's table; infinite when a hypothesis has become impossible.
        peak: The largest that each has been.
        rejected_at: The number of items after which each hypothesis was rejected, or None; a
            rejected hypothesis stays rejected.
        conclusion: What the test concludes.
        exact: Whether the conclusion is certain: all items are counted, or those that are left
            cannot change it.
    """

    n: int
    log_e: tuple[float, ...]
    peak: tuple[float, ...]
    rejected_at: tuple[int | None, ...]
    conclusion: Conclusion = Conclusion.UNDECIDED
    exact: bool = False

    @property
    def decided(self) -> bool:
        """Whether the test has ended."""
        return self.conclusion is not Conclusion.UNDECIDED


class SequentialTest(Protocol):
    """What the tests have in common: bets on one path of outcomes, or on many side by side."""

    @property
    def claim(self) -> Claim:
        """What is tested."""

    def remember(self, shape: tuple[int, ...]) -> Memory:
        """Give what is remembered before any item, of paths of a shape; () is one path."""

    def bet(self, memory: Memory, n: int, outcomes: NDArray[Any]) -> tuple[Floats, Memory]:
        """Bet on more items.

        Args:
            memory: What is remembered of the ``n`` items before them.
            n: The number of items before them.
            outcomes: What came, shape (..., items) with the paths' shape in front.

        Returns:
            The logarithms of the e-values after each item, shape (4, ..., items), and what is to
            be remembered after the last.
        """


def log_thresholds(claim: Claim) -> Floats:
    """Give the logarithm of the e-value that rejects each hypothesis; not a number: never."""
    confirm = -math.log(claim.alpha)
    both = claim.refute is Side.BOTH
    below = confirm - (math.log(claim.share_below) if both else 0.0)
    above = confirm - (math.log1p(-claim.share_below) if both else 0.0)
    return np.array(
        [
            confirm if claim.sides.includes(Side.BELOW) else math.nan,
            confirm if claim.sides.includes(Side.ABOVE) else math.nan,
            below if claim.refute.includes(Side.BELOW) else math.nan,
            above if claim.refute.includes(Side.ABOVE) else math.nan,
        ]
    )


def begin(claim: Claim, thresholds: Floats, log_e: Floats) -> Standing:
    """Give the standing before any item, from the four e-values there."""
    values = tuple(log_e.tolist())
    start = Standing(0, values, values, (None,) * HYPOTHESES)
    return follow(claim, thresholds, start, log_e[:, np.newaxis], first=0)


def follow(
    claim: Claim,
    thresholds: Floats,
    before: Standing,
    log_e: Floats,
    *,
    first: int | None = None,
) -> Standing:
    """Follow the four bets over some items, up to the one that decides.

    Args:
        claim: What is tested.
        thresholds: :func:`log_thresholds` of the claim.
        before: How the test stood before these items, undecided.
        log_e: The e-values after each of the items, shape (4, items), at least one item.
        first: The number of items that the first e-values belong to; without it, one more than
            before.

    Returns:
        The standing after the last item, or after the one that decided; its ``n`` tells which.
        What is certain of the count is for :func:`settle` to say.
    """
    first = before.n + 1 if first is None else first
    n = first + log_e.shape[1] - 1
    rejected, conclusion = before.rejected_at, Conclusion.UNDECIDED
    tops = np.maximum.reduce(log_e, axis=1)
    if (tops >= thresholds).any():
        found = _rejections(log_e >= thresholds[:, np.newaxis], first, before.rejected_at)
        conclusion, n = _conclude(claim, found, n)
        rejected = tuple(at if at is not None and at <= n else None for at in found)
        log_e = log_e[:, : n - first + 1]
        tops = np.maximum.reduce(log_e, axis=1)
    peak = tuple(map(max, before.peak, tops.tolist()))
    return Standing(n, tuple(log_e[:, -1].tolist()), peak, rejected, conclusion)


def settle(claim: Claim, standing: Standing, least: int, most: int) -> Standing:
    """Let certainty go before chance, where K can only be from ``least`` to ``most``.

    Once a test has concluded, or all items are counted, the band itself may say the same or
    better: then the conclusion is exact.
    """
    if not standing.decided and least < most and not claim.empty:
        return standing
    if claim.never_holds(least, most):
        return replace(standing, conclusion=Conclusion.REFUTED, exact=True)
    if claim.holds(least) and claim.holds(most):
        return replace(standing, conclusion=Conclusion.CONFIRMED, exact=True)
    return standing


def _rejections(
    reached: NDArray[np.bool_], first: int, before: Sequence[int | None]
) -> list[int | None]:
    """Give the items at which the hypotheses were first rejected."""
    new = [first + int(row.argmax()) if row.any() else None for row in reached]
    return [now if old is None else old for now, old in zip(new, before, strict=True)]


def _conclude(claim: Claim, rejections: Sequence[int | None], last: int) -> tuple[Conclusion, int]:
    """Give the first conclusion and its item, or undecided at the last item.

    A refutation goes before a confirmation at the same item.
    """
    at = [math.inf if item is None else item for item in rejections]
    needed = [at[BELOW]] if claim.sides.includes(Side.BELOW) else []
    needed += [at[ABOVE]] if claim.sides.includes(Side.ABOVE) else []
    confirmed, refuted = max(needed), min(at[NOT_BELOW], at[NOT_ABOVE])
    if refuted <= min(confirmed, last):
        return Conclusion.REFUTED, int(refuted)
    if confirmed <= last:
        return Conclusion.CONFIRMED, int(confirmed)
    return Conclusion.UNDECIDED, last


def check_length(claim: Claim, standing: Standing, more: int) -> None:
    """Refuse more outcomes than there are items left.

    Raises:
        ValueError: there are too many.
    """
    left = claim.total - standing.n
    if more > left:
        message = f"{more} more outcomes after {standing.n} of {claim.total} items"
        raise ValueError(message)
