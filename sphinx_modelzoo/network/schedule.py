"""Many looks at once, few at each host: threads that take turns.

A look that must be repeated goes back to the queue with a delay, and a host that asks for a pause
gets one, while the other hosts go on. A look that gives no sign of life for too long is given up
and its thread left behind, so that no server can hold up the run.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

Beat = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Again(Generic[Job]):
    """A job to do (again): on which host, after how many seconds, and whether the host pauses."""

    job: Job
    host: str
    delay: float = 0.0
    pause: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How many looks at once in all and at one host; ``silence`` is in seconds."""

    workers: int = 8
    per_host: int = 2
    silence: float = 60.0


@dataclass(slots=True, order=True)
class _Waiting(Generic[Job]):
    ready: float
    turn: int
    job: Job = field(compare=False)


@dataclass(slots=True)
class _Running(Generic[Job]):
    job: Job
    host: str
    beat: float


@dataclass(slots=True)
class Schedule(Generic[Job, Result]):
    """A run over jobs. ``work`` does one in a thread; ``lost`` gives the result of one given up.

    ``work`` is given the job and a function to call as a sign of life.
    """

    work: Callable[[Job, Beat], Result | Again[Job]]
    lost: Callable[[Job], Result]
    limits: Limits
    _waiting: dict[str, list[_Waiting[Job]]] = field(default_factory=dict)
    _running: dict[int, _Running[Job]] = field(default_factory=dict)
    _paused: dict[str, float] = field(default_factory=dict)
    _results: list[Result] = field(default_factory=list)
    _faults: list[BaseException] = field(default_factory=list)
    _ticket: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def run(self, jobs: Iterable[Again[Job]]) -> Iterator[Result]:
        """Do all jobs and give each result as it is there; an error in ``work`` is raised here."""
        count = 0
        for item in jobs:
            self._put(item)
            count += 1
        for _ in range(min(self.limits.workers, count)):
            self._start()
        while True:
            with self._changed:
                while not (self._results or self._faults or self._finished()):
                    self._changed.wait(0.2)
                    self._give_up_silent()
                results, self._results = self._results, []
                if self._faults:
                    self._waiting.clear()
                    raise self._faults[0]
                if not results:
                    return
            yield from results

    def _start(self) -> None:
        threading.Thread(target=self._worker, daemon=True).start()

    def _worker(self) -> None:
        while (taken := self._take()) is not None:
            ticket, job = taken

            def beat(ticket: int = ticket) -> None:
                running = self._running.get(ticket)
                if running is not None:
                    running.beat = time.monotonic()

            try:
                result = self.work(job, beat)
            except BaseException as error:  # noqa: BLE001 - raised again by run()
                with self._changed:
                    self._faults.append(error)
                    self._changed.notify_all()
                return
            if not self._done(ticket, result):
                return

    def _put(self, item: Again[Job]) -> None:
        self._ticket += 1
        ready = time.monotonic() + item.delay
        waiting = _Waiting(ready, self._ticket, item.job)
        heappush(self._waiting.setdefault(item.host, []), waiting)
        if item.pause:
            self._paused[item.host] = max(ready, self._paused.get(item.host, 0.0))

    def _take(self) -> tuple[int, Job] | None:
        """Wait for a job that may be done now; None where there are no more."""
        with self._changed:
            while self._waiting or self._running:
                now = time.monotonic()
                busy = Counter(running.host for running in self._running.values())
                starts = {
                    host: max(queue[0].ready, self._paused.get(host, 0.0))
                    for host, queue in self._waiting.items()
                    if busy[host] < self.limits.per_host
                }
                host = min(starts, key=lambda host: starts[host], default="")
                if starts and starts[host] <= now:
                    return self._begin(host, now)
                self._changed.wait(min([1.0, *(start - now for start in starts.values())]))
            return None

    def _begin(self, host: str, now: float) -> tuple[int, Job]:
        item = heappop(self._waiting[host])
        if not self._waiting[host]:
            del self._waiting[host]
        self._running[item.turn] = _Running(item.job, host, now)
        return item.turn, item.job

    def _done(self, ticket: int, result: Result | Again[Job]) -> bool:
        """Take a job's end; gives False where it had been given up, and its thread is to end."""
        with self._changed:
            if self._running.pop(ticket, None) is None:
                return False
            if isinstance(result, Again):
                self._put(result)
            else:
                self._results.append(result)
            self._changed.notify_all()
            return True

    def _give_up_silent(self) -> None:
        now = time.monotonic()
        for ticket, running in list(self._running.items()):
            if now - running.beat > self.limits.silence:
                del self._running[ticket]
                self._results.append(self.lost(running.job))
                self._start()
                self._changed.notify_all()

    def _finished(self) -> bool:
        return not (self._waiting or self._running)
