"""What the checks of a recognizer have in common: the recognizer, and what it should know."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Open, Opened, Prediction
from sphinx_modelzoo.verify.conformance.session import FaultError, Predictions, Session
from sphinx_modelzoo.verify.recognizer.process import Command

TOLERANCE = 1e-4
"""How far scores may lie apart, as a share of the largest: kernels round by the batch's size."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A recognizer, and what it is asked to open.

    ``labels`` are those of our own list of items; None where the data set has none. ``sample`` is
    how many items are predicted; ``needed`` how many classes the metrics look at.
    """

    command: Command
    request: Open
    labels: Mapping[str, int] | None = None
    sample: int = 6
    needed: int = 1
    timeout: float = 60.0
    echo: Callable[[bytes], None] | None = None


@dataclass(slots=True)
class Bench:
    """A subject at work, and what was learnt of it: ``ids`` are the items that are predicted."""

    subject: Subject
    opened: Opened | None = None
    labels: Mapping[str, int] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    predictions: Predictions = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)
    _kept: Session | None = None

    def learn(self, labels: Mapping[str, int]) -> None:
        """Keep the items' labels; choose items from all over the list."""
        ids = list(labels)
        count = min(self.subject.sample, len(ids))
        self.labels = labels
        self.ids = tuple(ids[index * len(ids) // count] for index in range(count))

    @contextlib.contextmanager
    def started(self) -> Iterator[Session]:
        """Give a new process, ended afterwards; the one that was kept is ended first."""
        self.end()
        with self._session() as session:
            yield session

    @contextlib.contextmanager
    def opened_anew(self) -> Iterator[Session]:
        """Give a new process that has opened the model and the data set."""
        with self.started() as session:
            session.open(self.subject.request)
            yield session

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Session]:
        """Give an open process; the same again, as long as no fault has befallen it."""
        if self._kept is None:
            self._kept = self._start()
        try:
            yield self._kept
        except BaseException:
            self.end()
            raise

    def _session(self) -> Session:
        subject = self.subject
        return Session(
            subject.command, timeout=subject.timeout, strays=self.strays, echo=subject.echo
        )

    def _start(self) -> Session:
        subject = self.subject
        session = self._session()
        try:
            self.opened = session.open(subject.request)
        except BaseException:
            session.process.end(grace=0.5)
            raise
        return session

    def end(self) -> None:
        """End the process that is kept, if there is one."""
        if self._kept is not None:
            self._kept.process.end()
            self._kept = None

    def predict(self, session: Session, ids: Sequence[str], request: object = None) -> Predictions:
        """Have items predicted, by another request than the plain one where that is given.

        Their labels must be those of the list.
        """
        found = session.predict(ids, self.subject.request.classes, request)
        self.check_labels(found)
        return found

    def need_items(self) -> None:
        """See that items are known; a check without them cannot be tried."""
        if not self.ids:
            leave_untried("the items are not known", "see the check 'items'")

    def need_predictions(self) -> None:
        """See that predictions are known; a check without them cannot be tried."""
        if not self.predictions:
            leave_untried("no item was predicted", "see the check 'predicts'")

    def check_labels(self, found: Mapping[str, Prediction]) -> None:
        """See that predictions state the labels of the list."""
        for item, prediction in found.items():
            if prediction.label != self.labels[item]:
                what = (
                    f"gives {item!r} the label {prediction.label}; the list says "
                    f"{self.labels[item]}"
                )
                raise FaultError(what, "give the label that the list has")

    def compare(self, found: Mapping[str, Prediction], how: str) -> None:
        """See that items are predicted as at first.

        Raises:
            FaultError: one is not; ``how`` says what was done otherwise.
        """
        for item, prediction in found.items():
            first = self.predictions[item]
            if bool(first.error) != bool(prediction.error) or not same_scores(first, prediction):
                what = f"predicts {item!r} otherwise {how}: {_best(first)} and {_best(prediction)}"
                remedy = (
                    "let a prediction depend on the item alone: no dropout, no random crops, no "
                    "statistics of the batch, no memory of former items"
                )
                raise FaultError(what, remedy)


def same_scores(one: Prediction, other: Prediction) -> bool:
    """Tell whether two predictions of an item have the same classes with the same scores.

    Scores may differ by :data:`TOLERANCE`, and so classes with such scores may change places.
    """
    if len(one.top) != len(other.top):
        return False
    near = TOLERANCE * max((abs(score) for _, score in (*one.top, *other.top)), default=0.0)
    ranks = zip(one.top, other.top, strict=True)
    if any(abs(first - second) > near for (_, first), (_, second) in ranks):
        return False
    scores = dict(other.top)
    last = other.top[-1][1] if other.top else 0.0
    return all(abs(scores.get(index, last) - score) <= near for index, score in one.top)


def _best(prediction: Prediction) -> str:
    if prediction.error:
        return f"error {prediction.error!r}"
    index, score = prediction.top[0]
    return f"class {index} with {score:.6g}"


def leave_untried(what: str, remedy: str) -> NoReturn:
    """Say of a check that it cannot be tried here."""
    raise UndecidedError(Problem(what, remedy))
