"""Random numbers that are the same under every version of numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Draws:
    """Numbers drawn from the raw stream of PCG64.

    numpy promises the streams of its bit generators and of ``SeedSequence`` for ever, but not what
    ``Generator`` makes of them (NEP 19); so the few distributions needed are made here.
    """

    def __init__(self, *seed: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(seed))

    def below(self, count: int) -> int:
        """Give a whole number from 0 to ``count - 1``, ``count`` at most 65,536."""
        return (int(self._bits.random_raw()) >> 32) * count >> 32

    def between(self, low: float, high: float) -> float:
        """Give a number from ``low`` to ``high``."""
        return low + (high - low) * ((int(self._bits.random_raw()) >> 11) / 2**53)

    def octets(self, *shape: int) -> NDArray[np.uint8]:
        """Give an array of whole numbers from 0 to 255."""
        size = int(np.prod(shape))
        raw = np.atleast_1d(self._bits.random_raw(-(-size // 8))).astype("<u8")
        octets: NDArray[np.uint8] = raw.view(np.uint8)[:size].reshape(shape)
        return octets

    def noise(self, *shape: int) -> NDArray[np.int32]:
        """Give nearly normal noise: the sum of four octets less its mean, deviation 147.8."""
        total: NDArray[np.int32] = self.octets(4, *shape).sum(axis=0, dtype=np.int32)
        return total - np.int32(510)
