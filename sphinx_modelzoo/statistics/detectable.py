"""The smallest shift that a run of so many items could have found."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.claim import Claim, Side
from sphinx_modelzoo.statistics.hypergeometric import at_least
from sphinx_modelzoo.statistics.logfactorial import log_factorials
from sphinx_modelzoo.statistics.paired import PairedTest, bet_on_sum
from sphinx_modelzoo.statistics.search import least, spread
from sphinx_modelzoo.statistics.sequential import (
    BLOCK,
    NOT_ABOVE,
    NOT_BELOW,
    Memory,
    log_thresholds,
)


def detectable_shift(
    test: AccuracyTest | PairedTest,
    n: int,
    *,
    side: Side = Side.BELOW,
    power: float = 0.9,
    flips: float = 0.0,
) -> int | None:
    """Give the smallest shift that the first ``n`` items would very probably have refuted.

    A shift of x means that the true count of correct items is x below the listed one (above it,
    for that side). It is detectable when the test, followed over ``n`` items, refutes the claim
    on that side with a probability of at least ``power``.

    The probability is taken from what the ``n`` items hold: the least number k of wrong items
    (against evidence: of losses) with which they refute is found by halving, and the shift is the
    smallest with which ``n`` items drawn without replacement hold k or more with probability
    ``power``. For outcomes alone this is a lower bound of the true probability, since the e-value
    after n items depends on their number alone, and an earlier refutation only adds to it.
    Against evidence the e-value depends on the order also; k is that of losses that come evenly.

    Args:
        test: The test of a claim.
        n: From 0 to N.
        side: ``BELOW`` or ``ABOVE``.
        power: Above 0 and below 1.
        flips: Only against evidence: the share of all items that are lost beside the shift, with
            as many gained; from 0 to 0.5.

    Returns:
        The shift in items, at least 1; in points it is 100 / N times that. None when ``n`` items
        find no shift, or when the claim is not refuted on that side.

    Raises:
        ValueError: ``side`` is both.
    """
    if side is Side.BOTH:
        message = "a shift is to one side"
        raise ValueError(message)
    claim = test.claim
    if n == claim.total:
        broken = claim.sides.includes(side)
        return _least_that_breaks(claim, side) if broken else None
    if not claim.refute.includes(side):
        return None
    if isinstance(test, AccuracyTest):
        refutes = _refutes_alone(test, n, side)
        already = claim.total - claim.listed if side is Side.BELOW else claim.listed
    else:
        refutes = _refutes_evidence(test, n, side, flips)
        already = 0
    needed = least(refutes, 0, n)
    if needed is None:
        return None
    table = log_factorials(claim.total)

    def found(shift: int) -> bool:
        marked = already + shift
        chance = at_least(needed, total=claim.total, marked=marked, drawn=n, table=table)
        return chance >= power

    room = claim.listed if side is Side.BELOW else claim.total - claim.listed
    return least(found, 1, room)


def _least_that_breaks(claim: Claim, side: Side) -> int | None:
    """Give the shift that takes the count out of the band, where a count can be there."""
    if side is Side.BELOW:
        return claim.listed - claim.low + 1 if claim.low > 0 else None
    return claim.high - claim.listed + 1 if claim.high < claim.total else None


def _refutes_alone(test: AccuracyTest, n: int, side: Side) -> Callable[[int], bool]:
    """Tell whether ``n`` items refute when so many are wrong (correct, for a shift above)."""
    row = NOT_BELOW if side is Side.BELOW else NOT_ABOVE
    threshold = log_thresholds(test.claim)[row]

    def refutes(shifted: int) -> bool:
        correct = n - shifted if side is Side.BELOW else shifted
        return bool(test.log_e(np.array(n), np.array(correct))[row] >= threshold)

    return refutes


def _refutes_evidence(test: PairedTest, n: int, side: Side, flips: float) -> Callable[[int], bool]:
    """Tell whether ``n`` items refute when so many differences come evenly, flips among them."""
    row = NOT_BELOW if side is Side.BELOW else NOT_ABOVE
    only = slice(row, row + 1)
    hypotheses = test.sums.rows(only)
    sign = -1 if side is Side.BELOW else 1
    threshold = log_thresholds(test.claim)[row]

    def refutes(shifted: int) -> bool:
        back = min(math.ceil(flips * n), (n - shifted) // 2)
        events = spread(shifted + 2 * back, n)
        events[events > 0] = sign * (1 - 2 * spread(back, shifted + 2 * back))
        wealth, net = test.remember(())
        memory: Memory = wealth[only], net
        for done in range(0, n, BLOCK):
            piece = events[done : done + BLOCK]
            log_e, memory = bet_on_sum(hypotheses, memory, n=done, outcomes=piece)
            if log_e.max() >= threshold:
                return True
        return False

    return refutes
