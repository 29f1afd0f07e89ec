"""How many items a test will take, so that a budget can be planned before it is spent."""

from __future__ import annotations

import numpy as np

from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.paired import PairedTest
from sphinx_modelzoo.statistics.paths import endings
from sphinx_modelzoo.statistics.search import spread

_PATHS = 200
_SEED = 20200608


def items_to_confirm(test: AccuracyTest | PairedTest, flips: float = 0.0) -> int:
    """Give the items that a confirmation takes when the listed count is the true one.

    Against evidence without flips this is no estimate: so many items confirm, when none differs.
    With flips it is the median of 200 simulated runs, from a fixed seed. For outcomes alone it is
    where a run confirms whose correct items come evenly; the median is up to a tenth away.

    Args:
        test: The test of a claim that can hold.
        flips: Only against evidence: the share of all items that the verifier's machine gets
            wrong where the evidence is right, and as many the other way round; 0 to 0.5.

    Returns:
        At most N, which always decides.
    """
    claim = test.claim
    if isinstance(test, AccuracyTest):
        correct = spread(claim.listed, claim.total)
        return test.after(test.start(), correct.astype(np.bool_)).standing.n
    each = round(flips * claim.total)
    if each:
        return _median_with_flips(test, each)
    return test.after(test.start(), np.zeros(claim.total, dtype=np.int64)).standing.n


def _median_with_flips(test: PairedTest, each: int) -> int:
    """Simulate runs over ever more items, until half of them have confirmed."""
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
        median = float(np.median(endings(test, outcomes).confirmed_at))
        if median <= items:
            return round(median)
        if items == total:
            return total
        items = min(total, 4 * items)
