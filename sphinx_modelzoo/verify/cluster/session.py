"""What runs on a worker: a recognizer that is opened once and kept between pieces.

A session is a value in the worker's memory, as any task's result is. It lasts as long as the
driver holds its future: when the driver lets go of it, ends, or is killed, the scheduler has the
worker forget the value, and the recognizer's process ends with it, whatever it is at. When the
worker is killed, the recognizer reads the end of its input.
"""

from __future__ import annotations

import importlib
import platform
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import distributed

from sphinx_modelzoo.errors import ModelZooError, Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Open, Opened, encode
from sphinx_modelzoo.verify.cluster.answers import INSTALL
from sphinx_modelzoo.verify.recognizer.interface import AnyRecognizer
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.start import start_recognizer

PACKAGE = "sphinx_modelzoo"
NOTE_SECONDS = 1.0
"""No worker sends more than one note in this time: a thousand of them share a scheduler."""


class GoneError(Exception):
    """The session is not in this process: dask moved it to another one, or to the disk."""


class UnwantedError(Exception):
    """Nobody waits any more for what a worker does."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a worker needs to open a recognizer.

    ``paths`` must exist there. ``topic`` is what its notes are sent under, and with ``echo`` what
    it says on standard error. ``versions`` are the driver's own.
    """

    command: Command
    tops: tuple[int, ...]
    request: Open
    timeout: float
    topic: str
    echo: bool
    paths: tuple[str, ...]
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A piece's predictions: the pipe's messages, a line each, and the seconds that they took.

    ``opened`` is what the session that made them is: its worker may have been replaced meanwhile.
    """

    lines: bytes
    seconds: float
    opened: Opened


class Session:
    """A recognizer at work on a worker; it ends when nothing refers to it any more."""

    def __init__(self, recognizer: AnyRecognizer, opened: Opened) -> None:
        self.opened = opened
        self._recognizer = recognizer
        self._fault: ModelZooError | None = None
        # A worker of several threads may be given the next piece before this one is done.
        self._lock = threading.Lock()
        self._end = weakref.finalize(self, _end_aside, recognizer)
        self._end.atexit = False  # the process's end closes the recognizer's input

    def __reduce__(self) -> tuple[type[Moved], tuple[()]]:
        """Leave a process behind, where dask would move it to another worker or to the disk."""
        return (Moved, ())

    @contextmanager
    def at_work(self) -> Iterator[AnyRecognizer]:
        """Give the recognizer to one task at a time; it ends at once when a task fails.

        What failed keeps frames and so the session alive, for who knows how long.
        """
        with self._lock:
            if self._fault is not None:
                # The next piece was on its way when this one's fault ended the recognizer.
                raise type(self._fault)(*self._fault.problems)
            if not self._end.alive:
                raise GoneError
            try:
                yield self._recognizer
            except BaseException as error:
                if isinstance(error, ModelZooError):
                    self._fault = type(error)(*error.problems)  # without its frames
                self._end()
                raise

    def close(self) -> str:
        """Let the recognizer end by itself; give a warning where it ends badly."""
        with self.at_work() as recognizer:
            warning = recognizer.close()
            if self._end.detach():
                recognizer.__exit__(None, None, None)
            return warning


class Moved:
    """What another process finds in a session's place."""


def package_version() -> str:
    """Give the version of this package."""
    return str(importlib.import_module(PACKAGE).__version__)


def versions() -> Mapping[str, str]:
    """Give the versions that driver and workers must share."""
    return {
        "sphinx-modelzoo": package_version(),
        "distributed": version("distributed"),
        "Python": ".".join(platform.python_version_tuple()[:2]),
    }


def open_session(opening: Opening) -> Session:
    """Start the recognizer and have it open the model.

    Raises:
        UndecidedError: this worker has other versions, lacks a path, or the recognizer fails.
    """
    _check_versions(opening.versions)
    _check_paths(opening.paths)
    worker = distributed.get_worker()
    threads = str(worker.state.nthreads)
    talk = _Talk(worker, opening.topic)
    recognizer = start_recognizer(
        _with_threads(opening.command, threads),
        opening.tops,
        timeout=opening.timeout,
        note=talk.note,
        idle=talk.idle,
        echo=talk.echo if opening.echo else None,
    )
    try:
        return Session(recognizer, recognizer.open(opening.request))
    except BaseException as error:
        recognizer.__exit__(type(error), error, None)
        raise


def opened_of(session: Session | Moved) -> Opened:
    """Give what a session's recognizer said when it was opened."""
    return _present(session).opened


def list_items(session: Session | Moved, total: int) -> dict[str, int]:
    """Ask for the label of every item."""
    with _present(session).at_work() as recognizer:
        return recognizer.items(total)


def predict_piece(session: Session | Moved, labels: Mapping[str, int]) -> Answer:
    """Have a piece predicted, whose ids and labels are given in its order."""
    here = _present(session)
    with here.at_work() as recognizer:
        began = time.monotonic()
        lines = [encode(each) for each in recognizer.predict(labels)]
        return Answer("".join(lines).encode(), time.monotonic() - began, here.opened)


def close_session(session: Session | Moved) -> str:
    """Let a session's recognizer end; give a warning where it ends badly."""
    return _present(session).close()


def _present(session: Session | Moved) -> Session:
    if isinstance(session, Moved):
        raise GoneError
    return session


class _Talk:
    """What a recognizer says beside its answers, on its way to the driver."""

    def __init__(self, worker: distributed.Worker, topic: str) -> None:
        self._worker = worker
        self._topic = topic
        self._told = 0.0

    def note(self, text: str) -> None:
        if time.monotonic() - self._told >= NOTE_SECONDS:
            self._told = time.monotonic()
            self._worker.log_event(self._topic, {"note": text})

    def idle(self) -> None:
        """See that the task is still wanted: a piece may take minutes, and a recognizer may hang.

        Raises:
            UnwantedError: the driver has let go of it, has its verdict, or is gone.
        """
        task = self._worker.state.tasks.get(self._worker.get_current_task())
        if task is None or task.state == "cancelled":
            raise UnwantedError

    def echo(self, talk: bytes) -> None:
        self._worker.log_event(self._topic, {"echo": talk})


def _end_aside(recognizer: AnyRecognizer) -> None:
    """End a recognizer without making the worker's event loop wait for it."""
    end = threading.Thread(target=recognizer.__exit__, args=(None, None, None), daemon=True)
    end.start()


def _with_threads(command: Command, threads: str) -> Command:
    """Let a recognizer use as many threads as its worker has.

    Without it there would be one: dask gives its workers an OMP_NUM_THREADS of 1.
    """
    reference = command.reference and _with_threads(command.reference, threads)
    environment = (*command.environment, ("OMP_NUM_THREADS", threads))
    return replace(command, environment=environment, reference=reference)


def _check_versions(expected: Mapping[str, str]) -> None:
    here = versions()
    for name, wanted in expected.items():
        if here[name] != wanted:
            what = f"{name} is {here[name]} there and {wanted} here"
            raise UndecidedError(Problem(what, INSTALL))


def _check_paths(paths: tuple[str, ...]) -> None:
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        what = f"there is no {' and no '.join(missing)}"
        remedy = "every machine of a cluster needs the same files at the same paths"
        raise UndecidedError(Problem(what, remedy))
