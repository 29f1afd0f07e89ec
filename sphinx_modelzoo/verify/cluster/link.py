"""The line to a scheduler: tasks go out, and what becomes of them comes in through one queue."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import time
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import distributed
from distributed.security import Security

POLL_SECONDS = 1.0
"""So often the scheduler is asked which workers there are."""
LOOK_SECONDS = 10.0
"""So often it is asked when each of them was heard of."""
SILENCE_SECONDS = 60.0
"""A scheduler that does not answer for so long is lost, though its connection holds; and so is a
worker that says nothing to it. Where nothing is wrong they do in seconds."""
CLOSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a task: its ``value``, or the ``error`` that it ended with.

    ``job`` is what the task was submitted for; None where the workers that fit have changed, or
    where a worker sent some ``talk``.
    """

    job: Any = None
    value: Any = None
    error: BaseException | None = None
    talk: Any = None


class Link:
    """A client of a scheduler, for as long as that lives; it is never connected again.

    ``workers`` are the addresses of those that offer the resources and can be heard, ``others`` how
    many more there are.
    """

    def __init__(
        self,
        address: str,
        *,
        timeout: float,
        resources: Mapping[str, float],
        security: Security | None = None,
    ) -> None:
        self.workers: frozenset[str] = frozenset()
        self.others = 0
        self._resources = dict(resources)
        self._arrivals: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
        self._fits: dict[str, bool] = {}
        self._retired: set[str] = set()
        self._heard: dict[str, tuple[float, float]] = {}
        self._client: Any = distributed.Client(
            address, timeout=timeout, name="verify-zoo", set_as_default=False, security=security
        )
        self._client.subscribe_topic("all", self._see_retired)
        self._poll = self._in_loop(self._watch_workers())

    @property
    def lost(self) -> bool:
        """Whether the scheduler is gone."""
        return bool(self._client.status != "running" or self._poll.done())

    def scheduler_version(self, timeout: float) -> str:
        """Give the version of distributed that the scheduler runs.

        Raises:
            TimeoutError: it does not say so within so many seconds.
        """
        told = self._client.sync(self._client.scheduler.versions, callback_timeout=timeout)
        return str(told["packages"]["distributed"])

    def submit(self, job: Any, worker: str, work: Callable[..., Any], *arguments: Any) -> Any:
        """Have a worker do something; what becomes of it arrives under ``job``.

        The task takes up the resources, and no other worker may take it.
        """
        future = self.hold(worker, work, *arguments)
        self._in_loop(self._collect(job, future))
        return future

    def hold(self, worker: str, work: Callable[..., Any], *arguments: Any) -> Any:
        """Have a worker make something that stays there, for as long as the future is held."""
        return self._client.submit(
            work,
            *arguments,
            key=f"{work.__name__}-{uuid.uuid4().hex}",
            workers=[worker],
            resources=self._resources or None,
            pure=False,
        )

    def cancel(self, futures: Collection[Any]) -> None:
        """Let tasks be forgotten, done or not."""
        if futures and not self.lost:
            self._in_loop(self._cancel(list(futures)))

    def listen(self, topic: str) -> None:
        """Let what workers send under a topic arrive."""
        self._client.subscribe_topic(
            topic, lambda event: self._arrivals.put(Arrival(talk=event[1]))
        )

    def deafen(self, topic: str) -> None:
        """Hear no more of a topic."""
        if not self.lost:
            self._client.unsubscribe_topic(topic)

    def retired(self, worker: str) -> bool:
        """Tell, once, whether a worker has left as someone had asked it to; it may come back."""
        asked = worker in self._retired
        self._retired.discard(worker)
        return asked

    def wait(self, seconds: float) -> list[Arrival]:
        """Give all that has arrived, after at most some time.

        Raises:
            TypeError, LookupError, AttributeError: the scheduler answers otherwise than the dask
                that this is written for, and would again.
        """
        arrivals = []
        try:
            arrivals.append(self._arrivals.get(timeout=seconds))
            while True:
                arrivals.append(self._arrivals.get_nowait())
        except queue.Empty:
            self._see_fault()
            return arrivals

    def close(self) -> None:
        """Leave the scheduler, which forgets all that was asked of it."""
        self._poll.cancel()
        with contextlib.suppress(OSError, TimeoutError):
            self._client.close(timeout=CLOSE_SECONDS)

    def _see_fault(self) -> None:
        if self._poll.done() and not self._poll.cancelled():
            fault = self._poll.exception()
            if isinstance(fault, TypeError | LookupError | AttributeError):
                raise fault from None

    def _in_loop(self, work: Any) -> Any:
        """Run a coroutine in the client's event loop, which has a thread of its own."""
        return asyncio.run_coroutine_threadsafe(work, self._client.loop.asyncio_loop)

    async def _collect(self, job: Any, future: Any) -> None:
        try:
            self._arrivals.put(Arrival(job, value=await future))
        except asyncio.CancelledError as error:
            self._arrivals.put(Arrival(job, error=error))
        except Exception as error:  # noqa: BLE001 - whoever waits for it sees to it
            self._arrivals.put(Arrival(job, error=error))

    async def _cancel(self, futures: list[Any]) -> None:
        with contextlib.suppress(OSError):
            await self._client.cancel(futures, force=True)

    def _see_retired(self, event: tuple[float, Mapping[str, Any]]) -> None:
        told = event[1]
        if told.get("action") == "remove-worker" and told.get("expected"):
            self._retired.add(str(told["worker"]))

    async def _watch_workers(self) -> None:
        """Keep account of the workers; ends when the scheduler does not answer."""
        looked = time.monotonic()
        while True:
            async with asyncio.timeout(SILENCE_SECONDS):
                there = set(await self._client.scheduler.ncores())
                if there - self._fits.keys() or time.monotonic() - looked >= LOOK_SECONDS:
                    await self._look_at_workers()
                    looked = time.monotonic()
            self._fits = {address: self._fits.get(address, False) for address in there}
            fitting = frozenset(address for address, fits in self._fits.items() if fits)
            self.others = len(there) - len(fitting)
            if fitting != self.workers:
                self.workers = fitting
                self._arrivals.put(Arrival())
            await asyncio.sleep(POLL_SECONDS)

    async def _look_at_workers(self) -> None:
        """See which workers offer the resources and were heard of lately."""
        # Of all workers; what says so is an argument in newer versions, and none before 2025.
        identity = await self._client.scheduler.identity()
        now = time.monotonic()
        heard, self._heard = self._heard, {}
        for address, worker in identity["workers"].items():
            # The scheduler's clock may be another: what counts is that the time changes.
            said, since = worker["last_seen"], now
            if address in heard and heard[address][0] == said:
                since = heard[address][1]
            self._heard[address] = said, since
            offered = worker["resources"]
            self._fits[address] = now - since < SILENCE_SECONDS and all(
                offered.get(name, 0) >= amount for name, amount in self._resources.items()
            )
