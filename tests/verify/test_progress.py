from __future__ import annotations

import io

import pytest

from sphinx_modelzoo.verify.report.progress import CLEAR, Progress, duration, rate_text
from sphinx_modelzoo.verify.text import first_named, printable


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError

    def line(self) -> str:
        return self.getvalue().rpartition(CLEAR)[2]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def terminal(monkeypatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


def test_the_line_shows_items_rate_and_time_left(terminal, clock):
    progress = Progress(terminal, clock)
    progress.begin("net on clips")
    assert terminal.line() == "net on clips  opening (0 s)"
    clock.now += 65
    progress.note("fetching weights")
    assert terminal.line() == "net on clips  fetching weights (1 min 05 s)"
    progress.expect(400)
    for _ in range(100):
        clock.now += 0.5
        progress.step()
    assert terminal.line() == (
        "net on clips  [#####...............] 100/400  2.0 items/s  2 min 30 s left"
    )
    progress.end()
    assert terminal.line() == ""


def test_the_line_is_not_drawn_more_often_than_can_be_read(terminal, clock):
    progress = Progress(terminal, clock)
    progress.begin("net")
    progress.expect(10**6)
    for _ in range(10**4):
        clock.now += 1e-6
        progress.step()
    assert terminal.getvalue().count(CLEAR) <= 3


def test_the_line_is_cut_to_the_terminals_width(terminal, clock):
    Progress(terminal, clock).begin("n" * 500)
    assert len(terminal.line()) == 79


def test_a_narrow_terminal_loses_the_bar_before_the_time_left(terminal, clock):
    progress = Progress(terminal, clock)
    progress.begin("inceptionv3_ucf101@13ef5c3b on ucf101")
    progress.expect(3783)
    clock.now += 20
    progress.step()
    assert terminal.line() == (
        "inceptionv3_ucf101@13ef5c3b on ucf101  1/3783  3.0 items/min  21 h 00 min left"
    )


def test_a_stream_that_is_no_terminal_stays_empty(clock):
    stream = io.StringIO()
    progress = Progress(stream, clock)
    progress.begin("net")
    progress.expect(2)
    progress.step()
    progress.end()
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.6, "1 min 00 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 00 min"),
        (86399, "23 h 59 min"),
        (7 * 86400 + 3 * 3600, "7 d 03 h"),
        (-1, "0 s"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(12.34, "12.3 items/s"), (0.5, "30.0 items/min"), (0.01, "36.0 items/h"), (0, "0.0 items/h")],
)
def test_a_slow_rate_is_told_by_the_minute_or_hour(rate, text):
    assert rate_text(rate) == text


def test_text_from_elsewhere_is_one_printable_line():
    assert printable("a\x1b[31;1mb\x1b[0m\r\n\tc\u202ed\ud800") == "ab c d"
    assert printable("x" * 1000) == "x" * 299 + "…"


def test_the_first_names_are_told_and_the_rest_counted():
    assert first_named(["a", "b"]) == "a, b"
    assert first_named([str(number) for number in range(12)]).endswith("8, 9 and 2 more")
