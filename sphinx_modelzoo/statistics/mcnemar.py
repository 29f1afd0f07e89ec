"""Whether two models that saw the same items differ."""

from __future__ import annotations

import math

from sphinx_modelzoo.statistics.binomial import upper_tail


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Give the exact two-sided p-value of McNemar's test.

    When two models are equally good, an item that only one of them gets right is as often the
    first's as the second's. The p-value is twice the probability of a split as uneven or more, at
    most 1.

    Args:
        only_first: The items that the first model alone has right, at least 0.
        only_second: Those that the second alone has right, at least 0.

    Raises:
        ValueError: a count is negative.

    Source: Q. McNemar, Psychometrika 12 (1947), 153-157, https://doi.org/10.1007/BF02295996.
    """
    if min(only_first, only_second) < 0:
        message = f"{only_first} and {only_second} are not counts"
        raise ValueError(message)
    if only_first == only_second:
        return 1.0
    tail = upper_tail(max(only_first, only_second), only_first + only_second, 0.5)
    return min(1.0, 2.0 * math.exp(tail.log))
