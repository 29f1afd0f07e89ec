"""Where the test of outcomes alone ends, exactly: over all orders of the items at once."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.sequential import Floats, log_thresholds


def rejection_times(test: AccuracyTest, correct: int, rows: Collection[int]) -> Floats:
    """Give how probable it is that one of some hypotheses is first rejected after n items.

    The e-values depend on nothing but the items and the correct ones among them, so a dynamic
    programme over both goes through all N! orders: it takes N steps of at most N states each.

    Args:
        test: The test of a claim about N items.
        correct: The true number of correct items among all, 0 to N.
        rows: The hypotheses, as rows of :mod:`~sphinx_modelzoo.statistics.sequential`.

    Returns:
        The probabilities for n = 0 to N, shape (N + 1,); their sum is that of a rejection at all.
    """
    total, chosen = test.claim.total, list(rows)
    thresholds = log_thresholds(test.claim)[chosen, np.newaxis]
    rejected = np.zeros(total + 1)
    # Index s holds the probability of s correct items so far, without a rejection.
    going = np.zeros(total + 2)
    going[0] = 1.0
    for n in range(total + 1):
        seen = np.arange(max(0, correct - (total - n)), min(correct, n) + 1)
        log_e = test.log_e(np.full(len(seen), n), seen)[chosen]
        hit = seen[(log_e >= thresholds).any(axis=0)]
        rejected[n] = going[hit].sum()
        going[hit] = 0.0
        if n < total:
            share = (correct - seen) / (total - n)
            here = going[seen]
            going[seen] = here * (1.0 - share)
            going[seen + 1] += here * share
    return rejected
