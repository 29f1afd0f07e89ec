"""The recognizer's end of the pipe: requests in, answers out, whatever does the recognizing.

Standard library only. See :mod:`sphinx_modelzoo.pipe.messages` for the messages.
"""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TextIO

from sphinx_modelzoo.errors import ModelZooError
from sphinx_modelzoo.pipe import messages
from sphinx_modelzoo.pipe.messages import DataSource, Failure, Open, Opened, Prediction
from sphinx_modelzoo.recognizers.alive import Work

# Seconds between two signs of life during long work.
NOTE_SECONDS = 10.0

Note = Callable[[str], None]


class Recognizer(Protocol):
    """What answers the requests. Errors are raised as ``ModelZooError``; others are told too."""

    def open(self, request: Open, note: Note) -> Opened:
        """Load the model and read the data set; ``note`` tells what is being done."""

    def items(self) -> Sequence[tuple[str, int]]:
        """Give the id and label of every item, in the list's order."""

    def predict(self, ids: Sequence[str]) -> Iterable[Prediction]:
        """Give one prediction an id, each as soon as it is known; ids are all known ones."""

    def close(self) -> None:
        """Release what :meth:`open` took."""


class _RequestError(Exception):
    """A request that is not of the pipe's contract."""


def serve(make: Callable[[], Recognizer], requests: Iterable[str], answers: TextIO) -> int:
    """Answer requests until ``close``, the end of the requests, or an error that ends the work.

    Args:
        make: Gives the recognizer, at the first ``open``; may raise ``ModelZooError``.
        requests: One JSON object a line.
        answers: Gets one JSON object a line, each written out at once.

    Returns:
        The exit status: 0 after ``close`` or at the end, 1 after a failure.
    """
    pipe = _Answers(answers)
    session = _Session(make, pipe)
    try:
        for line in requests:
            if line.strip() and session.answer(_parse(line)):
                return 0
    except _RequestError as error:
        pipe.send(Failure(str(error), "see sphinx_modelzoo/pipe/messages.py"))
        return 1
    except ModelZooError as error:
        pipe.send(_failure(error))
        return 1
    except BrokenPipeError:
        return 1
    except Exception as error:  # noqa: BLE001 - the other end must hear of any failure
        traceback.print_exc()
        pipe.send(
            Failure(f"{type(error).__name__}: {error}", "see the recognizer's standard error")
        )
        return 1
    finally:
        session.end()
    return 0


def _failure(error: ModelZooError) -> Failure:
    if len(error.problems) == 1:
        problem = error.problems[0]
        what = f"{problem.place}: {problem.what}" if problem.place else problem.what
        return Failure(what, problem.remedy)
    return Failure(str(error))


