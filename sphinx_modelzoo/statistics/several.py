"""Statements about many numbers at once, such as a whole zoo."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sphinx_modelzoo.statistics.claim import Claim, Side
from sphinx_modelzoo.statistics.sequential import ABOVE, BELOW, Standing


def bonferroni(alpha: float, numbers: int) -> float:
    """Give the error rate for each of ``numbers`` tests, so that all are right but for ``alpha``.

    Choose it before the tests begin: each claim's ``alpha`` is this.
    """
    return alpha / max(numbers, 1)


def confirmation_log_e(claim: Claim, standing: Standing) -> float:
    """Give the logarithm of the e-value against "the number does not hold", for :func:`e_bh`.

    It is the least of those against each side that breaks the claim, at the item where the test
    stands now: a test may stop anywhere, but a peak that has passed is no e-value.
    """
    rows = [
        row
        for row, side in ((BELOW, Side.BELOW), (ABOVE, Side.ABOVE))
        if claim.sides.includes(side)
    ]
    return min(standing.log_e[row] for row in rows)


def e_bh(log_e: Sequence[float], alpha: float) -> tuple[int, ...]:
    """Choose the hypotheses to reject so that at most a share ``alpha`` of them is true.

    The procedure rejects the k largest e-values, for the largest k where each is at least
    m / (k alpha) of m. The expected share of false rejections is at most ``alpha``, whatever the
    dependence between the tests.

    Args:
        log_e: The natural logarithm of the e-value of each hypothesis.
        alpha: The rate of false discoveries, above 0 and below 1.

    Returns:
        The places of those to reject, ascending.

    Source: R. Wang and A. Ramdas, "False discovery rate control with e-values", Journal of the
    Royal Statistical Society B 84 (2022), 822-852, https://arxiv.org/abs/2009.02824.
    """
    order = sorted(range(len(log_e)), key=lambda place: -log_e[place])
    chosen = 0
    for k, place in enumerate(order, start=1):
        if log_e[place] >= math.log(len(log_e) / (k * alpha)):
            chosen = k
    return tuple(sorted(order[:chosen]))
