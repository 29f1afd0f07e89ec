"""Which runs are due: never verified, no longer verified, or verified too long ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sphinx_modelzoo.receipts.model import NumberKey, Receipt, Status, StatusKind
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.verify.plan import Run


@dataclass(frozen=True, slots=True)
class Chosen:
    """A run that was chosen, and why."""

    run: Run
    why: str

    def __str__(self) -> str:
        """Give ``RUN: why``."""
        return f"{self.run.title}: {self.why}"


def due_runs(
    runs: Sequence[Run],
    standing: Mapping[NumberKey, Status],
    receipts: Mapping[NumberKey, Receipt],
    age: timedelta,
    now: datetime,
) -> list[Chosen]:
    """Give the runs with a number that is due, the cheapest first.

    Args:
        runs: What there is to verify; numbers that cannot be counted are never due.
        standing: The status of each number.
        receipts: The last receipt of each number, whether it fits or not.
        age: How old a verification may become.
        now: The present, with its time zone.

    Returns:
        By the seconds that the last verification took; those never verified come last, in the
        manifest's order.
    """
    chosen = [Chosen(run, why) for run in runs if (why := _why(run, standing, receipts, age, now))]
    return sorted(chosen, key=lambda each: _seconds(each.run, receipts))


def _why(
    run: Run,
    standing: Mapping[NumberKey, Status],
    receipts: Mapping[NumberKey, Receipt],
    age: timedelta,
    now: datetime,
) -> str:
    """Say why a run is due; empty where it is not."""
    for metric in run.counted:
        number = number_key(run.entry, run.result, metric.key)
        status, receipt = standing[number], receipts.get(number)
        if status.kind is StatusKind.CLAIMED or receipt is None:
            return f"{metric.key} was never verified"
        if status.kind is StatusKind.STALE:
            return f"{metric.key} is stale: {status.reason}"
        since = now - _started(receipt)
        if since > age:
            return f"{metric.key} was verified {_days(since)} ago"
    return ""


def _days(since: timedelta) -> str:
    return {0: "less than a day", 1: "1 day"}.get(since.days, f"{since.days} days")


def _started(receipt: Receipt) -> datetime:
    """Give when a receipt's verification began; one that does not say it is as old as can be."""
    try:
        started = datetime.fromisoformat(receipt.started)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return started if started.tzinfo else started.replace(tzinfo=UTC)


def _seconds(run: Run, receipts: Mapping[NumberKey, Receipt]) -> float:
    numbers = [number_key(run.entry, run.result, metric.key) for metric in run.counted]
    known = [receipts[number].duration for number in numbers if number in receipts]
    return max(known, default=float("inf"))
