"""The parity guard: what a fast recognizer cannot tell for certain, its reference decides.

A recognizer whose scores may differ from a reference's says by how much at most, as a share of an
item's largest score: its *disagreement*. Two classes whose scores lie within twice that may stand
the other way round in the reference. Such an item is *close*; it is predicted again by the
reference, and that prediction counts. All others have the same first classes in both.

A disagreement is of scores of the same pixels. Another interpreter may have another decoder, whose
pixels are others: so where the reference runs in one, the first item is predicted by both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import NoReturn, Self

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Open, Opened, Prediction
from sphinx_modelzoo.verify.recognizer.pipe import PIECE, Recognizer
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.text import printable

# Close items are run again in groups, since a reference takes several at a time. A test that counts
# items in their order waits for them: never for more than a piece of others, nor for longer.
WAIT_SECONDS = 2.0

# The margins that a recognizer looks at itself: behind its first class, and behind its first five.
OWN_PLACES = (1, 5)

# A reference may hold gigabytes; it is started again when it is needed again.
IDLE_SECONDS = 60.0


class Guarded:
    """A recognizer with its reference, which is started when the first close item comes.

    A context manager that ends both. What goes wrong with the reference is an error that names the
    reference. The methods are those of :class:`~.interface.AnyRecognizer`.
    """

    def __init__(
        self,
        command: Command,
        start: Callable[[Command], Recognizer],
        tops: Collection[int] = (),
        *,
        note: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the recognizer.

        Args:
            command: How to start it; its ``reference`` is how to start the reference, or None.
            start: Starts a process by its command.
            tops: Of how many of the best classes the metrics ask whether the label is among them:
                that an item is close is seen at these margins, besides what the recognizer says.
            note: Is told when the reference is at work, and by empty text when no more.
            clock: Gives seconds that never run backwards.

        Raises:
            UndecidedError: it cannot be started.
        """
        self._command = command
        self._start = start
        self._tops = tops
        self._note = note or _nothing
        self._clock = clock
        self._request: Open | None = None
        self._opened: Opened | None = None
        self._reference: Recognizer | None = None
        self._used = 0.0
        self._control = False
        self._fast = start(command)

    @property
    def name(self) -> str:
        """The name of the recognizer."""
        return self._command.name

    def __enter__(self) -> Self:
        """Give the recognizer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End both processes and their children; at once, after a fault."""
        try:
            if self._reference is not None:
                self._reference.__exit__(kind, error, trace)
        finally:
            self._fast.__exit__(kind, error, trace)

    def open(self, request: Open) -> Opened:
        """Have the model loaded and the data set read, by the recognizer alone."""
        self._request = request
        self._opened = self._fast.open(request)
        command, reference = self._command, self._command.reference
        if self._opened.disagreement and reference is not None:
            self._control = command.argv[0] != reference.argv[0]
        return self._opened

    def items(self, total: int) -> dict[str, int]:
        """Ask the recognizer for the label of every item."""
        return self._fast.items(total)

    def predict(
        self, labels: Mapping[str, int], order: Sequence[str] | None = None
    ) -> Iterator[Prediction]:
        """Have items predicted, and the close ones among them again; give them as they come.

        A close item has the reference's prediction, marked ``close``; without a reference it has
        an ``error``, and is marked as well.

        Args:
            labels: The label of each id.
            order: The ids to ask for, each once; all, in the mapping's order, where not given.
        """
        group: dict[str, Prediction] = {}
        last, latest = 0, 0.0
        for number, prediction in enumerate(self._fast.predict(labels, order)):
            if self._is_close(prediction) or (self._control and not prediction.error):
                if not group:
                    last, latest = number + PIECE, self._clock() + WAIT_SECONDS
                group[prediction.id] = prediction
                self._control = False
            else:
                yield prediction
            if group and (number >= last or self._clock() >= latest):
                yield from self._again(group, labels)
                group = {}
            self._end_idle()
        yield from self._again(group, labels)

    def close(self) -> str:
        """Let both end; give a warning where one answers well and then ends badly."""
        warnings = [self._fast.close()]
        if self._reference is not None:
            warnings.append(self._reference.close())
        return "; ".join(warning for warning in warnings if warning)

    def _is_close(self, prediction: Prediction) -> bool:
        disagreement = self._opened.disagreement if self._opened else 0.0
        if not disagreement or prediction.error:
            return False
        return prediction.close or any(
            is_near(prediction, top, disagreement) or self._is_hidden(prediction, top)
            for top in self._tops
        )

    def _is_hidden(self, prediction: Prediction, top: int) -> bool:
        """Tell whether nobody looks at the margin behind the best ``top``: then it is not known."""
        given = len(prediction.top)
        classes = self._request.classes if self._request else 0
        return top not in OWN_PLACES and given == top < classes

    def _again(
        self, group: Mapping[str, Prediction], labels: Mapping[str, int]
    ) -> Iterator[Prediction]:
        """Give the reference's predictions of close items, or say that they are not decided."""
        if not group:
            return
        if self._command.reference is None:
            error = f"its scores are too close for {self._command.title}"
            for prediction in group.values():
                yield replace(prediction, top=(), views=(), error=error, close=True)
            return
        reference = self._opened_reference(self._command.reference)
        which = "1 item" if len(group) == 1 else f"{len(group)} items"
        self._note(f"running {which} again in {self._command.reference.title}")
        for prediction in reference.predict(labels, tuple(group)):
            yield self._settled(group[prediction.id], prediction)
        self._note("")
        self._used = self._clock()

    def _settled(self, fast: Prediction, again: Prediction) -> Prediction:
        """Give the prediction that counts of an item that both have predicted.

        Raises:
            UndecidedError: they differ by more than was stated.
        """
        item = printable(fast.id)
        if again.error:
            reference = self._command.reference
            name = reference.name if reference else ""
            return replace(again, error=f"recognizer {name!r} cannot read it: {again.error}")
        allowed = self._opened.disagreement if self._opened else 0.0
        off = difference(fast, again)
        if off > allowed:
            what = (
                f"recognizer {self.name!r} and its reference differ by {off:.2g} of the largest "
                f"score of {item!r}, where it says that they differ by {allowed:.2g} at most"
            )
            remedy = (
                "let both decode and resize alike, by the same versions of libraries, or measure "
                "with the reference alone"
            )
            raise UndecidedError(Problem(what, remedy))
        return replace(again, close=True) if self._is_close(fast) else fast

    def _opened_reference(self, command: Command) -> Recognizer:
        """Give the reference, started and opened where it is not yet."""
        if self._reference is not None:
            return self._reference
        request, fast = self._request, self._opened
        if request is None or fast is None:
            raise AssertionError  # nothing is predicted before it is open
        reference = self._reference = self._start(command)
        opened = reference.open(request)
        if opened.disagreement:
            self._refuse(f"states a disagreement of its own, {opened.disagreement:g}")
        if opened.fingerprint != fast.fingerprint:
            self._refuse(f"has other items than {self.name!r}")
        ours, its = (each.weights.sha256 if each.weights else "" for each in (fast, opened))
        if ours != its:
            which = f"those with SHA-256 {its}" if its else "none that it names"
            self._refuse(f"loaded other weights than {self.name!r}: {which}, not {ours or 'none'}")
        return reference

    def _refuse(self, what: str) -> NoReturn:
        name = self._command.reference.name if self._command.reference else ""
        remedy = f"let it be the program whose predictions {self.name!r} should give"
        raise UndecidedError(Problem(f"recognizer {name!r} {what}", remedy))

    def _end_idle(self) -> None:
        reference = self._reference
        if reference is not None and self._clock() - self._used >= IDLE_SECONDS:
            self._reference = None
            reference.__exit__(None, None, None)


