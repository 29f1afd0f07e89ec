"""A recognizer's process: starting it, its lines in and out, and ending it with its children.

One thread serves all three of its streams as they become ready, so that neither side can block the
other for good: what does not fit into the recognizer's input waits here, and its talk on standard
error is always read. POSIX systems only.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.verify.recognizer import child
from sphinx_modelzoo.verify.recognizer.silence import TICK, Silence
from sphinx_modelzoo.verify.text import printable

LINE_LIMIT = 4 * 1024 * 1024
TAIL_LIMIT = 8 * 1024
TAIL_LINES = 10
CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Command:
    """How to start a recognizer: its ``name``, program and arguments, and where it runs.

    Without a ``folder`` it runs in the current directory. ``aside`` are further arguments, on which
    no prediction depends. ``engine`` is what it computes with, where that was chosen; ``reference``
    starts the recognizer that decides what this one cannot tell for certain. ``environment`` are
    variables that are set for it beside our own.
    """

    name: str
    argv: tuple[str, ...]
    folder: Path | None = None
    aside: tuple[str, ...] = ()
    engine: str = ""
    reference: Command | None = None
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The engine where one was chosen, else the name."""
        return self.engine or self.name


class RecognizerLostError(UndecidedError):
    """A recognizer was killed or hangs; started again, perhaps elsewhere, it may well answer."""


def nothing() -> None:
    """Do nothing: what is called while waiting, unless something else is given."""


