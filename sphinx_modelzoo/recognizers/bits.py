"""Reading the numbers and units that the packets of a video consist of."""

from __future__ import annotations

from collections.abc import Iterator


class IrregularError(Exception):
    """What a packet holds is not certain."""


class Bits:
    """Reads numbers bit by bit, the highest first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def read(self, count: int) -> int:
        """Read a number of so many bits."""
        self._left -= count
        if self._left < 0:
            raise IrregularError
        return self._value >> self._left & (1 << count) - 1

    def number(self) -> int:
        """Read a number that H.264 writes in as many bits as it needs."""
        zeros = 0
        while not self.read(1):
            zeros += 1
        return (1 << zeros) + self.read(zeros) - 1

    def marker(self) -> None:
        """Read a bit that must be set."""
        if not self.read(1):
            raise IrregularError


def start_codes(data: bytes) -> Iterator[tuple[int, int]]:
    """Give where the units begin (after 0, 0, 1) and end."""
    start = data.find(b"\0\0\1")
    while start >= 0:
        following = data.find(b"\0\0\1", start + 3)
        if start + 3 < len(data):
            yield start + 3, len(data) if following < 0 else following
        start = following
