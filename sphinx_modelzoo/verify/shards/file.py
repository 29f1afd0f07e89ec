"""A shard's file: JSON lines, written whole or not at all, and read again with nothing missing.

The first line is the :class:`~sphinx_modelzoo.verify.shards.head.Head`. A line for each item of the
shard follows, in the seeded order: first those that were predicted, as evidence has them, then
``[id,label]`` of those that were not. The last line tells how many were predicted, and has the
digest of this and of all lines before it: a file that was cut off or changed on its way is noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.atomic import replacing
from sphinx_modelzoo.receipts.evidence_lines import read_item_line
from sphinx_modelzoo.verify.shards.head import FORMAT, Head, read_head

REMEDY = "fetch the file again, or run the shard again"

_LINE_LIMIT = 16 * 1024 * 1024
_USUAL = 512  # bytes that most lines fit into


@dataclass(frozen=True, slots=True)
class End:
    """The last line of a shard's file.

    The first ``predicted`` of its ``items`` were predicted, in ``seconds``; ``goal`` is how many it
    went for, and ``kept`` how many came from the journal of a run that was cut off.
    """

    predicted: int
    goal: int
    items: int
    seconds: float
    kept: int


_NO_END = End(0, 0, 0, 0.0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """An item of a shard; ``offset`` is where its line begins. Not all are predicted."""

    id: str
    label: int
    offset: int
    prediction: Prediction | None = None


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A shard's file that was looked at from end to end; ``problem`` is what is wrong with it."""

    path: Path
    head: Head
    end: End
    problem: Problem | None = None

    @property
    def finished(self) -> bool:
        """Whether all items that the shard went for were predicted."""
        return self.end.predicted >= self.end.goal

    def rows(self) -> Iterator[Row]:
        """Give the shard's items in the seeded order.

        Raises:
            UndecidedError: a line is not as it was written.
        """
        with _reading(self.path), self.path.open("rb") as file:
            offset = len(file.readline(_LINE_LIMIT))
            for number in range(self.end.items):
                line = file.readline(_LINE_LIMIT)
                row = _row(line, offset, predicted=number < self.end.predicted)
                if row is None:
                    raise UndecidedError(_damaged(self.path, "this is no item", number + 2))
                yield row
                offset += len(line)


def write_shard(
    path: Path,
    head: Head,
    predicted: Iterable[bytes],
    rest: Iterable[tuple[str, int]],
    end: End,
) -> None:
    """Write a shard's file in place of a former one.

    Args:
        path: Where; the folder is made.
        head: What the shard is of.
        predicted: The lines of its first items, which were predicted.
        rest: The ids and labels of the others.
        end: What the last line tells.

    Raises:
        UndecidedError: it cannot be written.
    """
    digest = hashlib.sha256()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            for line in _lines(head, predicted, rest):
                digest.update(line)
                file.write(line)
            file.write(_json({"end": FORMAT, **asdict(end), "sha256": _sealed(digest.copy(), end)}))
    except OSError as error:
        what = f"the shard cannot be written: {(error.strerror or str(error)).lower()}"
        remedy = "make room or name another folder with --shards, and run again: it goes on"
        problem = Problem(what, remedy, str(path))
        raise UndecidedError(problem) from error


def open_shard(path: Path) -> ShardFile:
    """Look at a shard's file from end to end.

    Raises:
        UndecidedError: it cannot be read, or is no shard.
    """
    digest, last, count = hashlib.sha256(), b"", 0
    with _reading(path), path.open("rb") as file:
        first = file.readline(_LINE_LIMIT)
        head = _head(first, path)
        last = first
        while line := file.readline(_LINE_LIMIT):
            digest.update(last)
            last, count = line, count + 1
    end, written = _end(last)
    what = ""
    if end is None:
        what = f"it is cut off after line {count + 1}"
    elif written != _sealed(digest, end) or count - 1 != end.items:
        what = "it was changed after it was written"
    return ShardFile(path, head, end or _NO_END, _damaged(path, what) if what else None)


def open_to_read(path: Path) -> int:
    """Open a shard's file for :func:`line_at`; the caller closes it."""
    with _reading(path):
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def line_at(descriptor: int, offset: int, path: Path) -> bytes:
    """Give the line that begins at an offset of an open file, with its newline.

    Raises:
        UndecidedError: the file ends there, or cannot be read.
    """
    with _reading(path):
        line = os.pread(descriptor, _USUAL, offset)
        while b"\n" not in line:
            more = os.pread(descriptor, len(line) + _USUAL, offset + len(line))
            if not more:
                raise changed(path)
            line += more
    return line[: line.index(b"\n") + 1]


def changed(path: Path) -> UndecidedError:
    """Give the error that a shard's file is no longer what it was."""
    return UndecidedError(
        Problem("the shard was changed while it was read", "merge again", str(path))
    )


def _lines(
    head: Head, predicted: Iterable[bytes], rest: Iterable[tuple[str, int]]
) -> Iterator[bytes]:
    yield head.line()
    yield from predicted
    for item, label in rest:
        yield _json([item, label])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _sealed(digest: Any, end: End) -> str:
    """Give the SHA-256 of all lines before the last, and of what the last one says."""
    digest.update(_json({"end": FORMAT, **asdict(end)}))
    return str(digest.hexdigest())


def _head(line: bytes, path: Path) -> Head:
    try:
        return read_head(line)
    except ValueError as error:
        what = f"this is no shard of format {FORMAT}"
        raise UndecidedError(Problem(what, f"{REMEDY}, or leave it out", str(path))) from error


def _end(line: bytes) -> tuple[End | None, str]:
    """Read the last line and the digest in it; None where it is anything else, to the byte."""
    try:
        data: Any = json.loads(line)
        if not isinstance(data, dict) or data.pop("end", None) != FORMAT:
            return None, ""
        digest = data.pop("sha256", "")
        end = End(**data)
        counts = (end.predicted, end.goal, end.items, end.kept)
        sound = all(type(count) is int and count >= 0 for count in counts)
        sound = sound and type(end.seconds) is float and max(end.predicted, end.goal) <= end.items
        again = _json({"end": FORMAT, **asdict(end), "sha256": digest})
    except (ValueError, TypeError, RecursionError):
        return None, ""
    return (end if sound and again == line else None), str(digest)


def _row(line: bytes, offset: int, *, predicted: bool) -> Row | None:
    if predicted:
        found = read_item_line(line)
        return None if found is None else Row(found.id, found.label, offset, found)
    try:
        item, label = json.loads(line)
    except (ValueError, TypeError, RecursionError):
        return None
    sound = isinstance(item, str) and type(label) is int and label >= 0
    return Row(item, label, offset) if sound else None


def _damaged(path: Path, what: str, line: int = 0) -> Problem:
    place = f"{path}:{line}" if line else str(path)
    return Problem(f"the shard is damaged: {what}", REMEDY, place)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Say of what goes wrong while a file is read which it is."""
    try:
        yield
    except OSError as error:
        what = f"the shard cannot be read: {(error.strerror or str(error)).lower()}"
        raise UndecidedError(Problem(what, REMEDY, str(path))) from error