class Process:
    """A running recognizer, leader of a process group of its own, which does not outlive us.

    ``echo`` receives what the recognizer says on standard error, as it comes.
    """

    def __init__(self, command: Command, *, echo: Callable[[bytes], None] | None = None) -> None:
        self.name = command.name
        self._echo = echo
        argv = (*command.argv, *command.aside)
        environment = dict(command.environment)
        self._child = child.start(command.name, argv, command.folder, environment=environment)
        self._watcher = child.watch(self._child)
        self._stdin, self._stdout, self._stderr = _streams(self._child)
        self._outgoing = bytearray()
        self._partial = bytearray()
        self._lines: deque[bytes] = deque()
        self._tail = bytearray()
        self._selector = selectors.DefaultSelector()
        for stream in (self._stdin, self._stdout, self._stderr):
            os.set_blocking(stream.fileno(), False)
        self._selector.register(self._stdout, selectors.EVENT_READ)
        self._selector.register(self._stderr, selectors.EVENT_READ)

    def send(self, line: str) -> None:
        """Hand over a line; what the recognizer does not take at once goes while receiving."""
        if self._stdin.closed:
            return  # whatever it is that went wrong shows where the answer should come
        self._outgoing += line.encode()
        self._write()

    def receive(
        self, timeout: float, awaiting: Callable[[], str], idle: Callable[[], None] = nothing
    ) -> bytes:
        """Give the recognizer's next line, without its end.

        Args:
            timeout: Seconds of silence after which the recognizer counts as hanging; those in which
                this process itself is stopped do not count.
            awaiting: Gives what is missing, for messages: ``before it answered 'open'``.
            idle: Called about twice a second while nothing comes.

        Raises:
            RecognizerLostError: it was killed, or is silent.
            UndecidedError: it ended, closed its output, or the line has no end.
        """
        silence = Silence(timeout)
        while not self._lines:
            if self._stdout.closed:
                raise self._gone(awaiting())
            if silence.left <= 0:
                raise self._silent(timeout, awaiting())
            if not self._serve(silence.wait):
                idle()
                # What it wrote last comes first; a child of its own may hold the output open.
                if self._child.poll() is not None and not self._serve(0):
                    self._close(self._stdout)
            silence.look()
            if len(self._partial) > LINE_LIMIT:
                what = f"recognizer {self.name!r} wrote a line longer than {LINE_LIMIT} bytes"
                raise UndecidedError(Problem(what, "end each message with a newline"))
        return self._lines.popleft()

    def finish(
        self,
        timeout: float,
        *,
        hang_up: bool = True,
        rest: Callable[[bytes], object] | None = None,
    ) -> int | None:
        """Let the recognizer end by itself; give its exit status, or None where it does not.

        Args:
            timeout: Seconds that it may take.
            hang_up: Whether its input is closed first.
            rest: Receives the lines that it still writes.
        """
        if hang_up:
            self._close(self._stdin)
        deadline = time.monotonic() + timeout
        while self._child.poll() is None and (left := deadline - time.monotonic()) > 0:
            if not self._selector.get_map():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._child.wait(left)
            else:
                self._serve(min(left, TICK / 10))
                self._take_rest(rest)
        while self._serve(0) and time.monotonic() < deadline:
            self._take_rest(rest)
        if rest and self._partial:
            rest(bytes(self._partial))
        return self._child.returncode

    def terminate(self) -> None:
        """Ask the recognizer itself, none of its children, to end."""
        self._child.terminate()

    def has_left_children(self) -> bool:
        """Tell whether a process of its group is still at work."""
        return child.group_lives(self._child.pid)

    def end(self, grace: float = 2.0) -> None:
        """End the recognizer and every process of its group: politely, then by force."""
        try:
            for stream in (self._stdin, self._stdout, self._stderr):
                self._close(stream)
        finally:
            child.stop(self._child, grace)
            child.unwatch(self._watcher)
            self._selector.close()

    def last_words(self) -> str:
        """Give the last lines of its standard error, indented; empty where it said nothing."""
        text = self._tail.decode("utf-8", "replace")
        lines = [printable(line) for line in text.splitlines() if line.strip()]
        return "".join(f"\n    | {line}" for line in lines[-TAIL_LINES:])

    def _serve(self, wait: float) -> bool:
        """Move what can be moved within a while; tell whether anything was."""
        events = self._selector.select(wait)
        for key, _ in events:
            with contextlib.suppress(BlockingIOError):
                if key.fileobj is self._stdin:
                    self._write()
                elif key.fileobj is self._stdout:
                    self._read_lines()
                else:
                    self._read_talk()
        return any(key.fileobj is not self._stderr for key, _ in events)

    def _write(self) -> None:
        try:
            while self._outgoing:
                del self._outgoing[: os.write(self._stdin.fileno(), self._outgoing[:CHUNK])]
        except BlockingIOError:
            if self._stdin not in self._selector.get_map():
                self._selector.register(self._stdin, selectors.EVENT_WRITE)
            return
        except BrokenPipeError:
            self._outgoing.clear()
            self._close(self._stdin)
            return
        if self._stdin in self._selector.get_map():
            self._selector.unregister(self._stdin)

    def _read_lines(self) -> None:
        chunk = os.read(self._stdout.fileno(), CHUNK)
        if not chunk:
            self._close(self._stdout)
            return
        self._partial += chunk
        if b"\n" in chunk:
            *lines, rest = bytes(self._partial).split(b"\n")
            self._lines.extend(lines)
            self._partial = bytearray(rest)

    def _read_talk(self) -> None:
        chunk = os.read(self._stderr.fileno(), CHUNK)
        if not chunk:
            self._close(self._stderr)
            return
        if self._echo:
            self._echo(chunk)
        self._tail += chunk
        del self._tail[:-TAIL_LIMIT]

    def _take_rest(self, rest: Callable[[bytes], object] | None) -> None:
        if rest:
            for line in self._lines:
                rest(line)
        self._lines.clear()
        del self._partial[:-LINE_LIMIT]

    def _gone(self, awaiting: str) -> UndecidedError:
        status = self.finish(timeout=2.0)
        while not self._stderr.closed and self._selector.select(0):
            self._read_talk()
        if status is None:
            how, remedy = "closed its standard output", "let it answer until it is closed"
        else:
            how, remedy = child.ending(status)
        words = self.last_words()
        if not words and remedy.startswith("its last words"):
            remedy = "it said nothing on standard error; start it by hand to see why"
        kind = RecognizerLostError if status is not None and status < 0 else UndecidedError
        return kind(Problem(f"recognizer {self.name!r} {how} {awaiting}", remedy + words))

    def _silent(self, timeout: float, awaiting: str) -> UndecidedError:
        what = f"recognizer {self.name!r} was silent for {timeout:g} seconds {awaiting}"
        remedy = (
            "let it flush its output after each message, or give a slow one more time with "
            "--timeout SECONDS"
        )
        return RecognizerLostError(Problem(what, remedy + self.last_words()))

    def _close(self, stream: IO[bytes]) -> None:
        if stream.closed:
            return
        if stream in self._selector.get_map():
            self._selector.unregister(stream)
        with contextlib.suppress(BrokenPipeError):
            stream.close()


def _streams(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise AssertionError  # all three were asked for
    return process.stdin, process.stdout, process.stderr
