"""What is due: never verified, stale, or verified too long ago; the cheapest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.model import NumberKey, Receipt, Status, StatusKind, Verdict
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.verify.due import due_runs
from sphinx_modelzoo.verify.plan import plan

NOW = datetime(2026, 11, 23, tzinfo=UTC)
AGE = timedelta(days=90)


def receipt(number: NumberKey, started: str, duration: float) -> Receipt:
    return Receipt(
        number=number,
        listed="83.4",
        correct=1,
        n=1,
        total=1,
        band=(1, 1),
        verdict=Verdict.CONFIRMED,
        depends={},
        predictions="",
        started=started,
        duration=duration,
        tool="",
    )


def due(zoo: Zoo, known: dict[str, tuple[StatusKind, str, float]]) -> list[tuple[str, str]]:
    """Give what is due, where of some entries status, start and seconds are known."""
    runs = plan(zoo)
    standing, receipts = {}, {}
    for run in runs:
        for metric in run.metrics:
            number = number_key(run.entry, run.result, metric.key)
            kind, started, seconds = known.get(run.entry.key, (StatusKind.CLAIMED, "", 0))
            standing[number] = Status(kind, reason="the weights changed")
            if started:
                receipts[number] = receipt(number, started, seconds)
    return [(each.run.entry.key, each.why) for each in due_runs(runs, standing, receipts, AGE, NOW)]


def models(*names: str) -> str:
    return "".join(f"  - {{name: {n}, dataset: ucf101, protocol: tsn, top1: 83}}\n" for n in names)


def test_what_was_never_verified_is_due_in_the_manifests_order(
    make_zoo: Callable[[str], Zoo],
) -> None:
    zoo = make_zoo(models("b", "a"))
    assert due(zoo, {}) == [("b", "top1 was never verified"), ("a", "top1 was never verified")]


@pytest.mark.parametrize(
    ("kind", "started", "why"),
    [
        (StatusKind.VERIFIED, "2026-11-20T08:00:00Z", ""),
        (StatusKind.SPOT, "2026-11-20T08:00:00Z", ""),
        (StatusKind.REFUTED, "2026-11-20T08:00:00Z", ""),
        (StatusKind.VERIFIED, "2026-08-25T00:00:01Z", ""),
        (StatusKind.VERIFIED, "2026-08-24T08:00:00Z", "top1 was verified 90 days ago"),
        (StatusKind.STALE, "2026-11-20T08:00:00Z", "top1 is stale: the weights changed"),
        (StatusKind.VERIFIED, "2026-01-01T08:00:00", "top1 was verified 325 days ago"),
    ],
)
def test_age_and_status_decide(
    make_zoo: Callable[[str], Zoo], kind: StatusKind, started: str, why: str
) -> None:
    found = due(make_zoo(models("a")), {"a": (kind, started, 1)})
    assert found == ([("a", why)] if why else [])


def test_a_receipt_without_a_time_is_as_old_as_can_be(make_zoo: Callable[[str], Zoo]) -> None:
    ((_, why),) = due(make_zoo(models("a")), {"a": (StatusKind.VERIFIED, "yesterday", 1)})
    assert why.startswith("top1 was verified ")


def test_the_cheapest_comes_first_and_what_is_not_known_last(
    make_zoo: Callable[[str], Zoo],
) -> None:
    old = "2026-01-01T08:00:00Z"
    zoo = make_zoo(models("new", "slow", "fast"))
    known = {"slow": (StatusKind.STALE, old, 90.0), "fast": (StatusKind.VERIFIED, old, 3.0)}
    assert [entry for entry, _ in due(zoo, known)] == ["fast", "slow", "new"]


def test_a_number_that_cannot_be_counted_is_never_due(make_zoo: Callable[[str], Zoo]) -> None:
    assert due(make_zoo("  - {name: b, dataset: ucf101, protocol: own, speed: 12}\n"), {}) == []
