from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest

from sphinx_modelzoo.network.retry import retry_after
from sphinx_modelzoo.network.schedule import Again, Beat, Limits, Schedule


def test_every_job_is_done_once() -> None:
    schedule = Schedule[int, int](lambda job, _: job * 2, lambda job: -job, Limits(4, 2, 5))
    jobs = [Again(number, f"host{number % 7}") for number in range(500)]
    assert sorted(schedule.run(jobs)) == [number * 2 for number in range(500)]


def test_no_job_is_no_work() -> None:
    assert list(Schedule[int, int](lambda job, _: job, abs, Limits()).run([])) == []


def test_a_job_can_go_on_at_another_host() -> None:
    def work(job: int, _: Beat) -> str | Again[int]:
        return f"done {job}" if job > 2 else Again(job + 1, f"host{job}")

    schedule = Schedule[int, str](work, str, Limits(2, 1, 5))
    assert list(schedule.run([Again(0, "host")])) == ["done 3"]


def test_an_error_in_a_job_is_raised_where_results_are_awaited() -> None:
    def work(job: int, _: Beat) -> int:
        message = f"job {job}"
        raise ZeroDivisionError(message)

    with pytest.raises(ZeroDivisionError, match="job 1"):
        list(Schedule[int, int](work, abs, Limits()).run([Again(1, "host")]))


def test_a_silent_job_is_given_up_and_one_that_gives_signs_of_life_is_not() -> None:
    end = threading.Event()

    def work(job: str, beat: Beat) -> str:
        if job == "silent":
            end.wait(5)
        for _ in range(8 if job == "busy" else 0):
            time.sleep(0.1)
            beat()
        return job

    schedule = Schedule[str, str](work, lambda job: f"lost {job}", Limits(1, 1, 0.4))
    jobs = [Again("silent", "a"), Again("busy", "a"), Again("quick", "a")]
    assert list(schedule.run(jobs)) == ["lost silent", "busy", "quick"]
    end.set()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("0", 0),
        (" 120 ", 120),
        ("-1", None),
        ("soon", None),
        ("1.5", None),
        ("Wed, 21 Oct 2015 07:28:10 GMT", 10),
        ("Wed, 21 Oct 2015 07:27:00 GMT", 0),
        ("Wednesday, 21-Oct-15 07:28:30 GMT", 30),
        ("9" * 30, 999999999),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str | None, seconds: float | None) -> None:
    now = datetime(2015, 10, 21, 7, 28, 0, tzinfo=UTC)
    assert retry_after(text, now) == seconds
