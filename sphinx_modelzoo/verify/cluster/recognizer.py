"""A recognizer on many machines, with the methods of one on this machine.

The driver hands out the items in their order, in pieces; each worker has a session of its own. A
worker that is lost gives its pieces to others. When the scheduler is lost, all that is not
answered is handed out again once it is back.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self
from typing import Protocol as Interface

from sphinx_modelzoo.pipe.messages import Open, Opened, Prediction
from sphinx_modelzoo.verify.cluster import session
from sphinx_modelzoo.verify.cluster.answers import read_answer
from sphinx_modelzoo.verify.cluster.crew import Done, Work
from sphinx_modelzoo.verify.cluster.paths import needed_paths
from sphinx_modelzoo.verify.cluster.pieces import Pieces
from sphinx_modelzoo.verify.cluster.team import Team
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.record import CLUSTER
from sphinx_modelzoo.verify.text import first_named

if TYPE_CHECKING:
    from sphinx_modelzoo.verify.cluster.cluster import Cluster

CLOSE_SECONDS = 30.0
AT_ONCE = 2
"""Pieces that a worker has at once where all items are needed: it never waits for the next."""


class Goal(Interface):
    """How far a run goes."""

    @property
    def whole(self) -> bool:
        """Whether all items are needed."""

    def settled(self) -> bool:
        """Tell whether what was counted so far is enough."""


class ClusterRecognizer:
    """A recognizer at work on all workers of a cluster; a context manager that ends it on each.

    ``note``, ``idle`` and ``echo`` are as of :class:`~..recognizer.pipe.Recognizer`. Every method
    raises :class:`~sphinx_modelzoo.errors.UndecidedError` where that does, and when for too long
    there is no scheduler or no worker that fits.
    """

    def __init__(
        self,
        cluster: Cluster,
        command: Command,
        tops: Collection[int],
        *,
        goal: Goal,
        timeout: float,
        note: Callable[[str], None],
        idle: Callable[[], None],
        echo: Callable[[bytes], None] | None,
    ) -> None:
        self.name = command.name
        self._cluster = cluster
        self._command = command
        self._tops = tuple(tops)
        self._goal = goal
        self._timeout = timeout
        self._note, self._idle, self._echo = note, idle, echo
        self._classes = 0
        self._team: Team | None = None

    def __enter__(self) -> Self:
        """Give the recognizer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let all workers go, with what they have under way."""
        if self._team is not None:
            self._team.disband()

    def open(self, request: Open) -> Opened:
        """Have a worker load the model and read the data set; all others must find the same."""
        self._classes = request.classes
        opening = session.Opening(
            command=self._command,
            tops=self._tops,
            request=request,
            timeout=self._timeout,
            topic=f"verify-zoo-{uuid.uuid4().hex}",
            echo=self._echo is not None,
            paths=needed_paths(self._command, request),
            versions=session.versions(),
        )
        self._team = Team(self._cluster, opening, note=self._note, idle=self._idle, echo=self._echo)
        while self._team.opened is None:
            self._team.step()
        opened = self._team.opened
        ran_on = {CLUSTER: f"distributed {session.versions()['distributed']}"}
        return replace(opened, environment={**opened.environment, **ran_on})

    def items(self, total: int) -> dict[str, int]:
        """Ask a worker for the label of every item."""
        team = self._opened()
        asked = None
        while True:
            # Where the one that was asked is lost, another one is.
            if asked not in team.ready and team.ready:
                asked = team.ready[0]
                asked.listing = True
                team.ask(asked, Work.ITEMS, session.list_items, total)
            for done in team.step():
                if done.job.work is Work.ITEMS:
                    done.job.hand.listing = False
                    labels: dict[str, int] = done.value
                    return labels

    def predict(
        self, labels: Mapping[str, int], order: Sequence[str] | None = None
    ) -> Iterator[Prediction]:
        """Have items predicted, handed out in order; give them as they come.

        Args:
            labels: The label of each id; a prediction that states another one is a fault.
            order: The ids to ask for, each once; all, in the mapping's order, where not given.
        """
        team = self._opened()
        pieces = team.pieces = Pieces(tuple(labels) if order is None else order)
        while not pieces.done:
            if not self._goal.whole and self._goal.settled():
                return
            self._hand_out(team, labels)
            for done in team.step():
                if done.job.piece is not None:
                    yield from self._read(team, done, labels)

    def close(self) -> str:
        """Let the recognizers end; give a warning where one answers well and then ends badly."""
        team = self._opened()
        left = [hand for hand in team.ready if not hand.pieces]
        for hand in left:
            team.ask(hand, Work.CLOSE, session.close_session)
        warnings = []
        deadline = time.monotonic() + CLOSE_SECONDS
        while any(hand in left for hand in team.ready) and time.monotonic() < deadline:
            for done in team.step():
                if done.job.work is Work.CLOSE:
                    left.remove(done.job.hand)
                    if done.value:
                        warnings.append(f"worker {done.job.hand.address}: {done.value}")
        return first_named(warnings, 1) if warnings else ""

    def _opened(self) -> Team:
        if self._team is None:
            raise AssertionError  # the first request is open
        return self._team

    def _hand_out(self, team: Team, labels: Mapping[str, int]) -> None:
        """Give each worker that is open as many pieces as it may have.

        Where a test may stop the run, no more pieces reach beyond what is answered in order than
        there are workers: the verdict then leaves no more than a piece of each unused.
        """
        ready, pieces = team.ready, team.pieces
        at_once, limit = (AT_ONCE, None) if self._goal.whole else (1, len(ready))
        for number in range(at_once):
            for hand in ready:
                if len(hand.pieces) > number or any(piece.losses for piece in hand.pieces):
                    continue
                size = hand.pace.size_for(pieces.left, len(ready))
                piece = pieces.take(size, limit, suspects=not hand.pieces)
                if piece is None:
                    break
                wanted = {item: labels[item] for item in pieces.ids(piece)}
                team.ask(hand, Work.PREDICT, session.predict_piece, wanted, piece=piece)

    def _read(self, team: Team, done: Done, labels: Mapping[str, int]) -> Iterator[Prediction]:
        """Give the predictions of a piece, once they were looked at."""
        hand, piece, answer = done.job.hand, done.job.piece, done.value
        if piece is None:
            return
        team.check(hand, answer.opened)
        wanted = {item: labels[item] for item in team.pieces.ids(piece)}
        where = f"recognizer {self.name!r} on worker {hand.address}"
        predictions = read_answer(answer.lines, wanted, self._classes, where)
        team.see_unreadable(hand, predictions)
        hand.pace.learn(piece.size, answer.seconds, len(team.ready))
        team.pieces.answered(piece)
        yield from predictions
