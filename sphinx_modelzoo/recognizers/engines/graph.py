"""A network as MXNet describes it: its operators, how they are wired, and their outputs' shapes.

MXNet's symbols are written as JSON, attributes as text: ``"(1, 1)"``, ``"True"``, ``"0.001"``.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

# Sizes of an output; None is the number of views, or a multiple of it.
Shape = tuple[int | None, ...]

# Attributes that change how MXNet computes, or how it trains, but not what comes out.
_IMMATERIAL = frozenset({"workspace", "cudnn_tune", "cudnn_off", "momentum", "num_args"})


class ConversionError(Exception):
    """A network holds something that has no counterpart here; the text names it."""


@dataclass(frozen=True, slots=True)
class Node:
    """An operator or, where ``operator`` is ``"null"``, an input or a parameter.

    ``inputs`` are pairs: the place of a node in the graph, and which of its outputs.
    """

    operator: str
    name: str
    attributes: Mapping[str, str]
    inputs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """A network's nodes, each behind those that it needs; ``output`` is the one that it gives.

    ``shapes`` are the shapes of the nodes' outputs.
    """

    nodes: tuple[Node, ...]
    output: tuple[int, int]
    shapes: Mapping[tuple[int, int], Shape]


class Attributes:
    """The attributes of one node; each is taken by what converts it, and none may be left over."""

    def __init__(self, node: Node) -> None:
        """Read the attributes of ``node``."""
        self._node = node
        self._left = {
            name: text
            for name, text in node.attributes.items()
            if name not in _IMMATERIAL and not name.startswith("__")
        }

    def take(self, name: str, default: Any) -> Any:
        """Give an attribute as a value; text that is no literal stays text."""
        text = self._left.pop(name, None)
        if text is None:
            return default
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text

    def expect(self, name: str, *values: Any) -> None:
        """Take an attribute that may have only these values; the first is the default."""
        value = self.take(name, values[0])
        if value not in values:
            self.refuse(f"{name}={value}")

    def numbers(self, name: str, default: Sequence[int] = ()) -> tuple[int, ...]:
        """Take an attribute that is one number or several."""
        value = self.take(name, tuple(default))
        return (value,) if isinstance(value, int) else tuple(value if value is not None else ())

    def ignore(self, *names: str) -> None:
        """Take attributes that do not matter where a network only predicts."""
        for name in names:
            self._left.pop(name, None)

    def finish(self) -> None:
        """Refuse attributes that nothing has taken: what they mean would be lost."""
        left = {name: text for name, text in self._left.items() if text not in {"None", ""}}
        if left:
            self.refuse(", ".join(f"{name}={text}" for name, text in left.items()))

    def refuse(self, what: str) -> NoReturn:
        """Raise a ``ConversionError`` that names the operator, the layer and what is in the way."""
        msg = f"{self._node.operator} ({self._node.name}) with {what}"
        raise ConversionError(msg)