class _Answers:
    """Writes answers, whole lines at once, from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: object) -> None:
        line = messages.encode(message)
        with self._lock:
            self._stream.write(line)
            self._stream.flush()

    def note(self, text: str) -> None:
        self.send({"type": "note", "text": text})

    @contextmanager
    def signs_of_life(self, text: str) -> Iterator[None]:
        """Send a note every :data:`NOTE_SECONDS` until the work is done, or hangs."""
        done = threading.Event()

        def repeat() -> None:
            work = Work()
            # A reader that has gone away is told by the next answer, not from this thread.
            with suppress(OSError):
                while not done.wait(NOTE_SECONDS):
                    if work.goes_on():
                        self.note(text)

        thread = threading.Thread(target=repeat, name="signs-of-life", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


class _Session:
    """One recognizer, from ``open`` to ``close``."""

    def __init__(self, make: Callable[[], Recognizer], pipe: _Answers) -> None:
        self._make = make
        self._pipe = pipe
        self._recognizer: Recognizer | None = None
        self._items: Sequence[tuple[str, int]] = ()
        self._ids: frozenset[str] = frozenset()

    def answer(self, request: dict[str, Any]) -> bool:
        """Answer one request; say whether it was the last."""
        kind = request.get("type")
        if kind == "close":
            self.end()
            self._pipe.send({"type": "closed"})
            return True
        if kind == "open":
            self._open(request)
        elif kind == "items":
            self._send_items(request)
        elif kind == "predict":
            self._predict(request)
        else:
            msg = f"unknown request {kind!r}"
            raise _RequestError(msg)
        return False

    def end(self) -> None:
        if self._recognizer is not None:
            self._recognizer.close()
            self._recognizer = None

    def _opened(self) -> Recognizer:
        if self._recognizer is None:
            msg = "the first request must be open"
            raise _RequestError(msg)
        return self._recognizer

    def _open(self, request: dict[str, Any]) -> None:
        if self._recognizer is not None:
            msg = "the recognizer is open already"
            raise _RequestError(msg)
        opening = _read_open(request)
        with self._pipe.signs_of_life(f"opening {opening.model}"):
            recognizer = self._make()
            self._recognizer = recognizer
            opened = recognizer.open(opening, self._pipe.note)
            self._items = recognizer.items()
            self._ids = frozenset(item for item, _ in self._items)
        self._pipe.send(opened)

    def _send_items(self, request: dict[str, Any]) -> None:
        self._opened()
        start, count = _count(request, "start"), _count(request, "count")
        items = [list(item) for item in self._items[start : start + count]]
        self._pipe.send({"type": "items", "items": items})

    def _predict(self, request: dict[str, Any]) -> None:
        recognizer = self._opened()
        ids = request.get("ids")
        if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
            msg = "predict wants ids, a list of texts"
            raise _RequestError(msg)
        unknown = [item for item in ids if item not in self._ids]
        if unknown:
            msg = f"unknown ids: {', '.join(map(repr, unknown[:3]))} ({len(unknown)} of {len(ids)})"
            raise _RequestError(msg)
        if len(set(ids)) < len(ids):
            msg = "an id stands twice in one predict request"
            raise _RequestError(msg)
        with self._pipe.signs_of_life("predicting"):
            for prediction in recognizer.predict(ids):
                self._pipe.send(prediction)


def _count(request: dict[str, Any], name: str) -> int:
    value = request.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    msg = f"items: {name} is {value!r}, not a whole number from 0"
    raise _RequestError(msg)


def _parse(line: str) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except ValueError as error:
        msg = f"a request is not JSON ({error})"
        raise _RequestError(msg) from error
    if not isinstance(request, dict):
        msg = "a request is not a JSON object"
        raise _RequestError(msg)
    return request


def _read_open(request: dict[str, Any]) -> Open:
    """Check the fields of an ``open`` request and give it typed."""
    if request.get("pipe", messages.VERSION) != messages.VERSION:
        msg = f"the pipe's version is {messages.VERSION}, not {request.get('pipe')!r}"
        raise _RequestError(msg)
    source = _typed(request, "data", dict, {})
    protocol = _typed(request, "protocol", dict, {})
    for name, value in protocol.items():
        if isinstance(value, bool) or not isinstance(value, int | str):
            msg = f"open: the protocol's {name} is neither a whole number nor text"
            raise _RequestError(msg)
    model = _typed(request, "model", str, None)
    return Open(
        model=model,
        architecture=_typed(request, "architecture", str, "") or model,
        hashtag=_typed(request, "hashtag", str, ""),
        classes=_typed(request, "classes", int, None),
        data=DataSource(
            name=_typed(source, "name", str, ""),
            root=_typed(source, "root", str, ""),
            list=_typed(source, "list", str, ""),
            media=_typed(source, "media", str, ""),
            template=_typed(source, "template", str, "") or DataSource("").template,
        ),
        protocol=protocol,
        weights=_typed(request, "weights", str, ""),
        sha1=_typed(request, "sha1", str, ""),
        sha256=_typed(request, "sha256", str, ""),
        offline=_typed(request, "offline", bool, False),  # noqa: FBT003 - the default
    )


def _typed(request: dict[str, Any], name: str, kind: type, default: Any) -> Any:
    """Give a field of a request; ``None`` as default makes it necessary."""
    value = request.get(name, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        msg = f"open: {name} is missing" if value is None else f"open: {name} is {value!r}"
        raise _RequestError(msg)
    return value
