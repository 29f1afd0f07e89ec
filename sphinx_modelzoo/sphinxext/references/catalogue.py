"""What a zoo lists, found by the words that ask for it in prose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sphinx_modelzoo.manifest.model import Dataset, Entry, Result, Zoo
from sphinx_modelzoo.manifest.values import listing
from sphinx_modelzoo.receipts.model import NumberKey, Status
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.sphinxext.messages import Subtype, suggest
from sphinx_modelzoo.sphinxext.table.columns import Column, Kind, Row, columns_of, text_of

UNIT = "unit"
"""The last word of a role that asks for the unit as well."""

_SHOWN = frozenset({Kind.METRIC, Kind.INTERVAL, Kind.AMOUNT, Kind.TEXT, Kind.LOAD, Kind.DETAIL})
_OF_A_RESULT = frozenset({"dataset", "protocol"})
_OF_A_DATASET = ("title", "split", "samples", "classes", "license", "url")


class UnlistedError(Exception):
    """The manifest does not list what is asked for, or lists several; the text says what to do."""

    def __init__(self, text: str, subtype: Subtype = Subtype.VALUE) -> None:
        super().__init__(text)
        self.subtype = subtype


@dataclass(frozen=True, slots=True)
class Found:
    """What a role asks for: a column of one row; or ``text``, where it is known already."""

    text: str = ""
    row: Row | None = None
    column: Column | None = None
    unit: str = ""


class Catalogue:
    """What a zoo lists, by the words that ask for it."""

    def __init__(self, zoo: Zoo) -> None:
        self.zoo = zoo
        self._columns = {
            key: column for key, column in columns_of(zoo).items() if column.kind in _SHOWN
        }
        self._entries: dict[str, Entry] = {}
        for entry in sorted(zoo.entries, key=lambda entry: not entry.default):
            self._entries.setdefault(entry.name, entry)
            self._entries.setdefault(entry.key, entry)

    def find(self, text: str) -> Found:
        """Give what ``NAME[@HASHTAG] [DATASET] [PROTOCOL] WHAT [unit]`` asks for.

        A name alone means its default weights. ``DATASET WHAT`` asks for a fact of a data set.

        Raises:
            UnlistedError: there is no such value, or the words fit several.
        """
        words = text.split()
        with_unit = len(words) > 2 and words[-1] == UNIT and words[-2] in self._columns  # noqa: PLR2004
        *words, what = words[:-1] if with_unit else words or [""]
        name, narrowing = self._subject(words, text)
        is_fact = name in self.zoo.datasets and what not in self._columns
        if name in self._entries and not is_fact:
            column = self._column(what, self._columns)
            row = self._row(self._entries[name], narrowing, column)
            unit = self._unit(column) if with_unit else ""
            return Found(row=row, column=column, unit=unit)
        return Found(text=self._fact(self.zoo.datasets[name], what))

    def _subject(self, words: Sequence[str], text: str) -> tuple[str, Sequence[str]]:
        """Give the model or data set that words begin with, and the words after it."""
        for end in range(len(words), 0, -1):
            name = " ".join(words[:end])
            if name in self._entries:
                return name, words[end:]
        if len(words) == 1 and words[0] in self.zoo.datasets:
            return words[0], ()
        if not words:
            message = f"{text!r} is no value; write a model and what to show of it: 'NAME top1'"
            raise UnlistedError(message)
        known = [name for name in self._entries if ("@" in name) == ("@" in words[0])]
        message = f"there is no model {words[0]!r}; {suggest(words[0], known)}"
        raise UnlistedError(message, Subtype.MODEL)

    def _column(self, what: str, known: Mapping[str, Column]) -> Column:
        if what not in known:
            message = f"models have no {what!r}; {suggest(what, known)}"
            raise UnlistedError(message)
        return known[what]

    def _row(self, entry: Entry, narrowing: Sequence[str], column: Column) -> Row:
        """Give the only row of an entry that fits."""
        results = list(entry.results)
        for word in narrowing:
            known = {key for one in results for key in (one.dataset, one.protocol) if key}
            results = [one for one in results if word in (one.dataset, one.protocol)]
            if not results:
                message = (
                    f"{entry.key!r} has no results for {word!r}; {suggest(word, sorted(known))}"
                )
                raise UnlistedError(message)
        of_result = column.kind in {Kind.METRIC, Kind.INTERVAL} or column.key in _OF_A_RESULT
        if not of_result:
            results = results[:1] or [Result("", entry.place)]
        rows = [Row(entry, result) for result in results]
        rows = [row for row in rows if text_of(self.zoo, column, row)]
        if not rows:
            message = f"{entry.key!r} lists no {column.key!r}; write it at {entry.place}"
            others = [
                other.key
                for other in self.zoo.entries
                if other.name == entry.name and other is not entry
            ]
            hint = f", or name other weights: {listing(others)}" if others else ""
            raise UnlistedError(message + hint)
        if len(rows) > 1:
            calls = [_call(row, column) for row in rows]
            message = f"{entry.key!r} lists several {column.key!r}; write one of: {listing(calls)}"
            raise UnlistedError(message)
        return rows[0]

    def _unit(self, column: Column) -> str:
        metric = self.zoo.metrics.get(column.source or column.key)
        return metric.unit if metric and column.kind in {Kind.METRIC, Kind.INTERVAL} else ""

    def _fact(self, dataset: Dataset, what: str) -> str:
        if what not in _OF_A_DATASET:
            message = f"data sets have no {what!r}; {suggest(what, _OF_A_DATASET)}"
            raise UnlistedError(message)
        fact = getattr(dataset, what)
        if not fact:
            message = f"the data set {dataset.key!r} lists no {what!r}; write it at {dataset.place}"
            raise UnlistedError(message)
        return str(fact)


def _call(row: Row, column: Column) -> str:
    """Give the words that ask for a row's value, in quotation marks."""
    parts = (row.entry.key, row.result.dataset, row.result.protocol, column.key)
    return repr(" ".join(part for part in parts if part))


def value_text(zoo: Zoo, found: Found, statuses: Mapping[NumberKey, Status]) -> str:
    """Give a value as tables show it; its unit follows after a space that does not break."""
    if found.row is None or found.column is None:
        return found.text
    entry, result = found.row.entry, found.row.result
    keys = {metric: number_key(entry, result, metric) for metric in result.numbers}
    known = {metric: statuses[key] for metric, key in keys.items() if key in statuses}
    text = text_of(zoo, found.column, Row(entry, result, known))
    return f"{text}\N{NO-BREAK SPACE}{found.unit}" if found.unit else text
