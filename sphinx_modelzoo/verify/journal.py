"""The journal of a run: each prediction is on disk before it is counted.

A line is the CRC-32 of what follows, in eight hexadecimal digits, a space, and JSON: first an
object that says what the predictions depend on, then the line of each item as evidence has it, in
the order in which they came. A line goes to the operating system in one piece, at once: killing
the program loses none. To the disk they are forced every few seconds and at the end: a power cut
may lose the last seconds, never more than what is then predicted again. POSIX systems only.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.evidence_lines import item_line, read_item_line

FORMAT = 1
SYNC_SECONDS = 5.0
FRESH = "run again with --fresh to begin anew"

_CRC = 9  # bytes before the JSON
_USUAL = 512  # bytes that most lines fit into
_IGNORE = ".gitignore"
_WITHOUT = "-"


class Journal:
    """A journal that this process alone has open; :func:`open_journal` makes it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._file = descriptor
        self._end = 0
        self._synced = time.monotonic()

    def begin(
        self, belongs: Mapping[str, str], *, fresh: bool = False, late: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Take up the predictions of a former run, where they belong to the same.

        Args:
            belongs: All that predictions depend on, by names.
            fresh: Begin anew in any case.
            late: Names of what only the predictions of runs that had it depend on: a run that
                begins without may go on with it, and the other way round. A run without it has
                dashes there, as many as a run that has it has characters.

        Returns:
            The names of what differs; where there are any, the journal begins anew.

        Raises:
            UndecidedError: the journal is damaged, or cannot be written.
        """
        head = _framed(_json({"journal": FORMAT, **belongs}))
        found = b"" if fresh else self._first_line()
        if found == head:
            self._end = len(head)
            return ()
        different: tuple[str, ...] = ()
        if found:
            then = self._read_head(found)
            names = sorted(then.keys() | belongs.keys())
            different = tuple(name for name in names if then.get(name) != belongs.get(name))
            if different and set(different) <= set(late):
                completed = _completed(then, belongs, different)
                line = _framed(_json({"journal": FORMAT, **completed}))
                if completed and len(line) == len(found):
                    self._replace_head(line)
                    return ()
        self._truncate(0)
        self._write(head)
        return different

    def replay(self) -> Iterator[tuple[int, Prediction]]:
        """Give the predictions that are there, with their offsets; cut off a torn last line.

        Raises:
            UndecidedError: a line before the last is damaged.
        """
        size = os.fstat(self._file).st_size
        if size == self._end:
            return
        start, number = self._end, 1
        with os.fdopen(os.dup(self._file), "rb") as file:
            file.seek(start)
            for line in file:
                number += 1
                prediction = read_item_line(line[_CRC:]) if _is_framed(line) else None
                if prediction is None:
                    if line.endswith(b"\n") and start + len(line) < size:
                        raise _damaged(self.path, number)
                    break
                yield start, prediction
                start += len(line)
        self._truncate(start)

    def append(self, prediction: Prediction) -> int:
        """Write a prediction down and give its offset.

        Raises:
            UndecidedError: it cannot be written; what was written before stays whole.
        """
        offset = self._end
        self._write(_framed(item_line(prediction)))
        now = time.monotonic()
        if now - self._synced >= SYNC_SECONDS:
            self._sync()
            self._synced = now
        return offset

    def lines(self, offsets: Iterator[int]) -> Iterator[bytes]:
        """Give the items' lines at some offsets.

        Raises:
            UndecidedError: one is no longer there.
        """
        for offset in offsets:
            line = os.pread(self._file, _USUAL, offset)
            while b"\n" not in line:
                more = os.pread(self._file, _USUAL, offset + len(line))
                if not more:
                    what = "the journal was cut off while it was in use"
                    raise UndecidedError(Problem(what, FRESH, str(self.path)))
                line += more
            yield line[_CRC : line.index(b"\n") + 1]

    def close(self) -> None:
        """Force what was written to the disk, and let others have the journal."""
        if self._file < 0:
            return
        with contextlib.suppress(UndecidedError):
            self._sync()
        os.close(self._file)
        self._file = -1

    def remove(self) -> None:
        """Remove the journal: what it was for is done."""
        if self._file < 0:
            return
        self.path.unlink(missing_ok=True)
        os.close(self._file)
        self._file = -1
        folder = self.path.parent
        with contextlib.suppress(OSError):
            if [path.name for path in folder.iterdir()] == [_IGNORE]:
                (folder / _IGNORE).unlink()
                folder.rmdir()

    def _first_line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            chunk = os.pread(self._file, 4096, len(line))
            if not chunk:
                return b""  # torn before anything was predicted
            line += chunk[: chunk.find(b"\n") + 1] or chunk
        return line

    def _replace_head(self, head: bytes) -> None:
        """Write a first line over one of the same length: what is behind it stays."""
        try:
            os.pwrite(self._file, head, 0)
        except OSError as error:
            raise self._unwritable(error) from error
        self._end = len(head)

    def _read_head(self, line: bytes) -> Mapping[str, str]:
        try:
            data = json.loads(line[_CRC:]) if _is_framed(line) else None
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise _damaged(self.path, 1)
        return {name: str(value) for name, value in data.items() if name != "journal"}

    def _write(self, line: bytes) -> None:
        try:
            written = os.pwrite(self._file, line, self._end)
            while written < len(line):
                written += os.pwrite(self._file, line[written:], self._end + written)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._end)
            raise self._unwritable(error) from error
        self._end += len(line)

    def _truncate(self, end: int) -> None:
        try:
            os.ftruncate(self._file, end)
        except OSError as error:
            raise self._unwritable(error) from error
        self._end = end

    def _sync(self) -> None:
        try:
            os.fsync(self._file)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> UndecidedError:
        what = f"the journal cannot be written: {(error.strerror or str(error)).lower()}"
        remedy = "make room and run again: it goes on after the last prediction that was kept"
        return UndecidedError(Problem(what, remedy, str(self.path)))


def open_journal(path: Path) -> Journal:
    """Open a journal for this process alone, made where it is not there.

    A process that is started while it is open shares its lock until the program in it begins: start
    it before, or a kill in that moment leaves the lock to what was started.

    Raises:
        UndecidedError: another process has it open, or it cannot be opened.
    """
    try:
        while True:
            descriptor = _open(path)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(path, descriptor):
                    return Journal(path, descriptor)
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)  # a run that ended just then removed it
    except BlockingIOError as error:
        what = "another verify-zoo is at work on this number: it holds the journal"
        remedy = "wait for it, or name another folder with --receipts"
        raise UndecidedError(Problem(what, remedy, str(path))) from error
    except OSError as error:
        what = f"the journal cannot be opened: {(error.strerror or str(error)).lower()}"
        problem = Problem(what, "name a writable folder with --receipts", str(path))
        raise UndecidedError(problem) from error


def _open(path: Path) -> int:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            ignore = path.parent / _IGNORE
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except FileNotFoundError:
            continue  # a run that ended just then removed the folder


def _is_at(path: Path, descriptor: int) -> bool:
    ours = os.fstat(descriptor)
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino)


def _completed(
    then: Mapping[str, str], now: Mapping[str, str], names: Collection[str]
) -> Mapping[str, str]:
    """Fill what one of two runs is without from the other; nothing where both have their own."""
    completed = dict(now)
    for name in names:
        if not now.get(name, "").strip(_WITHOUT):
            completed[name] = then.get(name, "")
        elif then.get(name, "").strip(_WITHOUT):
            return {}
    return completed


def _json(fields: Mapping[str, object]) -> bytes:
    text = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def _framed(line: bytes) -> bytes:
    return b"%08x " % zlib.crc32(line) + line


def _is_framed(line: bytes) -> bool:
    return line[:_CRC] == b"%08x " % zlib.crc32(line[_CRC:])


def _damaged(path: Path, line: int) -> UndecidedError:
    what = "the journal is damaged: the line is not as it was written"
    return UndecidedError(Problem(what, FRESH, f"{path}:{line}"))