def is_near(prediction: Prediction, top: int, disagreement: float) -> bool:
    """Tell whether the reference may have other classes among its best ``top``.

    That is where the last of them and the next lie within twice the ``disagreement``, since both
    may be off, of what may be the reference's largest score. Of more classes than are given nothing
    is known.
    """
    if top >= len(prediction.top):
        return False
    (_, last), (_, following) = prediction.top[top - 1 : top + 1]
    return last - following <= 2 * disagreement * _largest(prediction) / (1 - disagreement)


def difference(one: Prediction, other: Prediction) -> float:
    """Give how far the scores of an item lie apart, as a share of the largest of them.

    A class that is among the best of one alone has at most the other's last score there.
    """
    ours, theirs = dict(one.top), dict(other.top)
    worst = 0.0
    for mine, its in ((ours, theirs), (theirs, ours)):
        least = min(its.values())
        for index, score in mine.items():
            worst = max(worst, abs(score - its.get(index, min(score, least))))
    largest = max(_largest(one), _largest(other))
    return worst / largest if worst else 0.0


def _nothing(_: str) -> None:
    """Take no notice."""


def _largest(prediction: Prediction) -> float:
    """Give what a disagreement is a share of: at least the largest absolute score that is known."""
    return max((prediction.scale, *(abs(score) for _, score in prediction.top)))
