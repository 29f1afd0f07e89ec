"""A sequential test on many paths of outcomes at once: what simulations and plans are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.statistics.claim import Side
from sphinx_modelzoo.statistics.sequential import (
    ABOVE,
    BELOW,
    HYPOTHESES,
    NOT_BELOW,
    Integers,
    SequentialTest,
    log_thresholds,
)

# Items that are looked at together: the product with the number of paths is held in memory.
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Endings:
    """Where the paths end, shape (paths,) each; ``never`` is one more than the items of a path.

    A path ends with the first of the two, with the refutation when they are equal.
    """

    confirmed_at: Integers
    refuted_at: Integers
    never: int


def endings(test: SequentialTest, outcomes: NDArray[Any]) -> Endings:
    """Follow many paths until each has ended, by chance or certainty.

    Args:
        test: The test of one claim.
        outcomes: What comes on each path, shape (paths, items), as for the test's ``after``.

    Returns:
        Where hypotheses are rejected; a path is not followed beyond its first conclusion, so the
        other is ``never`` then.
    """
    paths, items = outcomes.shape
    never = items + 1
    rejected = np.full((HYPOTHESES, paths), never)
    thresholds = log_thresholds(test.claim)[:, np.newaxis, np.newaxis]
    alive = np.arange(paths)
    memory = test.remember((paths,))
    for n in range(0, items, _BLOCK):
        log_e, memory = test.bet(memory, n, outcomes[alive, n : n + _BLOCK])
        reached = log_e >= thresholds
        at = np.where(reached.any(axis=-1), n + 1 + reached.argmax(axis=-1), never)
        rejected[:, alive] = np.minimum(rejected[:, alive], at)
        confirmed, refuted = _conclusions(test, rejected[:, alive])
        going = (confirmed == never) & (refuted == never)
        alive, memory = alive[going], tuple(array[..., going] for array in memory)
        if not alive.size:
            break
    confirmed, refuted = _conclusions(test, rejected)
    first = np.minimum(confirmed, refuted)
    return Endings(
        confirmed_at=np.where((confirmed == first) & (confirmed < refuted), confirmed, never),
        refuted_at=np.where(refuted == first, refuted, never),
        never=never,
    )


def _conclusions(test: SequentialTest, rejected: Integers) -> tuple[Integers, Integers]:
    sides = test.claim.sides
    rows = [row for row, side in ((BELOW, Side.BELOW), (ABOVE, Side.ABOVE)) if sides.includes(side)]
    return rejected[rows].max(axis=0), rejected[NOT_BELOW:].min(axis=0)
