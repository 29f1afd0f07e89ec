"""A scheduler or a worker that says nothing is lost, though its connection holds."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sphinx_modelzoo.verify.cluster import link as module
from sphinx_modelzoo.verify.cluster.link import Link


@pytest.fixture
def link(machines: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Link]:
    """Give a line to a scheduler with two workers; a silence of five seconds is long there."""
    monkeypatch.setattr(module, "SILENCE_SECONDS", 5.0)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.5)
    machines.scheduler()
    for _ in range(2):
        machines.worker()
    made = Link(machines.address, timeout=5, resources={})
    wait_until(lambda: len(made.workers) == 2)
    yield made
    made.close()


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_that_stands_still_is_not_there_until_it_goes_on(
    machines: Any, link: Link
) -> None:
    os.kill(machines.workers[0].pid, signal.SIGSTOP)
    wait_until(lambda: len(link.workers) == 1)
    assert link.others == 1
    os.kill(machines.workers[0].pid, signal.SIGCONT)
    wait_until(lambda: len(link.workers) == 2)
    assert not link.lost


def test_a_scheduler_that_stands_still_is_lost(machines: Any, link: Link) -> None:
    os.kill(machines.scheduler_process.pid, signal.SIGSTOP)
    wait_until(lambda: link.lost)
    began = time.monotonic()
    link.close()
    assert time.monotonic() - began < 2 * module.CLOSE_SECONDS


def test_a_worker_that_is_told_to_leave_is_told_from_a_lost_one(machines: Any, link: Link) -> None:
    asked, lost = sorted(link.workers)
    link._client.retire_workers([asked])
    wait_until(lambda: len(link.workers) == 1)
    wait_until(lambda: link.retired(asked))
    assert not link.retired(asked)
    for worker in machines.workers:
        if worker.poll() is None:
            machines.kill(worker)
    wait_until(lambda: not link.workers)
    assert not link.retired(lost)


def test_a_scheduler_that_answers_otherwise_is_not_taken_for_a_lost_one(
    machines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look(_: Link) -> None:
        raise TypeError

    monkeypatch.setattr(Link, "_look_at_workers", look)
    machines.scheduler()
    machines.worker()
    made = Link(machines.address, timeout=5, resources={})
    wait_until(lambda: made.lost)
    with pytest.raises(TypeError):
        made.wait(0.1)
    made.close()
