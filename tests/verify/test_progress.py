from __future__ import annotations

import io
from itertools import pairwise

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
    clock.now += 0.5
    progress.idle()
    assert terminal.line() == (
        "inceptionv3_ucf101@13ef5c3b on ucf101  1/3783  3.0 items/min  21 h 00 min left"
    )


def test_items_that_come_in_bursts_leave_rate_and_time_left_steady(terminal, clock):
    """As of a recognizer that classifies 13 at a time, in three seconds."""
    progress = Progress(terminal, clock)
    progress.begin("net")
    progress.expect(1300)
    rates, left = [], []
    for burst in range(60):
        for _ in range(6):
            clock.now += 0.5
            progress.idle()
            if burst > 1:
                _, rate, time = terminal.line().split("]")[1].split("  ")
                rates.append(rate)
                minutes, _, seconds = time.removesuffix(" s left").rpartition(" min ")
                left.append(60 * int(minutes or 0) + int(seconds))
        for _ in range(13):
            clock.now += 0.01
            progress.step()
    assert set(rates) <= {"4.2 items/s", "4.3 items/s"}
    # Each half second is half a second less.
    assert left == sorted(left, reverse=True)
    assert max(first - second for first, second in pairwise(left)) <= 2


def test_a_steady_flow_has_its_rate_as_well(terminal, clock):
    progress = Progress(terminal, clock)
    progress.begin("net")
    progress.expect(100_000)
    for _ in range(5000):
        clock.now += 0.001
        progress.step()
    assert "1000.0 items/s  1 min 35 s left" in terminal.line()


def test_the_time_left_stands_still_where_items_are_overdue(terminal, clock):
    progress = Progress(terminal, clock)
    progress.begin("net")
    progress.expect(11)
    clock.now += 10
    progress.step()
    lines = []
    for _ in range(40):
        clock.now += 0.5
        progress.idle()
        lines.append(terminal.line().rpartition("  ")[2])
    assert lines[1] == "1 min 39 s left"
    assert lines[18:] == ["1 min 30 s left"] * 22


def test_items_of_a_former_run_count_and_have_no_part_in_the_rate(terminal, clock):
    progress = Progress(terminal, clock)
    progress.begin("net")
    progress.expect(1000)
    for _ in range(600):
        clock.now += 0.001
        progress.step(kept=True)
    clock.now += 0.5
    progress.idle()
    assert terminal.line().endswith("600/1000  first items (1 s)")
    clock.now += 8.9
    progress.step()
    clock.now += 1
    progress.idle()
    assert terminal.line().endswith("601/1000  6.0 items/min  1 h 06 min left")


def test_a_rate_follows_what_changes(terminal, clock):
    progress = Progress(terminal, clock)
    progress.begin("net")
    progress.expect(10_000)
    for gap in [10.0] * 200 + [1.0] * 100:
        clock.now += gap
        progress.step()
    assert "  1.0 items/s  " in terminal.line()


def lines_of(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


def test_a_short_run_leaves_a_stream_that_is_no_terminal_empty(clock):
    stream = io.StringIO()
    progress = Progress(stream, clock)
    progress.begin("net")
    progress.expect(2)
    for _ in range(2):
        clock.now += 14
        progress.step()
    progress.end()
    assert stream.getvalue() == ""


def test_a_stream_that_is_no_terminal_gets_a_line_now_and_then(clock):
    stream = io.StringIO()
    progress = Progress(stream, clock)
    progress.begin("net on clips")
    progress.note("fetching weights")
    clock.now += 31
    progress.idle()
    progress.expect(400)
    for _ in range(180):
        clock.now += 0.5
        progress.step()
    assert lines_of(stream) == [
        "net on clips  fetching weights (31 s)",
        "net on clips  60/400  2.0 items/s  2 min 50 s left",
        "net on clips  120/400  2.0 items/s  2 min 20 s left",
        "net on clips  180/400  2.0 items/s  1 min 50 s left",
    ]
    assert "\r" not in stream.getvalue()


def test_a_slow_recognizer_is_told_of_while_nothing_comes(clock):
    stream = io.StringIO()
    progress = Progress(stream, clock)
    progress.begin("net")
    progress.expect(3783)
    for _ in range(140):
        clock.now += 0.5
        progress.idle()
    assert lines_of(stream) == [
        "net  0/3783  first items (30 s)",
        "net  0/3783  first items (1 min 00 s)",
    ]


def test_a_run_of_days_does_not_fill_a_log(clock):
    stream = io.StringIO()
    progress = Progress(stream, clock)
    progress.begin("net")
    progress.expect(3783)
    for _ in range(3783):
        clock.now += 160
        progress.step()
    lines = lines_of(stream)
    assert 900 < len(lines) < 1100
    assert lines[-1].endswith("3782/3783  22.5 items/h  2 min 40 s left")


def test_a_dumb_terminal_is_written_to_as_a_file_is(clock, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    stream = Terminal()
    progress = Progress(stream, clock)
    progress.begin("net")
    clock.now += 31
    progress.idle()
    progress.end()
    assert stream.getvalue() == "net  opening (31 s)\n"


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
