"""The learning rate over training: warm-up, then steps or a cosine."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

MODES = ("step", "cosine")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A learning-rate schedule, in epochs.

    ``warmup_epochs`` rise evenly from ``warmup_base`` to ``base``. Then ``step`` multiplies by
    ``decay`` at each of the ``decay_epochs``, and ``cosine`` falls to 0 at ``epochs`` (Loshchilov
    and Hutter, 2017, https://arxiv.org/abs/1608.03983).
    """

    base: float
    epochs: int
    mode: str = "step"
    decay: float = 0.1
    decay_epochs: tuple[int, ...] = ()
    warmup_epochs: int = 0
    warmup_base: float = 0.0

    def rate(self, epoch: float) -> float:
        """Give the learning rate at a time in epochs, from 0; fractions are between epochs."""
        if epoch < self.warmup_epochs:
            share = epoch / self.warmup_epochs
            return self.warmup_base + (self.base - self.warmup_base) * share
        if self.mode == "cosine":
            left = max(1e-9, self.epochs - self.warmup_epochs)
            done = min(1.0, (epoch - self.warmup_epochs) / left)
            return self.base * (1.0 + math.cos(math.pi * done)) / 2.0
        return self.base * self.decay ** bisect_right(self.decay_epochs, epoch)
