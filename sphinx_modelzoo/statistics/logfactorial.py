"""Logarithms of factorials as one table, made once."""

from __future__ import annotations

import math

import numpy as np

from sphinx_modelzoo.statistics.sequential import Floats

# Below this the terms of Stirling's series would have to be more.
_SMALL = 20
# So many elements are worked out at once: the steps between need no memory to speak of.
_BLOCK = 65536


def log_factorials(n: int) -> Floats:
    """Give ln 0!, ln 1!, ..., ln n!, and infinity as the last element, at index n + 1 and -1.

    Stirling's series (https://dlmf.nist.gov/5.11) to the last bits of a float; eight bytes an
    element. The infinity stands for 1/(-1)! = 0: with indices below -1 raised to -1, the table
    gives binomial coefficients outside their support the logarithm minus infinity.
    """
    table = np.empty(n + 2)
    head = min(n + 1, _SMALL)
    table[:head] = [math.lgamma(k + 1) for k in range(head)]
    for first in range(head, n + 1, _BLOCK):
        k = np.arange(first, min(first + _BLOCK, n + 1), dtype=np.float64)
        inverse = 1.0 / k
        square = inverse * inverse
        series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
        stirling = (k + 0.5) * np.log(k) - k + 0.5 * math.log(2.0 * math.pi) + series
        table[first : first + len(k)] = stirling
    table[-1] = math.inf
    return table
