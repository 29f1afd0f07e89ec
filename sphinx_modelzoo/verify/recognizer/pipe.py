"""The conversation with a recognizer, seen from ``verify-zoo``.

Every answer is checked against what was asked: an id that was not asked for, an id twice or
missing, another label, a class that does not exist, are errors with a name, never a smaller count.
The messages are those of :mod:`sphinx_modelzoo.pipe.messages`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Open, Opened, Prediction, encode
from sphinx_modelzoo.verify.recognizer import parse
from sphinx_modelzoo.verify.recognizer.process import Command, Process, nothing
from sphinx_modelzoo.verify.text import printable

PIECE = 64  # ids in a request; two requests are under way, so that the recognizer never waits
PAGE = 1000  # items in a request for the list
NOTES_LIMIT = 100_000  # notes in a row without an answer
CLOSE_TIMEOUT = 30.0

FAULT_REMEDY = "its answers cannot be counted; correct the recognizer"
MALFORMED_REMEDY = "let it write the pipe's messages to standard output, and all else to stderr"

S = TypeVar("S")
T = TypeVar("T")


class Recognizer:
    """A recognizer at work; a context manager that ends its process, whatever happens.

    ``note`` receives the text of its notes, ``idle`` is called with each note and about twice a
    second while nothing comes, ``echo`` receives what it says on standard error.

    Every method raises :class:`~sphinx_modelzoo.errors.UndecidedError` when the recognizer ends,
    hangs, gives up, or answers anything else than what was asked.
    """

    def __init__(
        self,
        command: Command,
        *,
        timeout: float,
        note: Callable[[str], None] | None = None,
        idle: Callable[[], None] = nothing,
        echo: Callable[[bytes], None] | None = None,
    ) -> None:
        self.name = command.name
        self._timeout = timeout
        self._note = note
        self._idle = idle
        self._classes = 0
        self._disagreement = 0.0
        self._process = Process(command, echo=echo)

    def __enter__(self) -> Self:
        """Give the recognizer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process and its children; at once, after a fault."""
        self._process.end(grace=0.5 if error else 2.0)

    def open(self, request: Open) -> Opened:
        """Have the model loaded and the data set read."""
        self._classes = request.classes
        self._send(request)
        answer = self._answer("opened", lambda: "before it answered 'open'")
        opened = self._read(parse.read_opened, answer)
        self._disagreement = opened.disagreement
        return opened

    def items(self, total: int) -> dict[str, int]:
        """Ask for the label of every item, in pages, in the recognizer's order."""
        labels: dict[str, int] = {}
        while len(labels) < total:
            count = min(PAGE, total - len(labels))
            self._send({"type": "items", "start": len(labels), "count": count})
            answer = self._answer("items", lambda: f"with {len(labels)} of {total} items listed")
            page = self._read(parse.read_items, answer)
            if len(page) != count:
                self._fail(f"listed {len(page)} items where {count} were asked for")
            for item, label in page:
                if item in labels:
                    self._fail(f"listed the item {item!r} twice")
                labels[item] = label
        return labels

    def predict(
        self, labels: Mapping[str, int], order: Sequence[str] | None = None
    ) -> Iterator[Prediction]:
        """Have items predicted, asked for in order; give them as they come.

        Args:
            labels: The label of each id; a prediction that states another one is a fault.
            order: The ids to ask for, each once; all, in the mapping's order, where not given.
        """
        order = tuple(labels) if order is None else order
        awaited: set[str] = set()
        done = asked = 0
        while done < len(order):
            while asked < len(order) and len(awaited) <= PIECE:
                piece = order[asked : asked + PIECE]
                self._send({"type": "predict", "ids": piece})
                awaited.update(piece)
                asked += len(piece)
            awaiting = partial(_missing, order, awaited, len(order) - done)
            answer = self._answer("prediction", awaiting)
            prediction = self._read(lambda data: parse.read_prediction(data, self._classes), answer)
            self._check(prediction, labels, awaited, partial(order.__getitem__, slice(asked)))
            awaited.remove(prediction.id)
            done += 1
            yield prediction

    def close(self) -> str:
        """Let the recognizer end; give a warning where it answers well and then ends badly."""
        self._send({"type": "close"})
        self._answer("closed", lambda: "before it answered 'close'")
        status = self._process.finish(min(CLOSE_TIMEOUT, self._timeout))
        if status == 0:
            return ""
        how = "did not end and was stopped" if status is None else f"ended with status {status}"
        return f"recognizer {self.name!r} {how} after all its work was done"

    def _check(
        self,
        prediction: Prediction,
        labels: Mapping[str, int],
        awaited: set[str],
        asked: Callable[[], Sequence[str]],
    ) -> None:
        item = printable(prediction.id)
        if prediction.id not in awaited:
            if prediction.id in asked():
                self._fail(f"predicted {item!r} twice")
            self._fail(f"predicted {item!r}, which was not asked for")
        label = labels[prediction.id]
        if prediction.label != label:
            self._fail(f"gives {item!r} the label {prediction.label}; the list says {label}")
        if prediction.close and not self._disagreement:
            self._fail(f"calls {item!r} close, and has stated no disagreement")

    def _send(self, message: object) -> None:
        self._process.send(encode(message))

    def _answer(self, expected: str, awaiting: Callable[[], str]) -> Mapping[str, Any]:
        """Give the next message that is no note, which must be of the expected type."""
        notes = 0
        while True:
            line = self._process.receive(self._timeout, awaiting, self._idle)
            message = self._read(parse.read_message, line)
            if message["type"] == expected:
                return message
            if message["type"] == "error":
                failure = self._read(parse.read_failure, message)
                what = f"recognizer {self.name!r}: {failure.message}"
                raise UndecidedError(Problem(what, failure.remedy))
            if message["type"] != "note":
                self._fail(f"answered {message['type']!r} where {expected!r} was due")
            if self._note:
                self._note(parse.read_note(message))
            self._idle()
            notes += 1
            if notes == NOTES_LIMIT:
                self._fail(f"sent {notes} notes in a row {awaiting()}")

    def _read(self, reader: Callable[[S], T], data: S) -> T:
        try:
            return reader(data)
        except parse.MalformedError as error:
            what = f"recognizer {self.name!r} answered with {error}"
            raise UndecidedError(Problem(what, MALFORMED_REMEDY)) from error

    def _fail(self, what: str) -> NoReturn:
        raise UndecidedError(Problem(f"recognizer {self.name!r} {what}", FAULT_REMEDY))


def _missing(order: Sequence[str], awaited: set[str], left: int) -> str:
    first = next(item for item in order if item in awaited)
    return f"with {left} of {len(order)} items missing, the first of them {printable(first)!r}"
