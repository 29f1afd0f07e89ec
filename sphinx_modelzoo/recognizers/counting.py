"""The best classes of a clip, and counting right answers: every clip once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# How many classes a prediction names; top-5 accuracy looks at all of them.
TOP = 5


def best(scores: NDArray[np.float32], count: int = TOP) -> tuple[tuple[int, float], ...]:
    """Give the ``count`` best classes with their scores, best first; of equals the lower class."""
    order = np.argsort(-scores.astype(np.float64), kind="stable")[:count]
    return tuple((int(label), float(scores[label])) for label in order)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of ``total`` clips are right: by the best class, and by the best five."""

    top1: int = 0
    top5: int = 0
    total: int = 0

    def add(self, top: Sequence[tuple[int, float]], label: int) -> Counts:
        """Count a clip by its best classes, best first."""
        classes = [number for number, _ in top]
        return Counts(
            self.top1 + (label in classes[:1]), self.top5 + (label in classes[:TOP]), self.total + 1
        )

    def __str__(self) -> str:
        """Give both in percent, as GluonCV's scripts write them; ``nan`` of nothing."""
        total = self.total or float("nan")
        return f"acc-top1={100 * self.top1 / total:f} acc-top5={100 * self.top5 / total:f}"
