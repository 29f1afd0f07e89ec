"""A listed accuracy tested against evidence: the prediction that the maintainers had of each item.

An item's difference d is its outcome now minus that in the evidence: -1 (a loss), 0 or 1 (a
gain). The evidence's own count K' is known exactly, so K is K' plus the sum of all differences,
and a claim about K is one about that sum. The bet against "the sum of all N is at most -D"
multiplies, at each item, by 1 + c (d - m) / (1 + m): m is the largest mean that the hypothesis
still allows the items that are left, and c the share of the wealth that is staked. Several c run
side by side; c = 1 without a flip is exactly the inverse of the hypergeometric probability of
seeing none of D losses.

Source: I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting",
Journal of the Royal Statistical Society B 86 (2024), 1-27, https://arxiv.org/abs/2010.09686.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sphinx_modelzoo.statistics.claim import Claim
from sphinx_modelzoo.statistics.sequential import (
    BLOCK,
    HYPOTHESES,
    Floats,
    Integers,
    Memory,
    Standing,
    begin,
    check_length,
    follow,
    log_thresholds,
    settle,
)

_STAKES = np.array([1.0, 0.9, 0.7, 0.4, 0.15])
_LOG_WEIGHTS = np.log([0.35, 0.25, 0.2, 0.1, 0.1])


@dataclass(frozen=True, slots=True)
class PairedState:
    """How a test stands after ``standing.n`` items with so many ``losses`` and ``gains``.

    ``wealth`` holds the logarithms of all bets: what the next items multiply.
    """

    standing: Standing
    losses: int
    gains: int
    wealth: Floats = field(repr=False, compare=False)

    @property
    def net(self) -> int:
        """The sum of all differences so far."""
        return self.gains - self.losses


@dataclass(frozen=True, slots=True)
class Sums:
    """Hypotheses on the sum of all ``total`` differences, each "sign * sum is at most -bound".

    ``signs`` (1 or -1) and ``bounds`` (of any sign) have the shape (hypotheses,).
    """

    total: int
    signs: Integers
    bounds: Integers

    def rows(self, chosen: slice) -> Sums:
        """Give some of the hypotheses."""
        return Sums(self.total, self.signs[chosen], self.bounds[chosen])


class PairedTest:
    """The test of one claim whose ``listed`` is the evidence's count; it never changes.

    Attributes:
        claim: What is tested.
        sums: The four hypotheses, in the order of :mod:`~sphinx_modelzoo.statistics.sequential`.
    """

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self._thresholds = log_thresholds(claim)
        loss, gain = claim.listed - claim.low + 1, claim.high - claim.listed + 1
        self.sums = Sums(
            claim.total, np.array([1, -1, -1, 1]), np.array([loss, gain, 1 - loss, 1 - gain])
        )

    def remember(self, shape: tuple[int, ...]) -> Memory:
        """Give the wealth, shape (4, stakes, ...), and the net before any item, shape (...)."""
        wealth = np.empty((HYPOTHESES, len(_STAKES), *shape))
        wealth[:] = _LOG_WEIGHTS.reshape(-1, *(1,) * len(shape))
        return wealth, np.zeros(shape, dtype=np.int64)

    def bet(self, memory: Memory, n: int, outcomes: NDArray[Any]) -> tuple[Floats, Memory]:
        """Bet on more items; see :class:`~sphinx_modelzoo.statistics.sequential.SequentialTest`."""
        return bet_on_sum(self.sums, memory, n=n, outcomes=outcomes)

    def start(self) -> PairedState:
        """Give the state before any item."""
        claim = self.claim
        # Items that the evidence has wrong cannot be lost, nor can others be gained.
        impossible = [
            claim.low <= 0,
            claim.high >= claim.total,
            claim.low > claim.total,
            claim.high < 0,
        ]
        standing = begin(claim, self._thresholds, np.where(impossible, math.inf, 0.0))
        standing = settle(claim, standing, 0, claim.total)
        return PairedState(standing, 0, 0, self.remember(())[0])

    def after(self, state: PairedState, differences: ArrayLike) -> PairedState:
        """Give the state after more items, in pieces of any size.

        Args:
            state: The state before them.
            differences: -1, 0 or 1 for each next item in the seeded order. Those after the one
                that decides are not counted; the state's ``standing.n`` tells.

        Raises:
            ValueError: they are more than the items that are left, or one is out of its range.
        """
        steps = np.asarray(differences, dtype=np.int64)
        check_length(self.claim, state.standing, len(steps))
        if np.count_nonzero((steps < -1) | (steps > 1)):
            message = "a difference is none of -1, 0, 1"
            raise ValueError(message)
        for begin_at in range(0, len(steps), BLOCK):
            if state.standing.decided:
                break
            state = self._after(state, steps[begin_at : begin_at + BLOCK])
        return state

    def _after(self, state: PairedState, steps: Integers) -> PairedState:
        before = state.standing
        log_e, memory = self.bet((state.wealth, np.array(state.net)), before.n, steps)
        standing = follow(self.claim, self._thresholds, before, log_e)
        counted = steps[: standing.n - before.n]
        losses = state.losses + np.count_nonzero(counted < 0)
        gains = state.gains + np.count_nonzero(counted > 0)
        left = self.claim.total - standing.n
        now = self.claim.listed + gains - losses
        standing = settle(self.claim, standing, now - left, now + left)
        return PairedState(standing, losses, gains, memory[0])


def bet_on_sum(
    sums: Sums, memory: Memory, *, n: int, outcomes: NDArray[Any]
) -> tuple[Floats, Memory]:
    """Bet on more items against hypotheses on the sum of all differences.

    Args:
        sums: The hypotheses.
        memory: The wealth, shape (hypotheses, stakes, ...), and the net, shape (...), after ``n``
            items.
        n: The number of items before.
        outcomes: The differences, shape (..., items).

    Returns:
        The logarithms of the e-values after each item, shape (hypotheses, ..., items), and the
        memory after the last.
    """
    wealth, net = memory
    column = (-1, *(1,) * outcomes.ndim)
    signs, bounds = sums.signs.reshape(column), sums.bounds.reshape(column)
    left = sums.total - n - np.arange(outcomes.shape[-1])
    after = net[..., np.newaxis] + outcomes.cumsum(axis=-1, dtype=np.int64)
    steps = signs * outcomes
    # What the hypothesis asks of this item and all after it: a sum of at most -asked.
    asked = bounds + signs * after - steps
    # (d - m) / (1 + m) in whole numbers; 0 once the hypothesis is certain, or impossible.
    odds = (steps * left + asked) * (np.abs(asked) < left) / np.maximum(left - asked, 1)
    with np.errstate(divide="ignore"):
        growth = np.log1p(_STAKES.reshape(-1, *(1,) * outcomes.ndim) * odds[:, np.newaxis])
    growth[..., 0] += wealth
    grown = growth.cumsum(axis=-1)
    log_e = np.logaddexp.reduce(grown, axis=1)
    log_e[asked + steps >= left] = math.inf
    return log_e, (grown[..., -1], after[..., -1])
