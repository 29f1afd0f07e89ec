"""The workers at work on one run: they join, open their sessions, answer, and may be lost.

An answer counts only while its piece is out to that very worker: so each item is given once,
whatever dask does with tasks whose worker is gone.
"""

from __future__ import annotations

import asyncio
import importlib
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import distributed
from distributed.comm.core import CommClosedError

from sphinx_modelzoo.errors import ModelZooError, Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Opened, Prediction
from sphinx_modelzoo.verify.cluster import session
from sphinx_modelzoo.verify.cluster.answers import (
    INSTALL,
    check_same,
    environment_differences,
    on_worker,
)
from sphinx_modelzoo.verify.cluster.crew import Crew, Done, Hand, Job, Work
from sphinx_modelzoo.verify.cluster.link import Arrival, Link
from sphinx_modelzoo.verify.cluster.losses import Losses
from sphinx_modelzoo.verify.cluster.pieces import Piece, Pieces
from sphinx_modelzoo.verify.recognizer.process import RecognizerLostError
from sphinx_modelzoo.verify.text import printable

if TYPE_CHECKING:
    from sphinx_modelzoo.verify.cluster.cluster import Cluster

TICK = 0.5
"""So many seconds may pass without a call of ``idle``."""


# The scheduler went away, someone restarted the cluster, or dask moved the session.
_CANCELLED = (
    asyncio.CancelledError,
    distributed.CancelledError,
    CommClosedError,
    session.GoneError,
)


