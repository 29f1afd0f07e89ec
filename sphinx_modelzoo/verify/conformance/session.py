"""A conversation with a recognizer under test, which may say anything at any time.

Lines that are no messages are put aside, so that each fault is found by the check that it belongs
to and not by all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import Opened, Prediction, encode
from sphinx_modelzoo.verify.recognizer import parse
from sphinx_modelzoo.verify.recognizer.process import Command, Process
from sphinx_modelzoo.verify.text import printable

EXIT_SECONDS = 30.0
"""How long a recognizer may take to end."""

T = TypeVar("T")


class FaultError(Exception):
    """The recognizer does not keep to the pipe: ``what`` it does, and the ``remedy``."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


class Session:
    """A recognizer's process; a context manager that ends it, whatever happens.

    ``strays`` receives the lines that are no messages of the pipe. All methods raise
    :class:`FaultError` when anything else comes than was asked for.
    """

    def __init__(
        self,
        command: Command,
        *,
        timeout: float,
        strays: list[str],
        echo: Callable[[bytes], None] | None = None,
    ) -> None:
        self.process = Process(command, echo=echo)
        self.exit_seconds = min(timeout, EXIT_SECONDS)
        self._timeout = timeout
        self._strays = strays

    def __enter__(self) -> Self:
        """Give the session itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process and its children."""
        self.process.end(grace=0.5 if error else 2.0)

    def send(self, request: object) -> None:
        """Send a request: a message, or a text that is sent as it is."""
        self.process.send(request if isinstance(request, str) else encode(request))

    def receive(self, expected: str, awaiting: str) -> Mapping[str, Any]:
        """Give the next message that is no note, which must be of the expected type."""
        message = self._message(awaiting)
        if message["type"] == "error" and expected != "error":
            failure = parsed(parse.read_failure, message)
            what = f"gave up {awaiting}: {failure.message}"
            raise FaultError(what, failure.remedy or "see its standard error with --debug")
        if message["type"] != expected:
            what = f"answered {message['type']!r} {awaiting}, where {expected!r} is due"
            raise FaultError(what, "see what it was asked in the description of the pipe")
        return message

    def open(self, request: object) -> Opened:
        """Have the model and the data set opened."""
        self.send(request)
        return parsed(parse.read_opened, self.receive("opened", "before it answered 'open'"))

    def opened_or_refused(self, request: object) -> Opened | None:
        """Ask to open what may well be refused; None where it is, with an ``error``."""
        self.send(request)
        message = self._message("before it answered 'open'")
        if message["type"] == "error":
            self._refused(message)
            return None
        if message["type"] != "opened":
            what = f"answered 'open' with {message['type']!r}"
            raise FaultError(what, "answer it with 'opened' or 'error'")
        return parsed(parse.read_opened, message)

    def refuses(self, request: object, asked: str) -> None:
        """Send what must be refused with an ``error``, after which the process ends with 1."""
        self.send(request)
        remedy = "answer with an 'error' that says what is wrong, and end with status 1"
        try:
            message = self._message(f"when it was asked for {asked}")
        except FaultError as fault:
            raise FaultError(fault.what, remedy) from fault
        if message["type"] != "error":
            what = f"answered {message['type']!r} when it was asked for {asked}"
            raise FaultError(what, remedy)
        self._refused(message)

    def items(self, start: int, count: int) -> list[tuple[str, int]]:
        """List items."""
        self.send({"type": "items", "start": start, "count": count})
        answer = self.receive("items", f"when it was asked for {count} items from {start} on")
        return parsed(parse.read_items, answer)

    def predict(self, ids: Sequence[str], classes: int, request: object = None) -> Predictions:
        """Have items predicted, by another request than the plain one where that is given."""
        self.send({"type": "predict", "ids": ids} if request is None else request)
        return self.predictions(ids, classes)

    def predictions(self, ids: Sequence[str], classes: int) -> Predictions:
        """Receive the predictions that were asked for."""
        found: Predictions = {}
        for _ in ids:
            left = next(item for item in ids if item not in found)
            awaiting = f"with {len(ids) - len(found)} predictions missing, such as {left!r}"
            answer = self.receive("prediction", awaiting)
            prediction = parsed(lambda data: parse.read_prediction(data, classes), answer)
            item = printable(prediction.id)
            if prediction.id in found:
                what = f"predicted {item!r} twice in answer to one request"
                raise FaultError(what, "answer each id once")
            if prediction.id not in ids:
                what = f"predicted {item!r}, which was not asked for"
                raise FaultError(what, "answer the ids that were asked for, as they are written")
            found[prediction.id] = prediction
        return found

    def ends(self, expected: int, after: str, *, hang_up: bool) -> None:
        """See that the process ends by itself, and leaves none of its children behind."""
        status = self.process.finish(
            self.exit_seconds, hang_up=hang_up, rest=lambda line: self._late(line, after)
        )
        if status is None:
            what = f"was still there {self.exit_seconds:g} seconds after {after}"
            raise FaultError(what, "let it end")
        if status != expected:
            what = f"ended with status {status} after {after}"
            raise FaultError(what, f"let it end with status {expected}")
        self.leaves_no_children(after)

    def leaves_no_children(self, after: str) -> None:
        """See that no process of the recognizer's group is at work any more."""
        if self.process.has_left_children():
            what = f"left a process of its own running after {after}"
            raise FaultError(what, "let it end and wait for the processes that it starts")

    def _message(self, awaiting: str) -> Mapping[str, Any]:
        while True:
            try:
                line = self.process.receive(self._timeout, lambda: awaiting)
            except UndecidedError as error:
                (problem,) = error.problems
                raise FaultError(problem.what, problem.remedy) from error
            try:
                message = parse.read_message(line)
            except parse.MalformedError:
                self._strays.append(printable(line.decode("utf-8", "replace"), limit=80))
                continue
            if message["type"] != "note":
                return message

    def _refused(self, message: Mapping[str, Any]) -> None:
        parsed(parse.read_failure, message)
        self.ends(1, "its 'error'", hang_up=False)

    def _late(self, line: bytes, after: str) -> None:
        try:
            message = parse.read_message(line)
        except parse.MalformedError:
            self._strays.append(printable(line.decode("utf-8", "replace"), limit=80))
            return
        if message["type"] != "note":
            what = f"wrote {message['type']!r} after {after}"
            raise FaultError(what, "write nothing more")


Predictions = dict[str, Prediction]


def parsed(reader: Callable[[Mapping[str, Any]], T], data: Mapping[str, Any]) -> T:
    """Read a message's fields.

    Raises:
        FaultError: one of them is not what it should be.
    """
    try:
        return reader(data)
    except parse.MalformedError as error:
        what = f"answered with {error}"
        raise FaultError(what, "see the field in the description of the pipe") from error
