"""Evidence: the prediction for every item that the maintainers' full run left.

The file is JSON lines, gzipped where its name ends in ``.gz``. The first line is an object that
says what it is of; each further line is an item (:func:`item_line`),
``[id,label,[[class,score],…],error]`` with the scores of its views behind where there are any, and
``true`` where the scores were close, sorted by bytes. Equal predictions give equal bytes: no times,
no environment, one way to write each line. The *digest* of evidence is the SHA-256 of the whole
text, unpacked.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction, fingerprint
from sphinx_modelzoo.receipts.atomic import replacing
from sphinx_modelzoo.receipts.evidence_lines import (
    FORMAT,
    Origin,
    head_line,
    is_correct,
    item_key,
    item_line,
    read_head_line,
    read_item_line,
)

REMEDY = "take the file from the maintainers again, or record it anew with verify-zoo --record"

_LINE_LIMIT = 16 * 1024 * 1024
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Evidence:
    """Evidence in memory: every item's prediction by its id, in the file's order."""

    origin: Origin
    predictions: Mapping[str, Prediction]

    @cached_property
    def fingerprint(self) -> str:
        """The digest of the items: ids and labels."""
        return fingerprint((item, each.label) for item, each in self.predictions.items())

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the file's text."""
        lines = (item_line(each) for each in self.predictions.values())
        return hashlib.sha256(head_line(self.origin) + b"".join(lines)).hexdigest()


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """Evidence that was looked at from end to end and stays on disk, however large it is."""

    path: Path
    origin: Origin
    digest: str

    def predictions(self) -> Iterator[Prediction]:
        """Give every item's prediction, sorted by the bytes of their lines.

        Raises:
            UndecidedError: a line is not as it was written.
        """
        last = b""
        with _lines(self.path) as lines:
            next(lines)
            for number, line in enumerate(lines, start=2):
                prediction = self._prediction(line, number)
                key = item_key(prediction.id)
                if key <= last:
                    raise _damaged(self.path, f"the item {prediction.id!r} is out of order", number)
                last = key
                yield prediction

    def _prediction(self, line: bytes, number: int) -> Prediction:
        prediction = read_item_line(line)
        classes = self.origin.classes
        if prediction is None:
            raise _damaged(self.path, "this is no line of evidence", number)
        ids = [prediction.label, *(index for index, _ in prediction.top)]
        if not all(0 <= index < classes for index in ids):
            raise _damaged(self.path, f"a class is not one of 0 to {classes - 1}", number)
        return prediction


def correct_ids(evidence: Evidence, top: int) -> frozenset[str]:
    """Give the ids of the items whose label is among their first ``top`` classes."""
    return frozenset(
        item for item, each in evidence.predictions.items() if is_correct(each, each.label, top)
    )


def open_evidence(path: Path) -> EvidenceFile:
    """Look at a file of evidence from end to end: nothing cut off, nothing changed.

    Raises:
        UndecidedError: it cannot be read, is no evidence, or does not agree with itself.
    """
    whole, items = hashlib.sha256(), hashlib.sha256()
    count = 0
    with _lines(path) as lines:
        head = next(lines, b"")
        origin = _origin(head, path)
        whole.update(head)
        for count, line in enumerate(lines, start=1):  # noqa: B007 - the last number counts
            whole.update(line)
            items.update(line)
    if count != origin.items:
        raise _damaged(path, f"it holds {count} of the {origin.items} items that it speaks of")
    if items.hexdigest() != origin.predictions:
        raise _damaged(path, "its predictions are not those that were recorded")
    return EvidenceFile(path, origin, whole.hexdigest())


def read_evidence(path: Path) -> Evidence:
    """Read a file of evidence into memory.

    Raises:
        UndecidedError: it cannot be read, is no evidence, or does not agree with itself.
    """
    file = open_evidence(path)
    evidence = Evidence(file.origin, {each.id: each for each in file.predictions()})
    if evidence.fingerprint != file.origin.fingerprint:
        raise _damaged(path, "its items are not those that it speaks of")
    return evidence


def make_evidence(origin: Origin, predictions: Iterable[Prediction]) -> Evidence:
    """Make evidence of predictions in any order; counts and digests are filled in."""
    ordered = sorted(predictions, key=lambda each: item_key(each.id))
    lines = b"".join(map(item_line, ordered))
    made = Evidence(origin, {each.id: each for each in ordered})
    filled = replace(
        origin,
        items=len(made.predictions),
        fingerprint=made.fingerprint,
        predictions=hashlib.sha256(lines).hexdigest(),
    )
    return Evidence(filled, made.predictions)


def write_evidence(path: Path, evidence: Evidence) -> None:
    """Write evidence, whole or not at all.

    Raises:
        UndecidedError: it cannot be written.
    """
    write_lines(path, evidence.origin, map(item_line, evidence.predictions.values()))


def write_lines(path: Path, origin: Origin, lines: Iterable[bytes]) -> str:
    """Write evidence from its items' lines, sorted, and give its digest.

    Raises:
        UndecidedError: it cannot be written.
    """
    digest = hashlib.sha256()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file, _packed(file, path) as text:
            for line in chain((head_line(origin),), lines):
                digest.update(line)
                text.write(line)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        problem = Problem(
            f"the evidence cannot be written: {reason}",
            "name a writable folder with --evidence",
            str(path),
        )
        raise UndecidedError(problem) from error
    return digest.hexdigest()


@contextmanager
def _packed(file: BinaryIO, path: Path) -> Iterator[Any]:
    """Give a file to write text to, packed where the name says so: without name and time."""
    if path.suffix != ".gz":
        yield file
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=9) as packed:
        yield packed


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[bytes]]:
    """Give the lines of a file, packed or not, each with its newline."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            if not packed:
                yield _whole_lines(file, path)
                return
            with gzip.GzipFile(fileobj=file) as unpacked, io.BufferedReader(unpacked) as text:
                yield _whole_lines(text, path)
    except FileNotFoundError as error:
        raise UndecidedError(Problem("the evidence is not there", REMEDY, str(path))) from error
    except EOFError as error:
        raise _damaged(path, "it is cut off") from error
    except (OSError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _damaged(path, f"it cannot be read: {reason.lower()}") from error


def _whole_lines(file: Any, path: Path) -> Iterator[bytes]:
    number = 0
    while line := file.readline(_LINE_LIMIT):
        number += 1
        if not line.endswith(b"\n"):
            raise _damaged(path, "it is cut off", number)
        yield line


def _origin(line: bytes, path: Path) -> Origin:
    try:
        return read_head_line(line)
    except ValueError as error:
        problem = Problem(f"this is no evidence of format {FORMAT}", REMEDY, str(path))
        raise UndecidedError(problem) from error


def _damaged(path: Path, what: str, line: int = 0) -> UndecidedError:
    place = f"{path}:{line}" if line else str(path)
    return UndecidedError(Problem(f"the evidence is damaged: {what}", REMEDY, place))
