"""Draws without replacement, and the fixed sample that sequential tests are held against."""

from __future__ import annotations

import math

import numpy as np

from sphinx_modelzoo.statistics.logfactorial import log_factorials
from sphinx_modelzoo.statistics.search import least
from sphinx_modelzoo.statistics.sequential import Floats, Integers


def at_least(k: int, *, total: int, marked: int, drawn: int, table: Floats) -> float:
    """Give the probability of ``k`` or more marked items in a draw without replacement.

    Args:
        k: The number of marked items that is asked for.
        total: All items.
        marked: Those of them that are marked.
        drawn: The items that are drawn.
        table: :func:`~sphinx_modelzoo.statistics.logfactorial.log_factorials` of ``total``.
    """
    first, last = max(0, drawn + marked - total), min(drawn, marked)
    mean = drawn * marked / total
    # Twelve standard deviations away there is nothing left that a float could hold beside 1.
    reach = 12.0 * math.sqrt(mean * (1.0 - marked / total)) + 40.0
    start = max(k, first, math.floor(mean - reach))
    counts = np.arange(start, min(last, math.ceil(max(k, mean) + reach)) + 1)
    whole = table[total] - table[drawn] - table[total - drawn]
    inside = _log_choose(table, marked, counts)
    outside = _log_choose(table, total - marked, drawn - counts)
    return min(1.0, float(np.exp(inside + outside - whole).sum()))


def fixed_sample(total: int, losses: int, seen: int, alpha: float) -> int | None:
    """Give the least sample that excludes ``losses`` of ``total`` items when it holds ``seen``.

    It is what a test needs whose sample size is fixed beforehand: no test that may stop at any
    item can do with less.

    Returns:
        The least n where ``seen`` or fewer losses come with a probability of at most ``alpha``;
        None where even all items do not exclude them.
    """
    table = log_factorials(total)

    def excludes(drawn: int) -> bool:
        more = at_least(seen + 1, total=total, marked=losses, drawn=drawn, table=table)
        return 1.0 - more <= alpha

    return least(excludes, 0, total)


def _log_choose(table: Floats, items: int, chosen: Integers) -> Floats:
    return np.asarray(table[items] - table[chosen] - table[items - chosen])
