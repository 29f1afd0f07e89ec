"""MXNet's files of arrays (``.params``), read by their headers.

The layout is that of ``NDArray::Save`` in MXNet 1.x, src/ndarray/ndarray.cc: a list magic, a
reserved word, the number of arrays, each array with its own magic, then the names.
"""

from __future__ import annotations

from typing import BinaryIO

from sphinx_modelzoo.editing.binary import MAX_DIMENSIONS, UncountedError, unpack, volume

_LIST = 0x112
_V1, _V2, _V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA
_DENSE = 0
# Bytes of a value, by the number of its type: float 32, 64, 16, uint8, int 32, 8, 64, bool, then
# int16, uint 16, 32, 64 and bfloat16.
_BYTES = {0: 4, 1: 8, 2: 2, 3: 1, 4: 4, 5: 1, 6: 8, 7: 1, 8: 2, 9: 2, 10: 4, 11: 8, 12: 2}


def is_params(start: bytes) -> bool:
    """Tell from its first bytes whether a file is a list of MXNet arrays."""
    return start[:8] == _LIST.to_bytes(8, "little")


def count(file: BinaryIO) -> int:
    """Give the number of values in all arrays.

    Raises:
        UncountedError: the file is damaged, or holds sparse arrays.
    """
    magic, _, arrays = unpack(file, "QQQ")
    if magic != _LIST:
        message = "it is not a list of MXNet arrays"
        raise UncountedError(message)
    total = sum(_array(file) for _ in range(arrays))
    (names,) = unpack(file, "Q")
    if names not in (0, arrays):
        message = f"it has {arrays} arrays and {names} names"
        raise UncountedError(message)
    return total


def _array(file: BinaryIO) -> int:
    """Count one array and go past it."""
    (magic,) = unpack(file, "I")
    if magic in (_V2, _V3):
        (storage,) = unpack(file, "i")
        if storage != _DENSE:
            message = "it holds sparse arrays"
            raise UncountedError(message)
    # Before the first magic, the number of dimensions stood there and sizes had four bytes.
    old = magic not in (_V1, _V2, _V3)
    dimensions = magic if old else unpack(file, "i")[0]
    empty = -1 if magic == _V3 else 0
    if dimensions == empty:
        return 0
    if not 0 <= dimensions <= MAX_DIMENSIONS:
        message = "an array has an impossible number of dimensions"
        raise UncountedError(message)
    values = volume(unpack(file, f"{dimensions}{'I' if old else 'q'}"))
    _, _, kind = unpack(file, "iii")
    if kind not in _BYTES:
        message = f"an array has the unknown type {kind}"
        raise UncountedError(message)
    file.seek(values * _BYTES[kind], 1)
    return values
