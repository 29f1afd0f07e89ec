"""A listed accuracy tested by outcomes alone: which items are correct, and nothing else.

The items are drawn without replacement, so after t items with s correct the count K of all N has
the likelihood C(N-t, K-s) / C(N, K), up to a factor that does not depend on K. The bet against a
hypothesis with the bound K0 is a mixture of likelihood ratios P_Kj / P_K0 for counts Kj on the
other side of K0. When K = K0 it is a martingale, but for the wealth that lies where K0 can no
longer go; beyond K0 it is a supermartingale. Once all items are counted it is infinite or zero.

Sources: I. Waudby-Smith and A. Ramdas, "Confidence sequences for sampling without replacement",
NeurIPS 2020, https://arxiv.org/abs/2006.04347; H. Robbins, Annals of Mathematical Statistics 41
(1970), 1397-1409, https://doi.org/10.1214/aoms/1177696786, for mixtures of likelihood ratios.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sphinx_modelzoo.statistics.claim import Claim
from sphinx_modelzoo.statistics.logfactorial import log_factorials
from sphinx_modelzoo.statistics.sequential import (
    ABOVE,
    BELOW,
    BLOCK,
    HYPOTHESES,
    NOT_ABOVE,
    NOT_BELOW,
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

# A refutation bets on shifts of these shares of all items, with equal weights.
_SHIFTS = (0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32)
# A confirmation bets on counts at these multiples of the distance from the bound to the listed.
_DISTANCES = ((1.0, 0.5), (0.5, 0.3), (1.7, 0.2))


@dataclass(frozen=True, slots=True)
class AccuracyState:
    """How a test stands after ``standing.n`` items of which ``correct`` were correct."""

    standing: Standing
    correct: int


class AccuracyTest:
    """The test of one claim; it holds tables and never changes.

    Attributes:
        claim: What is tested.
        table: ``log_factorials`` of its items; tests of as many may share one.
    """

    def __init__(self, claim: Claim, *, table: Floats | None = None) -> None:
        self.claim = claim
        self._thresholds = log_thresholds(claim)
        self.table = log_factorials(claim.total) if table is None else table
        mixtures = _mixtures(claim)
        sizes = [len(mixture) for _, mixture in mixtures]
        bounds = np.array([bound for bound, _ in mixtures])
        counts = np.array([count for _, mixture in mixtures for count, _ in mixture])
        weights = np.array([weight for _, mixture in mixtures for _, weight in mixture])
        self._counts: Integers = np.concatenate([bounds, counts])
        self._starts: Integers = np.cumsum([0, *sizes[:-1]])
        prior = np.repeat(self._log_choose(bounds), sizes) - self._log_choose(counts)
        self._constants: Floats = np.log(weights) + prior

    def log_e(self, n: Integers, correct: Integers) -> Floats:
        """Give the logarithms of the four e-values after ``n`` items, ``correct`` of them correct.

        Args:
            n: From 0 to N, any shape.
            correct: From 0 to ``n``, the same shape.

        Returns:
            Shape (4, ...); the rows are those of :mod:`~sphinx_modelzoo.statistics.sequential`.
        """
        column = (-1, *(1,) * correct.ndim)
        more = self._counts.reshape(column) - correct
        less = (self.claim.total - n) - more
        # Minus ln C(N-n, K-s) for each K, without the part that all K share.
        cost = self.table[np.maximum(more, -1)] + self.table[np.maximum(less, -1)]
        wealth = self._constants.reshape(column) - cost[HYPOTHESES:]
        wealth = np.logaddexp.reduceat(wealth, self._starts, axis=0)
        bound = cost[:HYPOTHESES]
        gone = np.isinf(bound)
        if not gone.any():
            return np.asarray(wealth + bound)
        return np.where(gone, _certain(more, less), wealth + np.where(gone, 0.0, bound))

    def start(self) -> AccuracyState:
        """Give the state before any item."""
        standing = begin(self.claim, self._thresholds, self.log_e(np.array(0), np.array(0)))
        return AccuracyState(settle(self.claim, standing, 0, self.claim.total), 0)

    def after(self, state: AccuracyState, outcomes: ArrayLike) -> AccuracyState:
        """Give the state after more items, in pieces of any size.

        Args:
            state: The state before them.
            outcomes: A sequence in the seeded order: is each next item correct? Those after the one
                that decides are not counted; the state's ``standing.n`` tells.

        Raises:
            ValueError: they are more than the items that are left.
        """
        flags = np.asarray(outcomes, dtype=np.bool_)
        check_length(self.claim, state.standing, len(flags))
        for begin_at in range(0, len(flags), BLOCK):
            if state.standing.decided:
                break
            state = self._after(state, flags[begin_at : begin_at + BLOCK])
        return state

    def remember(self, shape: tuple[int, ...]) -> Memory:
        """Give the count of correct items before any, of paths of a shape."""
        return (np.zeros(shape, dtype=np.int64),)

    def bet(self, memory: Memory, n: int, outcomes: NDArray[Any]) -> tuple[Floats, Memory]:
        """Bet on more items; see :class:`~sphinx_modelzoo.statistics.sequential.SequentialTest`."""
        correct = memory[0][..., np.newaxis] + outcomes.cumsum(axis=-1, dtype=np.int64)
        counts = np.broadcast_to(np.arange(n + 1, n + 1 + outcomes.shape[-1]), correct.shape)
        return self.log_e(counts, correct), (correct[..., -1],)

    def _after(self, state: AccuracyState, flags: NDArray[np.bool_]) -> AccuracyState:
        before = state.standing
        log_e, _ = self.bet((np.array(state.correct),), before.n, flags)
        standing = follow(self.claim, self._thresholds, before, log_e)
        correct = state.correct + int(np.count_nonzero(flags[: standing.n - before.n]))
        left = self.claim.total - standing.n
        return AccuracyState(settle(self.claim, standing, correct, correct + left), correct)

    def _log_choose(self, counts: Integers) -> Floats:
        """Give ln C(N, K), minus infinity where K is not from 0 to N."""
        table, total = self.table, self.claim.total
        parts = table[np.maximum(counts, -1)] + table[np.maximum(total - counts, -1)]
        return np.asarray(table[total] - parts)


def _certain(more: Integers, less: Integers) -> Floats:
    """Give the e-values for bounds that cannot be: the hypothesis cannot either, or it must."""
    impossible = np.empty((HYPOTHESES, *more.shape[1:]), dtype=np.bool_)
    for row in (BELOW, NOT_ABOVE):
        impossible[row] = more[row] < 0
    for row in (ABOVE, NOT_BELOW):
        impossible[row] = less[row] < 0
    return np.where(impossible, math.inf, -math.inf)


def _mixtures(claim: Claim) -> list[tuple[int, list[tuple[int, float]]]]:
    """Give for each hypothesis its bound, and the counts that are bet on with their weights."""
    total = claim.total
    # A bound outside 0 to N stands for all such: its hypothesis is impossible or certain.
    below, low, high, above = (
        min(max(count, -1), total + 1)
        for count in (claim.low - 1, claim.low, claim.high, claim.high + 1)
    )
    shifts = [(max(1, round(share * total)), 1.0) for share in _SHIFTS]
    up = [(max(1, round(part * (claim.listed - below))), weight) for part, weight in _DISTANCES]
    down = [(max(1, round(part * (above - claim.listed))), weight) for part, weight in _DISTANCES]
    return [
        (below, _mixture(below, 1, up, total)),
        (above, _mixture(above, -1, down, total)),
        (low, _mixture(low, -1, shifts, total)),
        (high, _mixture(high, 1, shifts, total)),
    ]


def _mixture(
    bound: int, sign: int, steps: list[tuple[int, float]], total: int
) -> list[tuple[int, float]]:
    """Place the counts beside the bound and drop those that cannot be; weights sum to 1."""
    placed = [(bound + sign * step, weight) for step, weight in steps]
    possible = [(count, weight) for count, weight in placed if 0 <= count <= total]
    if not possible:
        return [(total if sign > 0 else 0, 1.0)]
    together = sum(weight for _, weight in possible)
    return [(count, weight / together) for count, weight in possible]
