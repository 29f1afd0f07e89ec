"""Programs that only print an accuracy, as the maintainers' configuration describes them.

    [recognizers.my-script]
    command = ["{python}", "test.py", "--model", "{architecture}", "--weights", "{weights}"]
    accuracy.top1 = 'accuracy: (.+)'

The fields are described in ``docs/reference/pipe.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx_modelzoo.verify.printed.arguments import Arguments, Template, placeholders
from sphinx_modelzoo.verify.recognizer.process import Command

KEYS = (
    "command",
    "accuracy",
    "optional",
    "choices",
    "count",
    "batch",
    "scale",
    "decimals",
    "weights",
)
ITEMS, BATCHES = "items", "batches"
_ACCURACY = "write accuracy.METRIC = 'a pattern with one group, the number'"


@dataclass(frozen=True, slots=True)
class Printer(Command):
    """A program that prints accuracies: a command with gaps, and how to read what it prints.

    ``optional`` and ``choices`` are further arguments, see :class:`Template`. ``accuracy`` gives
    for a metric the pattern whose one group is its number; the last line that it fits counts. The
    number goes from 0 to ``scale``; ``decimals`` of its decimals are right, or all that are
    printed. ``count`` is a pattern with a group ``items``, how many items the program has, and
    perhaps one ``batches``, in how many batches. ``batch`` is how many items a batch may have.
    ``weights`` is the path, with gaps, of the file where the program keeps fetched weights.
    """

    optional: tuple[tuple[Arguments, ...], ...] = ()
    choices: Mapping[str, Mapping[str, Arguments]] = field(default_factory=dict)
    accuracy: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    count: re.Pattern[str] | None = None
    batch: int = 1
    scale: int = 100
    decimals: int | None = None
    weights: str = ""

    @property
    def template(self) -> Template:
        """The command, to be filled."""
        return Template(self.argv, self.optional, self.choices)


class FieldError(ValueError):
    """A field that is not what it should be: ``what`` is wrong, and the ``remedy``."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


def read_printer(name: str, fields: Mapping[str, Any], folder: Path, command: Arguments) -> Printer:
    """Read a recognizer that has ``accuracy``.

    Args:
        name: Its name.
        fields: Its table in the configuration; other keys than :data:`KEYS` are not looked at.
        folder: Where the program runs.
        command: The program, resolved, and its arguments.

    Raises:
        FieldError: a field is not what it should be.
    """
    optional = tuple(_optional(fields.get("optional", [])))
    choices = _choices(fields.get("choices", {}))
    if ("batch" in fields) != ("batch" in Template(command, optional, choices).names):
        what = "'batch' and an argument '{batch}' go together"
        raise FieldError(what, 'write batch = 32 and an argument "{batch}", or neither')
    weights = fields.get("weights", "")
    if not isinstance(weights, str):
        what = "'weights' is not a path"
        raise FieldError(what, "write where the program keeps weights that it fetches")
    return Printer(
        name=name,
        argv=command,
        folder=folder,
        optional=optional,
        choices=choices,
        accuracy=_accuracy(fields.get("accuracy")),
        count=_count(fields["count"]) if "count" in fields else None,
        batch=_whole(fields, "batch", 1, 1),
        scale=_scale(fields.get("scale", 100)),
        decimals=_whole(fields, "decimals", 0, 0) if "decimals" in fields else None,
        weights=weights,
    )


def _accuracy(table: Any) -> dict[str, re.Pattern[str]]:
    if not isinstance(table, dict) or not table:
        what = "'accuracy' is not a table of patterns by metric"
        raise FieldError(what, _ACCURACY)
    patterns = {}
    for metric, text in table.items():
        patterns[metric] = _pattern(text, f"accuracy.{metric}")
        if patterns[metric].groups != 1:
            what = f"the pattern of accuracy.{metric} has {patterns[metric].groups} groups, not one"
            raise FieldError(what, "put the number in brackets, and write (?:…) for others")
    return patterns


def _count(text: Any) -> re.Pattern[str]:
    pattern = _pattern(text, "count")
    if ITEMS not in pattern.groupindex or set(pattern.groupindex) - {ITEMS, BATCHES}:
        what = "the pattern of 'count' has no group 'items', or another than 'items' and 'batches'"
        raise FieldError(what, r"write for example '(?P<items>\d+) samples'")
    return pattern


def _pattern(text: Any, key: str) -> re.Pattern[str]:
    if not isinstance(text, str) or not text:
        what = f"{key} is not a pattern"
        raise FieldError(what, "write a regular expression in single quotes")
    try:
        return re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        what = f"the pattern of {key} is no regular expression: {error}"
        raise FieldError(what, "correct it; a plain bracket is written \\(") from error


def _optional(value: Any) -> Iterator[tuple[Arguments, ...]]:
    """Read arrays of arguments; of an array of such arrays the first that fits is taken."""
    remedy = 'write optional = [["--segments", "{segments}"]]'
    if not isinstance(value, list):
        what = "'optional' is not an array"
        raise FieldError(what, remedy)
    for choice in value:
        if _is_words(choice):
            if not placeholders(choice):
                what = f"optional arguments without a field: {' '.join(choice)}"
                raise FieldError(what, "put what is always given into 'command'")
            yield (tuple(choice),)
        elif isinstance(choice, list) and choice and all(map(_is_words, choice)):
            yield tuple(map(tuple, choice))
        else:
            what = "an element of 'optional' is no array of arguments"
            raise FieldError(what, remedy)


def _choices(value: Any) -> dict[str, dict[str, Arguments]]:
    tables = value.values() if isinstance(value, dict) else [None]
    if not all(
        isinstance(table, dict)
        and all(
            isinstance(words, list) and all(isinstance(word, str) for word in words)
            for words in table.values()
        )
        for table in tables
    ):
        what = "'choices' is not a table of arguments by value"
        raise FieldError(what, 'write choices.crops = {1 = [], 10 = ["--ten-crop"]}')
    return {
        name: {text: tuple(words) for text, words in table.items()} for name, table in value.items()
    }


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(word, str) for word in value)


def _whole(fields: Mapping[str, Any], key: str, default: int, least: int) -> int:
    value = fields.get(key, default)
    if type(value) is not int or value < least:
        what = f"{key!r} is not a whole number from {least}"
        raise FieldError(what, f"write a number such as {least + 1}")
    return value


def _scale(value: Any) -> int:
    if type(value) is not int or value not in {1, 100}:
        what = f"'scale' is {value!r}, neither 100 nor 1"
        raise FieldError(what, "write what the program prints when all items are right")
    return value
