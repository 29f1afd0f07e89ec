"""Reading the accuracies that a training log reports, of GluonCV's kind and alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sphinx_modelzoo.lint.files import is_file
from sphinx_modelzoo.lint.names import path_of
from sphinx_modelzoo.manifest.model import Link

# Longer than any line that reports a figure; the rest of a longer one is not looked at.
_LINE = 4000
_LOG_BYTES = 256 * 1024 * 1024

_TEST = re.compile(r"\b(?:test|final)", re.IGNORECASE)
_VALIDATION = re.compile(
    r"\b(?:val|valid|validation|eval|evaluation)(?:\b|_)|\(val\)", re.IGNORECASE
)
_FIGURE = re.compile(
    r"(?P<kind>acc(?:uracy)?|err(?:or)?)?[-_/ ]?top[-_ ]?(?P<top>\d{1,3})(?:[-_ ]?acc(?:uracy)?)?"
    r"\s*[:=]\s*(?P<value>\d{1,3}(?:\.\d{1,12})?)(?![\d.]|e[-+]?\d)\s*(?P<percent>%?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """An accuracy that a log reports, in the metric's unit, with the line that it stands in.

    ``step`` is one unit of its last digit.
    """

    value: Decimal
    step: Decimal
    line: int


@dataclass(frozen=True, slots=True)
class Reported:
    """What a log reports of one metric: the last figure, and the best one of a validation.

    Where the log ends with a test of its own, that is both.
    """

    last: Figure
    best: Figure


def find_log(link: Link, root: Path, logs: Path | None) -> Path | None:
    """Give the file of a log: beside the manifest, or in the folder of logs by its address's end.

    Of ``…/ucf101/vgg16.log`` the folder may hold ``ucf101/vgg16.log`` or ``vgg16.log``.
    """
    if link.file:
        path = root / link.file
        return path if is_file(path) else None
    if logs is None:
        return None
    parts = [part for part in path_of(link.url).split("/") if part not in {"", ".", ".."}]
    for start in range(len(parts)):
        path = logs.joinpath(*parts[start:])
        if is_file(path):
            return path
    return None


def read_log(path: Path, top: int, scale: int) -> Reported | None:
    """Give what a log reports of top-``top`` accuracy; None where it reports none.

    Lines of a test count before lines of a validation, those of training not at all. A log writes
    fractions or percentages: a figure of at most 1 without % is taken as a fraction.

    Raises:
        OSError: the log cannot be read.
    """
    tests: list[Figure] = []
    validations: list[Figure] = []
    for number, line in _lines(path):
        if _TEST.search(line):
            tests += _figures(line, number, top, scale)
        elif validation := _VALIDATION.search(line):
            about = line[validation.start() :].lower().partition("train")[0]
            validations += _figures(about, number, top, scale)
    if tests:
        return Reported(tests[-1], tests[-1])
    if validations:
        return Reported(validations[-1], max(validations, key=lambda figure: figure.value))
    return None


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as stream:
        number = 0
        left = _LOG_BYTES
        while left > 0 and (line := stream.readline(_LINE)):
            left -= len(line)
            number += 1
            yield number, line.decode("utf-8", "replace")


def _figures(line: str, number: int, top: int, scale: int) -> Iterator[Figure]:
    for match in _FIGURE.finditer(line):
        if int(match["top"]) != top:
            continue
        value = Decimal(match["value"])
        step = Decimal(1).scaleb(-len(match["value"].partition(".")[2]))
        fraction = not match["percent"] and value <= 1
        factor = Decimal(scale) if fraction else Decimal(scale) / 100
        value, step = value * factor, step * factor
        if (match["kind"] or "").lower().startswith("err"):
            value = scale - value
        yield Figure(value, step, number)
