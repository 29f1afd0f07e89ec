"""YAML text of plain values, for other programs' files: numbers keep the text that they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sphinx_modelzoo.exchange.scalars import scalar
from sphinx_modelzoo.manifest.kinds import number_value


@dataclass(frozen=True, slots=True)
class Plain:
    """A scalar that is written without quotes: a number or a flag."""

    text: str


Value: TypeAlias = "str | Plain | Sequence[Value] | Mapping[str, Value]"


def number(text: str) -> Plain | str:
    """Give a listed number as other programs read it: ``35.4M`` is a text."""
    return Plain(text) if text[-1].isdecimal() and number_value(text) is not None else text


def dump(value: Value, indent: str = "") -> list[str]:
    """Write a value in block style; empty lists and mappings are left out by the caller."""
    if isinstance(value, Plain):
        return [indent + value.text]
    if isinstance(value, str):
        return [indent + scalar(value)]
    if isinstance(value, Mapping):
        return [line for key, part in value.items() for line in _pair(key, part, indent)]
    return [line for part in value for line in _item(part, indent)]


def _pair(key: str, value: Value, indent: str) -> list[str]:
    if isinstance(value, str | Plain):
        return [f"{indent}{scalar(key)}: {dump(value)[0]}"]
    return [f"{indent}{scalar(key)}:", *dump(value, f"{indent}  ")]


def _item(value: Value, indent: str) -> list[str]:
    first, *rest = dump(value, f"{indent}  ")
    return [f"{indent}- {first.strip()}", *rest]
