"""The option ``:filter:``: which rows a table shows.

It holds one or more conditions, all of which must hold, such as
``top1>=80 license=Apache-2.0 name~resnet``. A value with spaces stands in quotes.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt

from sphinx_modelzoo.manifest.kinds import number_value
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.sphinxext.table.columns import Column, Kind, Row, sort_value, text_of

_CONDITION = re.compile(r"(?P<key>[^\s=!<>~]+)(?P<sign>!=|>=|<=|=|>|<|~)(?P<value>.*)", re.DOTALL)
_COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": ge,
    "<=": le,
    ">": gt,
    "<": lt,
}

TAG = "tag"
"""The key that is no column: a model's tags."""


class ConditionError(ValueError):
    """A filter that is not understood; its text says what to write."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a column's ``key``, a ``sign``, and a ``value``."""

    key: str
    sign: str
    value: str

    def fits(self, zoo: Zoo, columns: Mapping[str, Column], row: Row) -> bool:
        """Tell whether a row fits; a blank cell fits only ``!=``."""
        if self.sign in _COMPARISONS:
            there = sort_value(zoo, columns[self.key], row)
            wanted = number_value(self.value)
            if isinstance(there, Decimal) and wanted is not None:
                return _COMPARISONS[self.sign](there, wanted)
            # Dates in the form of ISO 8601 compare as texts.
            return isinstance(there, str) and self._text_fits(there)
        texts = {text.casefold() for text in _texts(zoo, columns, self.key, row) if text}
        wanted_text = self.value.casefold()
        match self.sign:
            case "~":
                return any(wanted_text in text for text in texts)
            case "!=":
                return wanted_text not in texts and not self._same_number(zoo, columns, row)
            case _:
                return wanted_text in texts or self._same_number(zoo, columns, row)

    def _text_fits(self, there: str) -> bool:
        compared = (there > self.value) - (there < self.value)
        return _COMPARISONS[self.sign](Decimal(compared), Decimal(0))

    def _same_number(self, zoo: Zoo, columns: Mapping[str, Column], row: Row) -> bool:
        if self.key == TAG or not columns[self.key].is_number:
            return False
        wanted = number_value(self.value)
        return wanted is not None and sort_value(zoo, columns[self.key], row) == wanted


def read_conditions(text: str, columns: Mapping[str, Column]) -> tuple[Condition, ...]:
    """Read the option's text.

    Raises:
        ConditionError: a condition is not of the form KEY SIGN VALUE, or has no such column.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        message = f"a quotation mark is open in {text!r}; close it"
        raise ConditionError(message) from error
    return tuple(_condition(word, columns) for word in words)


def _condition(word: str, columns: Mapping[str, Column]) -> Condition:
    match = _CONDITION.fullmatch(word)
    if match is None:
        message = f"{word!r} is no condition; write for example top1>=80 or license=MIT"
        raise ConditionError(message)
    key, sign, value = match["key"], match["sign"], match["value"]
    if key not in columns and key != TAG:
        message = f"there is no column {key!r}"
        raise ConditionError(message)
    if sign in _COMPARISONS and (key == TAG or not _has_order(columns[key], value)):
        message = f"{word!r} compares what is no number or date; use =, != or ~"
        raise ConditionError(message)
    return Condition(key, sign, value)


def _has_order(column: Column, value: str) -> bool:
    return number_value(value) is not None if column.is_number else column.key == "released"


def _texts(zoo: Zoo, columns: Mapping[str, Column], key: str, row: Row) -> list[str]:
    """Give the texts that ``=`` and ``~`` look at: keys as well as titles."""
    column = columns.get(key)
    match column.kind if column else None:
        case None:
            return list(row.entry.tags)
        case Kind.NAME:
            return [row.entry.name, row.entry.key]
        case Kind.STATUS:
            return [status.kind.value for status in row.statuses.values()]
        case Kind.PAPER:
            return [
                text
                for paper in row.entry.papers
                for text in (paper, zoo.papers[paper].title, str(zoo.papers[paper].number))
            ]
        case Kind.LINK:
            link = row.result.links.get(key)
            return [link.text, link.url or link.file] if link else []
        case _:
            keys = [row.result.dataset] if key == "dataset" else []
            return [*keys, text_of(zoo, columns[key], row)]
