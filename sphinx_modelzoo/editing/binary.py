"""Reading binary files of weights: errors, and reads that never come short."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import BinaryIO

MAX_DIMENSIONS = 32


class UncountedError(Exception):
    """The parameters of a file cannot be counted; the text says why, as the end of a sentence."""


def take(file: BinaryIO, length: int) -> bytes:
    """Read exactly this many bytes.

    Raises:
        UncountedError: the file ends before.
    """
    data = file.read(length)
    if len(data) != length:
        message = "the file ends too early"
        raise UncountedError(message)
    return data


def unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    """Read little-endian integers, by a layout of the module struct."""
    return struct.unpack(f"<{layout}", take(file, struct.calcsize(f"<{layout}")))


def volume(shape: Iterable[object]) -> int:
    """Give the number of values of an array.

    Raises:
        UncountedError: it is no shape.
    """
    sizes = list(shape)
    total = 1
    for size in sizes:
        if type(size) is not int or size < 0 or len(sizes) > MAX_DIMENSIONS:
            message = f"an array has the shape {str(sizes)[:60]}"
            raise UncountedError(message)
        total *= size
    return total
