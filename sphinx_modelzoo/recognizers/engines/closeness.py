"""Whether scores are too close for a fast engine to decide their order.

The reference's own score lies within the disagreement of a fast engine's. Two scores may each be
off by it, towards each other: only a wider gap shows which of them the reference puts first.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Context

import numpy as np

from sphinx_modelzoo.recognizers.engines.engine import Scores

# Counts depend on which class is best, and on which are the best five.
PLACES = (1, 5)

# The seeded views show how far an engine is off; other views may be this many times worse.
SAFETY = 4.0

# No two libraries agree on the last bits of 32-bit sums, even where no seeded view shows it.
LEAST = 1e-6

# Engines that are further off than this are not used.
MOST = 1e-3

_ONE_DIGIT = Context(prec=1, rounding=ROUND_CEILING)


def allowed(measured: float) -> float:
    """Give the disagreement that is reckoned with, from the one that was measured.

    Rounded up to one digit: passes of another size measure a little more or less, and a run that
    was cut off goes on only under the same disagreement.
    """
    return float(_ONE_DIGIT.create_decimal(repr(SAFETY * max(measured, LEAST))))


def is_close(scores: Scores, largest: float, disagreement: float) -> bool:
    """Say whether the best class, or the set of the best five, may differ from the reference's.

    Args:
        scores: An item's scores, one a class: the mean of its views'.
        largest: The largest absolute score of any of its views, of which the disagreement is a
            share.
        disagreement: The engine's; 0 of the reference, which is never too close.
    """
    if not disagreement:
        return False
    ordered = -np.sort(-scores.astype(np.float64))
    # The disagreement is a share of the reference's largest score, which may be that much larger.
    margin = 2.0 * disagreement * largest / (1.0 - disagreement)
    return any(
        ordered[place - 1] - ordered[place] <= margin for place in PLACES if place < len(ordered)
    )
