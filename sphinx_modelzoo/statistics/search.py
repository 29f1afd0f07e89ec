"""Where a condition begins to hold, and items spread evenly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sphinx_modelzoo.statistics.sequential import Integers


def least(holds: Callable[[int], bool], first: int, last: int) -> int | None:
    """Give the least number from ``first`` to ``last`` for which a condition holds, or None.

    The condition must hold for all numbers above one for which it holds.
    """
    if first > last or not holds(last):
        return None
    while first < last:
        middle = (first + last) // 2
        if holds(middle):
            last = middle
        else:
            first = middle + 1
    return first


def spread(marked: int, items: int) -> Integers:
    """Give ``items`` zeros and ones with ``marked`` ones, evenly spread."""
    ends = (np.arange(items + 1, dtype=np.int64) * marked + items // 2) // max(items, 1)
    return np.diff(ends)