class Team:
    """All workers of a run, and the scheduler between them and us.

    ``opened`` is what the first of them opened, and all others must open too; None until then.
    ``pieces`` is what is being handed out.
    """

    def __init__(
        self,
        cluster: Cluster,
        opening: session.Opening,
        *,
        note: Callable[[str], None],
        idle: Callable[[], None],
        echo: Callable[[bytes], None] | None,
    ) -> None:
        self.opened: Opened | None = None
        self.pieces = Pieces(())
        self._cluster = cluster
        self._opening = opening
        self._note, self._idle, self._echo = note, idle, echo
        self._first = ""
        self._crew = Crew()
        self._link: Link | None = None
        self._losses = Losses()
        self._avoided: set[str] = set()
        self._told: set[str] = set()
        self._since = time.monotonic()
        self._fault: ModelZooError | None = None

    @property
    def ready(self) -> list[Hand]:
        """The workers whose session is open; those that have least to do first."""
        return self._crew.ready

    def step(self) -> list[Done]:
        """Wait for a moment; give what workers have done meanwhile, and see to all else.

        Raises:
            ModelZooError: a worker's recognizer fails, workers open different things, an item
                seems to kill workers, or for too long there is no scheduler or no worker.
        """
        if self._fault is not None:
            raise self._fault
        link = self._linked()
        self._staff(link)
        arrivals = link.wait(TICK)
        if all(arrival.job is None for arrival in arrivals):
            self._idle()
        done: list[Done] = []
        try:
            for arrival in arrivals:
                done += self._take(arrival)
            if link.lost:
                self._forget(link)
            else:
                self._see_who_left(link)
        except ModelZooError as error:
            self._fault = error  # what others have answered meanwhile counts
        return done

    def ask(
        self,
        hand: Hand,
        work: Work,
        task: Callable[..., Any],
        *arguments: Any,
        piece: Piece | None = None,
    ) -> None:
        """Have a worker do something with its session."""
        if self._link is None:
            raise AssertionError  # workers are known through it alone
        if piece is not None:
            hand.pieces.append(piece)
        job = Job(hand, work, piece)
        future = self._link.submit(job, hand.address, task, hand.session, *arguments)
        hand.futures[job] = future

    def disband(self) -> None:
        """Let all workers go, with what they have under way; their recognizers end."""
        link, self._link = self._link, None
        for hand in self._crew.clear():
            if link is not None:
                link.cancel([*hand.futures.values(), hand.session])
        if link is not None:
            link.deafen(self._opening.topic)

    def _linked(self) -> Link:
        """Give the line to the scheduler, which is waited for where it was lost."""
        if self._link is None:
            self._link = self._cluster.link(self._idle)
            self._link.listen(self._opening.topic)
            self._since = time.monotonic()
        return self._link

    def _staff(self, link: Link) -> None:
        """Have sessions opened on workers that have none: on one alone until that has opened.

        It may have to fetch or convert the weights, which then are there for the others too.
        """
        waited = time.monotonic() - self._since
        absent = self._crew.without(link.workers - self._avoided)
        if not absent and not len(self._crew):
            self._avoided.clear()
            absent = self._crew.without(link.workers)
        if self.opened is None and waited < self._cluster.options.patience:
            absent = [] if len(self._crew) else absent[:1]
        for address in absent:
            # One that cannot load our package ends when it is sent a function of ours.
            package = link.hold(address, importlib.import_module, session.PACKAGE)
            self.ask(self._crew.join(address, package), Work.CHECK, getattr, "__version__")
        if len(self._crew):
            return
        if waited >= self._cluster.patience:
            raise self._cluster.no_worker(link.others)
        self._note("waiting for a worker")

    def _take(self, arrival: Arrival) -> list[Done]:
        """Give what a worker has done; nothing where it is no longer asked for."""
        job, error = arrival.job, arrival.error
        if isinstance(arrival.talk, Mapping):
            self._hear(arrival.talk)
        if not isinstance(job, Job) or job.hand not in self._crew:
            return []
        hand = job.hand
        del hand.futures[job]
        if error is None:
            if job.work is Work.CHECK:
                self._start(hand, arrival.value)
            if job.work is Work.OPEN:
                self._open(hand, arrival.value)
            if job.piece is not None:
                hand.pieces.remove(job.piece)
                hand.proven = True
            return [Done(job, arrival.value)]
        if isinstance(error, distributed.KilledWorker):
            # The worker came back at its address, and died of the same again and again.
            self._lose(hand)
        elif isinstance(error, RecognizerLostError):
            self._lose(hand, on_worker(error, hand.address).problems[0])
        elif isinstance(error, _CANCELLED):
            self._let_go(hand)
        else:
            raise on_worker(error, hand.address) from error
        return []

    def _start(self, hand: Hand, version: str) -> None:
        """Have a worker open its session, if its package is ours."""
        ours = session.package_version()
        if version != ours:
            what = f"worker {hand.address} has sphinx-modelzoo {version}, and here is {ours}"
            raise UndecidedError(Problem(what, INSTALL))
        if self._link is not None:
            hand.session = self._link.hold(hand.address, session.open_session, self._opening)
            self.ask(hand, Work.OPEN, session.opened_of)

    def _open(self, hand: Hand, opened: Opened) -> None:
        self.check(hand, opened)
        hand.ready = True
        self._losses.none_at_open()
        self._cluster.patience = self._cluster.options.patience
        self._since = time.monotonic()
        self._tell_count()

    def check(self, hand: Hand, opened: Opened) -> None:
        """See that a worker has opened what the first one did; other libraries are told of.

        Raises:
            UndecidedError: it has opened something else.
        """
        if self.opened is None:
            self.opened, self._first = opened, hand.address
            return
        if opened == self.opened:
            return
        check_same(self.opened, opened, hand.address, self._first)
        for difference in environment_differences(self.opened, opened):
            if difference not in self._told:
                self._told.add(difference)
                self._cluster.tell(f"worker {hand.address} has {difference} as {self._first}")

    def see_unreadable(self, hand: Hand, predictions: Sequence[Prediction]) -> None:
        """Tell of the first item that a worker cannot read: its files may be missing there alone.

        An item that lacks a reference to decide between close scores was read.
        """
        unreadable = (each for each in predictions if each.error and not each.close)
        first = next(unreadable, None)
        if first is not None and hand.address not in self._told:
            self._told.add(hand.address)
            what = f"cannot read {printable(first.id)!r}: {first.error}"
            self._cluster.tell(f"worker {hand.address} {what}")

    def _hear(self, talk: Mapping[str, Any]) -> None:
        if "note" in talk:
            self._note(printable(str(talk["note"])))
        elif self._echo is not None:
            self._echo(talk["echo"])

    def _see_who_left(self, link: Link) -> None:
        for hand in self._crew.gone(link.workers):
            if link.retired(hand.address):
                self._cluster.tell(f"worker {hand.address} has left{_again(hand)}")
                self._let_go(hand)
            else:
                self._lose(hand)

    def _lose(self, hand: Hand, cause: Problem | None = None) -> None:
        """Hand out again what a lost worker had; a piece of it may have been the cause.

        Args:
            hand: The worker.
            cause: What is known of it, where its recognizer was lost and not the worker.

        Raises:
            UndecidedError: an item, the model or the list was at work when too many were lost.
        """
        what = cause.what if cause else f"worker {hand.address} was lost"
        self._cluster.tell(f"{what}{_again(hand)}")
        had, hand.pieces = hand.pieces, deque()
        self._let_go(hand)
        if cause and not hand.proven:
            self._avoided.add(hand.address)
        self._losses.count(hand, had, self.pieces, alone=not self.ready, cause=cause)

    def _let_go(self, hand: Hand) -> None:
        """Let a worker go; what it has goes back, through no fault of its items."""
        self._crew.leave(hand)
        if self._link is not None:
            self._link.cancel([*hand.futures.values(), hand.session])
        for piece in hand.pieces:
            self.pieces.back(piece)
        self._since = time.monotonic()
        self._tell_count()

    def _tell_count(self) -> None:
        count = len(self.ready)
        self._note("1 worker" if count == 1 else f"{count} workers")

    def _forget(self, link: Link) -> None:
        """Forget all workers: the scheduler that knew them is gone, and they end with it."""
        self._cluster.tell("the scheduler was lost; what is not answered is handed out again")
        self._link = None
        link.close()
        for hand in self._crew.clear():
            for piece in hand.pieces:
                self.pieces.back(piece)


def _again(hand: Hand) -> str:
    """Say what becomes of a worker's items."""
    count = sum(piece.size for piece in hand.pieces)
    what = "1 item goes" if count == 1 else f"{count} items go"
    return f"; its {what} to others" if count else ""
