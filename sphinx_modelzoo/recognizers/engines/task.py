"""Work that is done in a process of its own.

That is where another interpreter is needed, where memory is to be given back, or where a crash is
to stay outside. A task's module has ``make()``, which gives what answers its requests, a function
of a request and of what is told notes; requests and answers are what JSON can hold. The process
reads a request a line from standard input and answers it with lines of JSON: any number of
``note``, then ``done`` or ``error``.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from sphinx_modelzoo.errors import CallError, ModelZooError, Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import encode
from sphinx_modelzoo.recognizers.libraries import LibraryError

LAUNCHER = Path(__file__).resolve().parents[1] / "launch.py"

Note = Callable[[str], None]
Answer = Callable[[dict[str, Any], Note], dict[str, Any]]

_KINDS: Mapping[str, type[ModelZooError]] = {
    kind.__name__: kind for kind in (CallError, LibraryError)
}
_TYPES = ("note", "done", "error")
_SHOWN = 60  # characters of what is none of these

# Seconds that a process may take to end when nothing is asked of it any more.
_PATIENCE = 10.0


class CrashError(UndecidedError):
    """The process of a task ended without an answer."""


def serve_task(make: Callable[[], Answer], requests: Iterable[str], answers: TextIO) -> int:
    """Answer requests until they end, or until one fails; give the exit status."""

    def send(message: Mapping[str, Any]) -> None:
        answers.write(encode(message))
        answers.flush()

    def note(text: str) -> None:
        send({"type": "note", "text": text})

    try:
        answer = make()
        for line in requests:
            send({"type": "done", "answer": answer(json.loads(line), note)})
    except ModelZooError as error:
        problems = [[problem.what, problem.remedy, problem.place] for problem in error.problems]
        send({"type": "error", "kind": type(error).__name__, "problems": problems})
        return 1
    except BrokenPipeError:
        return 1
    except Exception as error:  # noqa: BLE001 - the other end must hear of any failure
        traceback.print_exc()
        what = f"{type(error).__name__}: {error}"
        problems = [[what, "see the recognizer's standard error", ""]]
        send({"type": "error", "kind": "", "problems": problems})
        return 1
    return 0


class Task:
    """A task's process, from this end: a context manager."""

    def __init__(self, name: str, python: str = "") -> None:
        """Start the process.

        Args:
            name: The task, as the launcher knows it.
            python: The interpreter; this one where not given.

        Raises:
            LibraryError: when the interpreter does not start.
        """
        self._name = name
        self._python = python or sys.executable
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the interpreter that the user named
                [self._python, str(LAUNCHER), name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            what = f"{self._python} does not start ({error.strerror})"
            raise LibraryError(Problem(what, "check --reference-python")) from error

    def __enter__(self) -> Task:  # noqa: PYI034 - typing.Self is newer than Python 3.10
        """Give the task."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process: at once after an error."""
        if kind is not None:
            self._process.kill()
        self.close()

    def close(self) -> None:
        """Let the process end, and see that it does."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def ask(self, request: Mapping[str, Any], note: Note) -> dict[str, Any]:
        """Give the answer to a request.

        Args:
            request: What the task is to do.
            note: Is told what the task tells.

        Raises:
            CrashError: when the process ends without an answer, as after a crash in a library.
            LibraryError: when the interpreter lacks a library, or is none.
            CallError: when the task says so.
            UndecidedError: for all other errors of the task.
        """
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        # A process that has ended is told from what it has answered.
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        for line in self._process.stdout:
            if not line.endswith("\n"):
                break  # it ended within a line
            message = self._message(line)
            if message["type"] == "done":
                return dict(message["answer"])
            if message["type"] == "error":
                problems = [Problem(*problem) for problem in message["problems"]]
                raise _KINDS.get(message["kind"], UndecidedError)(*problems)
            note(message["text"])
        status = self._process.wait()
        how = f"ended with status {status}" if status >= 0 else f"was ended by signal {-status}"
        remedy = "see the recognizer's standard error"
        if status == -signal.SIGKILL:
            remedy = "most often the memory ran out: free some"
        what = f"{self._python} {how} and without an answer ({self._name})"
        raise CrashError(Problem(what, remedy))

    def _message(self, line: str) -> dict[str, Any]:
        with suppress(ValueError):
            message = json.loads(line)
            if isinstance(message, dict) and message.get("type") in _TYPES:
                return message
        what = f"{self._python} prints {line.strip()[:_SHOWN]!r}, which is no answer ({self._name})"
        remedy = "see that it is a Python interpreter, and prints nothing by itself"
        raise LibraryError(Problem(what, remedy))


def run_task(name: str, request: Mapping[str, Any], note: Note, python: str = "") -> dict[str, Any]:
    """Run a task for one request; see :meth:`Task.ask` and :class:`Task`."""
    with Task(name, python) as task:
        return task.ask(request, note)
