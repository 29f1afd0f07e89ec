"""Running a program that only prints: its lines as they come, and how it ended.

What it says on standard output and on standard error is read as one: loggers choose either.
"""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import subprocess
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import IO

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.verify.recognizer import child
from sphinx_modelzoo.verify.recognizer.process import CHUNK, TAIL_LINES, Command, nothing
from sphinx_modelzoo.verify.recognizer.silence import Silence
from sphinx_modelzoo.verify.text import printable

LINE_LIMIT = 64 * 1024  # bytes; the rest of a longer line is not read

# Python holds back what it prints into a pipe, and would seem to be silent.
ENVIRONMENT = {"PYTHONUNBUFFERED": "1"}

# Progress bars return to the line's start, and print no end of line for hours.
_LINE_END = re.compile(rb"[\r\n]")


def printed_lines(
    command: Command,
    *,
    timeout: float,
    idle: Callable[[], None] = nothing,
    echo: Callable[[bytes], None] | None = None,
) -> Generator[str, None, None]:
    """Run a program and give its lines as they come, without blank ones, safe to print.

    The generator must be used up or closed: then the program and its children are gone.

    Args:
        command: The program; its standard input is empty.
        timeout: Seconds without a byte after which it counts as hanging.
        idle: Called about twice a second while nothing comes.
        echo: Receives what it prints, as it comes.

    Raises:
        UndecidedError: it cannot be started, is silent, or ends with another status than 0.
    """
    process = child.start(
        command.name, command.argv, command.folder, one_stream=True, environment=ENVIRONMENT
    )
    watcher = child.watch(process)
    if process.stdout is None:
        raise AssertionError  # it was asked for
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    try:
        for chunk in _lines(_chunks(process, process.stdout, timeout, idle), echo):
            line = printable(chunk.decode("utf-8", "replace"), limit=LINE_LIMIT)
            if line:
                tail.append(printable(line))
                yield line
        status = _status(process, timeout)
        if status != 0:
            how, remedy = child.ending(status)
            what = f"recognizer {command.name!r} {how}"
            raise UndecidedError(Problem(what, remedy + _last_words(tail)))
    except TimeoutError as error:
        what = f"recognizer {command.name!r} was silent for {timeout:g} seconds"
        remedy = "let it print more often, or give it more time with --timeout SECONDS"
        raise UndecidedError(Problem(what, remedy + _last_words(tail))) from error
    finally:
        process.stdout.close()
        child.stop(process, grace=2.0)
        child.unwatch(watcher)


def _chunks(
    process: subprocess.Popen[bytes], stream: IO[bytes], timeout: float, idle: Callable[[], None]
) -> Iterator[bytes]:
    """Give what a program prints until it has ended; ``TimeoutError`` where it is silent."""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        silence = Silence(timeout)
        while True:
            if silence.left <= 0:
                raise TimeoutError
            if selector.select(silence.wait):
                chunk = os.read(stream.fileno(), CHUNK)
                if not chunk:
                    return
                yield chunk
                silence = Silence(timeout)
            else:
                idle()
                # What it wrote last comes first; a child of its own may hold the output open.
                if process.poll() is not None and not selector.select(0):
                    return
                silence.look()


def _lines(chunks: Iterator[bytes], echo: Callable[[bytes], None] | None) -> Iterator[bytes]:
    partial = b""
    for chunk in chunks:
        if echo:
            echo(chunk)
        *lines, rest = _LINE_END.split(chunk)
        for line in lines:
            yield (partial + line)[:LINE_LIMIT]
            partial = b""
        partial = (partial + rest)[:LINE_LIMIT]
    yield partial


def _status(process: subprocess.Popen[bytes], timeout: float) -> int:
    """Wait for a program that has closed its output; ``TimeoutError`` where it goes on."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(timeout)
    raise TimeoutError


def _last_words(lines: deque[str]) -> str:
    return "".join(f"\n    | {line}" for line in lines)
