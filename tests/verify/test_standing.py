"""Each number's standing as a table, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.model import Status, StatusKind
from sphinx_modelzoo.reports.numbers import Level
from sphinx_modelzoo.verify.plan import plan
from sphinx_modelzoo.verify.report.standing import Standing, listed_number, status_lines

MODELS = """\
  - {name: a, hashtag: aaaaaaaa, dataset: ucf101, protocol: tsn, top1: 83.4, speed: 3}
"""


def standing(zoo: Zoo, status: Status, metric: int = 0) -> Standing:
    run = plan(zoo)[0]
    return Standing(run, run.metrics[metric], status)


STALE = Status(StatusKind.STALE, "2026-11-20", 4, 3, 4, "the weights\x1b[2J changed")


def test_a_table_is_plain_where_it_is_not_on_a_terminal(make_zoo: Callable[[str], Zoo]) -> None:
    zoo = make_zoo(MODELS)
    lines = list(status_lines([standing(zoo, STALE)], colour=False))
    assert lines == [
        "entry       data set  protocol  metric  listed  status",
        "a@aaaaaaaa  ucf101    tsn       top1      83.4  stale: the weights changed",
    ]


def test_a_table_on_a_terminal_colours_the_status_alone(make_zoo: Callable[[str], Zoo]) -> None:
    zoo = make_zoo(MODELS)
    _, line = status_lines([standing(zoo, STALE)], colour=True)
    assert line.count("\x1b") == 2
    assert line.endswith("83.4  \x1b[33mstale: the weights changed\x1b[0m")


def test_an_empty_table_is_its_head() -> None:
    assert list(status_lines([], colour=False)) == [
        "entry  data set  protocol  metric  listed  status"
    ]


@pytest.mark.parametrize(
    ("kind", "require", "suffices"),
    [
        (StatusKind.VERIFIED, "verified", True),
        (StatusKind.SPOT, "verified", False),
        (StatusKind.SPOT, "spot-checked", True),
        (StatusKind.STALE, "spot-checked", False),
        (StatusKind.CLAIMED, "spot-checked", False),
        (StatusKind.REFUTED, "spot-checked", False),
        (StatusKind.CLAIMED, None, True),
    ],
)
def test_what_is_required_is_that_or_more(
    make_zoo: Callable[[str], Zoo],
    kind: StatusKind,
    require: str | None,
    suffices: object,
) -> None:
    number = standing(make_zoo(MODELS), Status(kind))
    assert number.suffices(require) == suffices
    failed = listed_number(number, require).level is Level.ERROR
    assert failed == (not suffices or kind is StatusKind.REFUTED)


def test_nothing_is_required_of_what_cannot_be_counted(make_zoo: Callable[[str], Zoo]) -> None:
    number = standing(make_zoo(MODELS), Status(StatusKind.CLAIMED), metric=1)
    assert number.metric.key == "speed"
    assert number.suffices("verified")
    assert listed_number(number, "verified").level is Level.NOTE


MESSAGES = {
    StatusKind.VERIFIED: "",
    StatusKind.SPOT: "for all items, run verify-zoo --model a",
    StatusKind.CLAIMED: "there is no receipt; run verify-zoo --model a",
    StatusKind.STALE: "stale; run verify-zoo --model a",
    StatusKind.REFUTED: "correct it, or find what differs",
}


@pytest.mark.parametrize("kind", StatusKind)
def test_a_message_says_what_to_do(make_zoo: Callable[[str], Zoo], kind: StatusKind) -> None:
    message = listed_number(standing(make_zoo(MODELS), Status(kind)), None).message
    assert MESSAGES[kind] in message
    assert bool(message) == (kind is not StatusKind.VERIFIED)


def test_a_receipt_that_is_not_believed_is_an_error(make_zoo: Callable[[str], Zoo]) -> None:
    distrusted = Status(StatusKind.CLAIMED, reason="the receipt is not signed")
    number = listed_number(standing(make_zoo(MODELS), distrusted), None)
    assert number.level is Level.ERROR
    assert number.message.startswith("claimed: the receipt is not signed; run verify-zoo")
