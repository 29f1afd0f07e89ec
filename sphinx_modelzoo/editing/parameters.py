"""Counting the parameters in a file of weights, from its headers alone.

All values of all arrays count, running statistics of normalization included, as they do where a
recognizer counts a network's parameters. Counters of batches (``num_batches_tracked``) do not.
"""

from __future__ import annotations

import ast
import json
import zipfile
from pathlib import Path
from typing import BinaryIO

from sphinx_modelzoo.editing import mxnet_file, onnx_file, torch_file
from sphinx_modelzoo.editing.binary import UncountedError, take, unpack, volume

__all__ = ["UncountedError", "count_parameters"]

MAX_HEADER = 100 << 20
_NUMPY = b"\x93NUMPY"
_COUNTER = "num_batches_tracked"


def count_parameters(path: Path) -> int:
    """Give the number of values in a file's arrays.

    Known are MXNet's ``.params``, safetensors, NumPy's ``.npz``, ONNX, and PyTorch's zip files.

    Raises:
        UncountedError: the format is not known, or the file is damaged.
    """
    with path.open("rb") as file:
        start = file.read(16)
        file.seek(0)
        try:
            if mxnet_file.is_params(start):
                return mxnet_file.count(file)
            if start.startswith(b"PK\x03\x04"):
                return _count_zip(file)
            if path.suffix == ".safetensors":
                return _count_safetensors(file)
            if path.suffix == ".onnx":
                return onnx_file.count(file)
        except (ValueError, OSError, zipfile.BadZipFile, EOFError, RecursionError) as error:
            message = f"the file is damaged: {error}"
            raise UncountedError(message) from error
    message = "the format is none that can be counted without running code"
    raise UncountedError(message)


def _count_safetensors(file: BinaryIO) -> int:
    """Count by https://huggingface.co/docs/safetensors: 8 bytes of length, then JSON."""
    (length,) = unpack(file, "Q")
    if length > MAX_HEADER:
        message = "its header is impossibly long"
        raise UncountedError(message)
    header = json.loads(take(file, length))
    if not isinstance(header, dict):
        message = "its header is not a mapping"
        raise UncountedError(message)
    total = 0
    for name, tensor in header.items():
        if name == "__metadata__" or name.endswith(_COUNTER):
            continue
        if not isinstance(tensor, dict) or not isinstance(tensor.get("shape"), list):
            message = f"the tensor {name[:60]!r} has no shape"
            raise UncountedError(message)
        total += volume(tensor["shape"])
    return total


def _count_zip(file: BinaryIO) -> int:
    """Count what a zip file holds: a PyTorch file, NumPy arrays, or one ``.params`` file."""
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        pickles = [name for name in names if name.endswith("/data.pkl") or name == "data.pkl"]
        if len(pickles) == 1:
            with archive.open(pickles[0]) as member:
                return torch_file.count(member.read(MAX_HEADER), ignored=_COUNTER)
        if names and all(name.endswith(".npy") for name in names):
            return sum(_count_npy(archive, name) for name in names)
        if len(names) == 1 and names[0].endswith(".params"):
            with archive.open(names[0]) as member:
                return mxnet_file.count(member)  # type: ignore[arg-type]
    message = "the zip file holds neither arrays nor one file of weights"
    raise UncountedError(message)


def _count_npy(archive: zipfile.ZipFile, name: str) -> int:
    """Count by NumPy's format: a magic, a version, a length, and a Python literal."""
    with archive.open(name) as member:
        file: BinaryIO = member  # type: ignore[assignment]
        start = take(file, 8)
        if not start.startswith(_NUMPY):
            message = f"{name[:60]!r} is not a NumPy array"
            raise UncountedError(message)
        (length,) = unpack(file, "H" if start[6] == 1 else "I")
        if length > 1 << 16:
            message = f"{name[:60]!r} has an impossibly long header"
            raise UncountedError(message)
        try:
            header = ast.literal_eval(take(file, length).decode("latin-1"))
            shape = header["shape"]
        except (SyntaxError, KeyError, TypeError, MemoryError) as error:
            message = f"{name[:60]!r} has no readable header"
            raise UncountedError(message) from error
    return 0 if name.endswith(f"{_COUNTER}.npy") else volume(shape)
