"""What the commands share: ending well, and messages without tracebacks."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import sphinx_modelzoo
from sphinx_modelzoo.errors import Exit, ModelZooError, Problem

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

SIGNALLED = 128  # plus the signal's number: what shells say of a process that it ended
BROKEN_PIPE = SIGNALLED + 13

_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def run_command(work: Callable[[], int], *, debug: bool) -> int:
    """Run a command and give its exit code; users see messages, and with ``debug`` tracebacks."""
    _print_anything()
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks for
            signal.signal(number, _terminate)
    try:
        code = work()
        sys.stdout.flush()
    except ModelZooError as error:
        if debug:
            traceback.print_exc()
        print_problems(error.problems)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - users never see a traceback
        print_fault(error, debug=debug)
        return Exit.UNDECIDED
    return code


def version_text() -> str:
    """Give what ``--version`` prints."""
    return f"sphinx-modelzoo {sphinx_modelzoo.__version__}"


def print_problems(problems: Sequence[Problem]) -> None:
    """Print problems on standard error, each one once."""
    for problem in dict.fromkeys(problems):
        print(problem, file=sys.stderr)


def print_fault(error: Exception, *, debug: bool) -> None:
    """Print an error that no one foresaw: one line, and with ``debug`` its traceback."""
    if debug:
        traceback.print_exception(error)
        return
    what = f"unexpected {type(error).__name__}: {error}"
    print(Problem(what, "run again with --debug, and report it"), file=sys.stderr)


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    """End as after an error, so that recognizers are ended and files are removed."""
    del frame
    sys.exit(SIGNALLED + number)


class _Terminal(io.FileIO):
    """A terminal; once it is gone it swallows everything, so that the work goes on without it."""

    def write(self, data: Buffer, /) -> int:
        """Write what the terminal takes."""
        try:
            return super().write(data)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return memoryview(data).nbytes


def _print_anything() -> None:
    """Let characters that a terminal's encoding lacks be printed as escapes.

    A stream that is closed swallows everything; else the next file to be opened would take its
    number, and hear what is printed.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            sink = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
            setattr(sys, name, sink)
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                raw = io.BufferedWriter(_Terminal(stream.fileno(), "w", closefd=False))
                stream = io.TextIOWrapper(raw, stream.encoding, line_buffering=True)
                setattr(sys, name, stream)
            stream.reconfigure(errors="backslashreplace")
