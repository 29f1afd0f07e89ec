"""Whatever is killed, the verdict is the same, and each item is counted once."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

FULL = ("--tier", "full")


def on(machines: Any) -> tuple[str, ...]:
    return ("--cluster", machines.address, *FULL)


def finished(process: Any) -> str:
    output, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    assert "300 of 300  CONFIRMED" in output
    assert "Traceback" not in errors
    return str(errors)


def test_a_killed_driver_leaves_nothing_at_work_and_a_later_run_goes_on(
    cluster: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo(0.01)
    process = zoo.start(*on(cluster))
    zoo.wait_for(100, process)
    cluster.kill(process)
    process.communicate()
    zoo.wait_until_alone()
    kept = set(zoo.journalled())
    assert kept
    before = len(zoo.said())
    errors = finished(zoo.start(*on(cluster)))
    assert f"goes on after {len(kept)} items of a former run" in errors
    assert set(zoo.said()[before:]) == set(zoo.labels) - kept


def test_lost_workers_give_their_items_to_others(
    machines: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo(0.01)
    machines.scheduler()
    alone, with_nanny = machines.worker(), machines.worker("--nanny")
    process = zoo.start(*on(machines))
    zoo.wait_for(60, process)
    machines.kill(alone)
    zoo.wait_for(120, process)
    machines.kill_child_of(with_nanny)
    errors = finished(process)
    assert errors.count("was lost") == 2
    assert set(zoo.said()) == set(zoo.labels)
    zoo.wait_until_alone()


def test_a_lost_scheduler_is_waited_for(machines: Any, make_zoo: Callable[..., Any]) -> None:
    zoo = make_zoo(0.01)
    scheduler = machines.scheduler()
    machines.worker()
    process = zoo.start(*on(machines))
    zoo.wait_for(60, process)
    machines.kill(scheduler)
    machines.scheduler()
    machines.worker()
    assert "the scheduler was lost" in finished(process)
    zoo.wait_until_alone()


def test_after_a_scheduler_is_lost_for_good_a_later_run_goes_on(
    machines: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo(0.01)
    scheduler = machines.scheduler()
    machines.worker()
    process = zoo.start(*on(machines), "--patience", "1s")
    zoo.wait_for(100, process)
    machines.kill(scheduler)
    _, errors = process.communicate(timeout=180)
    assert process.returncode == 3
    assert f"no scheduler answers at {machines.address} within 1 seconds" in errors
    zoo.wait_until_alone()
    kept = set(zoo.journalled())
    assert kept
    before = len(zoo.said())
    errors = finished(zoo.start(*FULL))
    assert f"goes on after {len(kept)} items of a former run" in errors
    assert set(zoo.said()[before:]) == set(zoo.labels) - kept


def test_an_item_that_kills_workers_is_named(machines: Any, make_zoo: Callable[..., Any]) -> None:
    zoo = make_zoo()
    item = zoo.labels[17]
    zoo.command("0.75", "0", str(zoo.predicted), item)
    machines.scheduler()
    for _ in range(6):
        machines.worker()
    done = zoo.run(*on(machines))
    assert done.returncode == 3
    blamed = f"4 workers were lost while they had the item '{item}', the last at tcp://"
    assert blamed in done.stderr
    assert None in [worker.poll() for worker in machines.workers]


def test_a_model_that_kills_workers_is_named(machines: Any, make_zoo: Callable[..., Any]) -> None:
    zoo = make_zoo()
    zoo.command("0.75", "0", str(zoo.predicted), "dies-at-open")
    machines.scheduler()
    for _ in range(4):
        machines.worker()
    done = zoo.run(*on(machines))
    assert done.returncode == 3
    assert "4 workers were lost while they had no more than the model to open" in done.stderr


def test_workers_that_die_of_the_model_leave_it_to_others(
    machines: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo(0.03)
    machines.scheduler()
    machines.worker()
    process = zoo.start(*on(machines))
    zoo.wait_for(1, process)
    for _ in range(5):
        machines.worker(DIES_AT_OPEN="1")
    assert finished(process).count("was lost") == 5


def test_a_recognizer_that_is_killed_or_hangs_is_replaced(
    machines: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo(0.01)
    machines.scheduler()
    machines.worker()
    process = zoo.start(*on(machines), "--timeout", "5")
    zoo.wait_for(60, process)
    os.kill(zoo.recognizers()[0], signal.SIGKILL)
    zoo.wait_for(120, process)
    os.kill(zoo.recognizers()[0], signal.SIGSTOP)
    errors = finished(process)
    assert "recognizer 'slow' was killed (signal 9, SIGKILL) with" in errors
    assert "recognizer 'slow' was silent for 5 seconds with" in errors
    assert errors.count("to others") == 2
    assert set(zoo.said()) == set(zoo.labels)
    zoo.wait_until_alone()


def test_an_item_that_kills_recognizers_is_named(
    cluster: Any, make_zoo: Callable[..., Any]
) -> None:
    zoo = make_zoo()
    item = zoo.labels[17]
    zoo.command("0.75", "0", str(zoo.predicted), f"{item}!")
    done = zoo.run(*on(cluster))
    assert done.returncode == 3
    blamed = f"4 workers were lost while they had the item '{item}', the last time worker tcp://"
    assert blamed in done.stderr
    assert "recognizer 'slow' was killed (signal 9, SIGKILL) with" in done.stderr
    zoo.wait_until_alone()


def test_a_list_that_kills_recognizers_is_named(cluster: Any, make_zoo: Callable[..., Any]) -> None:
    zoo = make_zoo()
    manifest = zoo.folder / "zoo.yaml"
    manifest.write_text(manifest.read_text().replace(", list: items.txt", ""))
    zoo.command("0.75", "0", str(zoo.predicted), "items!", str(zoo.folder / "items.txt"))
    done = zoo.run(*on(cluster))
    assert done.returncode == 3
    assert "4 workers were lost while they had the items to list, the last time" in done.stderr
    assert "(signal 9, SIGKILL) with 0 of 300 items listed; most often" in done.stderr
    zoo.wait_until_alone()


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_what_takes_long_ends_with_the_driver(
    cluster: Any, make_zoo: Callable[..., Any], ending: signal.Signals
) -> None:
    zoo = make_zoo(600)
    process = zoo.start(*on(cluster))
    zoo.wait_for(2, process)
    process.send_signal(ending)
    _, errors = process.communicate(timeout=180)
    zoo.wait_until_alone(60)
    assert "Traceback" not in errors


@pytest.mark.long
@pytest.mark.parametrize("tier", ["full", "spot"])
def test_everything_is_killed_at_random_moments(
    machines: Any, make_zoo: Callable[..., Any], tier: str
) -> None:
    zoo = make_zoo(0.02)
    assert zoo.run("--tier", tier).returncode == 0
    expected = zoo.receipt(tier)
    zoo.forget()
    draw = random.Random(tier)  # noqa: S311 - moments, no secrets
    scheduler = machines.scheduler()
    alive = [machines.worker(), machines.worker()]
    run = ("--cluster", machines.address, "--tier", tier)
    process = zoo.start(*run)
    for fate in ("worker", "recognizer", "driver", "scheduler", "recognizer", "driver"):
        before = set(zoo.journalled())
        goal = len(zoo.said()) + draw.randint(1, 20)
        while process.poll() is None and len(zoo.said()) < goal:
            time.sleep(0.01)
        time.sleep(draw.uniform(0, 0.3))
        if fate == "worker":
            machines.kill(alive[0])
            alive = [alive[1], machines.worker()]
        elif fate == "recognizer":
            for recognizer in zoo.recognizers()[:1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(recognizer, signal.SIGKILL)
        elif fate == "scheduler":
            machines.kill(scheduler)
            scheduler = machines.scheduler()
            alive = [machines.worker(), machines.worker()]
        elif process.poll() is None:
            machines.kill(process)
            process.communicate()
            after = zoo.journalled()
            assert len(after) == len(set(after))
            assert before <= set(after)
            process = zoo.start(*run)
    _, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    assert zoo.receipt(tier) == expected
    zoo.wait_until_alone()
