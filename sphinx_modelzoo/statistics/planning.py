"""How many items a test will take, so that a budget can be planned before it is spent."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.paired import PairedTest
from sphinx_modelzoo.statistics.paths import endings
from sphinx_modelzoo.statistics.search import spread

_PATHS = 200
_SEED = 20200608
_MEDIAN = 0.5
# Of so many outcomes at once, a byte each, there are fewer runs.
_CELLS = 20_000_000
_FEW_PATHS = 20


def items_to_confirm(
    test: AccuracyTest | PairedTest, flips: float = 0.0, probability: float = 0.5
) -> int:
    """Give the items that a confirmation takes when the listed count is the true one.

    Against evidence without flips this is no estimate: so many items confirm, when none differs.
    With flips it is what suffices for a share of 200 simulated runs, from a fixed seed. For
    outcomes alone it is where a run confirms whose correct items come evenly, the median is up to a
    tenth away; where more than the median is asked for, runs are simulated too.

    Args:
        test: The test of a claim that can hold.
        flips: Only against evidence: the share of all items that the verifier's machine gets
            wrong where the evidence is right, and as many the other way round; 0 to 0.5.
        probability: How likely so many items are to confirm: 0.5, the median, to below 1.

    Returns:
        At most N, which always decides.
    """
    claim = test.claim
    if isinstance(test, AccuracyTest):
        correct = spread(claim.listed, claim.total)
        if probability > _MEDIAN:
            return _shuffled(test, correct.astype(np.int8), probability)
        return test.after(test.start(), correct.astype(np.bool_)).standing.n
    each = round(flips * claim.total)
    if each:
        return _simulated(test, each, probability)
    return test.after(test.start(), np.zeros(claim.total, dtype=np.int64)).standing.n


def _shuffled(test: AccuracyTest, outcomes: NDArray[Any], probability: float) -> int:
    """Simulate runs over all items, of which those are right that the number says."""
    paths = max(_FEW_PATHS, min(_PATHS, _CELLS // outcomes.size))
    runs = np.broadcast_to(outcomes, (paths, outcomes.size))
    shuffled = np.random.default_rng(_SEED).permuted(runs, axis=1)
    found = float(np.quantile(endings(test, shuffled).confirmed_at, probability))
    return min(test.claim.total, math.ceil(found))


def _simulated(test: PairedTest, each: int, probability: float) -> int:
    """Simulate runs over ever more items, until enough of them have confirmed."""
    total = test.claim.total
    items = min(total, 1024)
    while True:
        generator = np.random.default_rng(_SEED)
        outcomes = np.zeros((_PATHS, items), dtype=np.int8)
        drawn = generator.multivariate_hypergeometric(
            [each, each, total - 2 * each], items, size=_PATHS
        )
        for row, (losses, gains, _) in zip(outcomes, drawn, strict=True):
            row[:losses] = -1
            row[losses : losses + gains] = 1
        outcomes = generator.permuted(outcomes, axis=1)
        found = float(np.quantile(endings(test, outcomes).confirmed_at, probability))
        if found <= items:
            return round(found)
        if items == total:
            return total
        items = min(total, 4 * items)
