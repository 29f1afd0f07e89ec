"""ONNX models, read by their wire format (Protocol Buffers): the sizes of all initializers.

Field numbers are those of onnx.proto: ``ModelProto.graph`` 7, ``GraphProto.initializer`` 5,
``TensorProto.dims`` 1.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from sphinx_modelzoo.editing.binary import UncountedError, take, volume

_GRAPH, _INITIALIZER, _DIMS = 7, 5, 1
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
_MAX_VARINT = 10


def count(file: BinaryIO) -> int:
    """Give the number of values in the initializers of the model's graph.

    Raises:
        UncountedError: it is not such a file, or it has no initializer.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    shapes = [
        _shape(file, tensor_end)
        for graph_end in _parts(file, end, _GRAPH)
        for tensor_end in _parts(file, graph_end, _INITIALIZER)
    ]
    if not shapes:
        message = "it is no ONNX model with initializers"
        raise UncountedError(message)
    return sum(volume(shape) for shape in shapes)


def _shape(file: BinaryIO, end: int) -> list[int]:
    """Give a tensor's dimensions, which may be packed."""
    shape = []
    for field, wire, stop in _fields(file, end):
        if field == _DIMS and wire == _VARINT:
            shape.append(stop)
        elif field == _DIMS and wire == _BYTES:
            while file.tell() < stop:
                shape.append(_varint(file))
    return shape


def _parts(file: BinaryIO, end: int, wanted: int) -> Iterator[int]:
    """Stop at each part with this field number; gives where it ends."""
    for field, wire, stop in _fields(file, end):
        if field == wanted and wire == _BYTES:
            yield stop


def _fields(file: BinaryIO, end: int) -> Iterator[tuple[int, int, int]]:
    """Give a message's fields: number, wire type, and the value of a varint or a part's end."""
    while file.tell() < end:
        tag = _varint(file)
        field, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            yield field, wire, _varint(file)
            continue
        if wire not in (_EIGHT_BYTES, _BYTES, _FOUR_BYTES):
            message = "it is not an ONNX model"
            raise UncountedError(message)
        length = _varint(file) if wire == _BYTES else {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}[wire]
        stop = file.tell() + length
        if stop > end:
            message = "the file ends too early"
            raise UncountedError(message)
        yield field, wire, stop
        file.seek(stop)


def _varint(file: BinaryIO) -> int:
    value = 0
    for position in range(_MAX_VARINT):
        byte = take(file, 1)[0]
        value |= (byte & 0x7F) << (7 * position)
        if byte < 0x80:  # noqa: PLR2004 - the last byte has no continuation bit
            return value
    message = "it is not an ONNX model"
    raise UncountedError(message)
