"""The exact confidence interval of a share that was counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from sphinx_modelzoo.statistics.binomial import upper_tail

# Newton's error squares with each step: after one this small nothing is left.
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of shares, ``low`` to ``high``, both from 0 to 1."""

    low: float
    high: float


def clopper_pearson(correct: int, n: int, confidence: float = 0.95) -> Interval:
    """Give the exact interval of a share of which ``correct`` of ``n`` were seen.

    The true share lies in the interval in at least ``confidence`` of all samples, whatever it is:
    a share outside gives so many or more (so few or less) with less than (1 - confidence) / 2.
    Right to 1e-12 for n up to a million.

    Args:
        correct: The items that count, 0 to n.
        n: The items that were looked at, at least 1.
        confidence: Above 0 and below 1.

    Raises:
        ValueError: an argument is out of its range.

    Source: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), 404-413,
    https://doi.org/10.1093/biomet/26.4.404.
    """
    if not 0 <= correct <= n or n < 1:
        message = f"{correct} of {n} is no share"
        raise ValueError(message)
    if not 0.0 < confidence < 1.0:
        message = f"a confidence of {confidence} is not between 0 and 1"
        raise ValueError(message)
    tail = (1.0 - confidence) / 2.0
    return Interval(_lower(correct, n, tail), 1.0 - _lower(n - correct, n, tail))


def _lower(correct: int, n: int, tail: float) -> float:
    """Find p where P(X >= correct) is ``tail``.

    Newton's method in log p on log P, which is concave and increasing: from its first step on it
    stands left of the root and only moves right, so it needs no bracket. The start is the normal
    approximation's limit with Wilson's correction, half an item lower.
    """
    if correct == 0:
        return 0.0
    z = -NormalDist().inv_cdf(tail)
    seen = correct - 0.5
    spread = z * math.sqrt(z * z + 4.0 * seen * (1.0 - seen / n))
    log_p = math.log((2.0 * seen + z * z - spread) / (2.0 * (n + z * z)))
    goal = math.log(tail)
    step = 1.0
    while abs(step) > _CLOSE:
        found = upper_tail(correct, n, math.exp(log_p))
        step = (goal - found.log) / found.slope
        log_p += step
    return math.exp(log_p)
