"""PyTorch's zip files of tensors, read without PyTorch and without running what a pickle names.

A pickle may call any function. Here none is looked up: the few names that tensors are made of
stand for inert functions of this module, every other name for an empty object.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sphinx_modelzoo.editing.binary import UncountedError, volume

# Where checkpoints keep their state dictionary.
_STATES = ("state_dict", "model_state_dict", "model", "net", "module")


@dataclass(frozen=True, slots=True)
class _Tensor:
    """A tensor's place in its storage; two that are equal share their values."""

    storage: str
    offset: object
    shape: tuple[object, ...]


class _Unknown:
    """An object of a class that is not looked up."""

    def __init__(self, *arguments: object, **named: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        pass

    def __call__(self, *_: object) -> _Unknown:
        return self

    def append(self, item: object) -> None:
        """Take an item of a list and forget it."""

    def __setitem__(self, key: object, value: object) -> None:
        pass


@dataclass(frozen=True, slots=True)
class _Rebuild:
    """Stands for the functions that make a tensor of its storage, or wrap one that is made."""

    wraps: bool = False

    def __call__(self, first: object, *rest: object) -> object:
        if self.wraps:
            return first
        if isinstance(first, str) and len(rest) > 1 and isinstance(rest[1], tuple):
            return _Tensor(first, rest[0], rest[1])
        return _Unknown()

    def __setstate__(self, state: object) -> None:
        pass


_NAMES: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch", "Size"): tuple,
    ("torch._utils", "_rebuild_tensor"): _Rebuild(),
    ("torch._utils", "_rebuild_tensor_v2"): _Rebuild(),
    ("torch._utils", "_rebuild_parameter"): _Rebuild(wraps=True),
}

# The one written in Python: its memo is a dictionary, where the other one makes a list as long as
# the greatest index that a forged file names.
_Unpickler: Any = pickle._Unpickler  # noqa: SLF001


class _Reader(_Unpickler):  # type: ignore[misc]
    """An unpickler that imports nothing."""

    def find_class(self, module: str, name: str) -> Any:
        """Give the inert stand-in of a name."""
        return _NAMES.get((module, name), _Unknown)

    def persistent_load(self, identity: object) -> object:
        """Give the key of a storage; its bytes are never read."""
        if isinstance(identity, tuple) and len(identity) > 2:  # noqa: PLR2004 - storage, type, key
            return str(identity[2])
        return _Unknown()


def count(data: bytes, ignored: str) -> int:
    """Give the number of values in the tensors of a pickled state dictionary.

    Tensors that share their values count once; those whose name ends in ``ignored`` do not count.

    Raises:
        UncountedError: it holds no dictionary of tensors.
    """
    try:
        root = _Reader(io.BytesIO(data)).load()
    except Exception as error:
        message = f"its pickle cannot be read: {error}"
        raise UncountedError(message) from error
    tensors = {
        tensor for name, tensor in _tensors(_state(root), "", 0) if not name.endswith(ignored)
    }
    if not tensors:
        message = "it holds no dictionary of tensors"
        raise UncountedError(message)
    return sum(volume(tensor.shape) for tensor in tensors)


def _state(root: object) -> object:
    """Find the state dictionary of a checkpoint, which also holds an optimizer and more."""
    if isinstance(root, dict):
        for key in _STATES:
            if isinstance(root.get(key), dict):
                return _state(root[key])
    return root


def _tensors(node: object, name: str, depth: int) -> Iterator[tuple[str, _Tensor]]:
    if isinstance(node, _Tensor):
        yield name, node
    elif isinstance(node, dict) and depth < 8:  # noqa: PLR2004 - deeper than any state dictionary
        for key, value in node.items():
            yield from _tensors(value, f"{name}.{key}", depth + 1)
