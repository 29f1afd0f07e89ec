"""The upper tail of a binomial distribution, in logarithms and without a table."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Lentz's method adds a factor a step; it ends when a factor is 1 to the last bits of a float.
_ENOUGH = 1e-16
_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class Tail:
    """``log`` of P(X >= k), and its derivative by ``log p``."""

    log: float
    slope: float


def upper_tail(k: int, n: int, p: float) -> Tail:
    """Give P(X >= k) for X of Binomial(n, p).

    The tail is the regularised incomplete beta function I_p(k, n - k + 1), as the continued
    fraction 8.17.22 of the Digital Library of Mathematical Functions (https://dlmf.nist.gov/8.17).
    It converges fast for ``k`` above the mean, where it is used.

    Args:
        k: From 1 to n.
        n: The number of trials.
        p: Above 0 and below 1.
    """
    log_mass = (
        math.lgamma(n + 1)
        - math.lgamma(k + 1)
        - math.lgamma(n - k + 1)
        + k * math.log(p)
        + (n - k) * math.log1p(-p)
    )
    # P(X >= k) / P(X = k), at least 1.
    ratio = (1.0 - p) / _continued_fraction(k, n - k + 1, p)
    return Tail(log_mass + math.log(ratio), k / ratio)


def _continued_fraction(a: int, b: int, x: float) -> float:
    """Evaluate 1 + d1/(1 + d2/(1 + ...)) by Lentz's method as Thompson and Barnett changed it."""
    tiny = 1e-300
    value = upper = 1.0
    lower = 0.0
    for step in range(1, _STEPS):
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        lower = 1.0 / ((1.0 + term * lower) or tiny)
        upper = (1.0 + term / upper) or tiny
        factor = upper * lower
        value *= factor
        if abs(factor - 1.0) <= _ENOUGH:
            break
    return value
