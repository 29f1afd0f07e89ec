"""The pipe with real processes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import DataSource, Open
from sphinx_modelzoo.verify.recognizer.pipe import Recognizer
from sphinx_modelzoo.verify.recognizer.process import Command, Process

FAKE = Path(__file__).with_name("fake_recognizer.py")
REQUEST = Open("net", "net", "", 8, DataSource("clips"), {})


def python(*arguments: str) -> Command:
    return Command("test", (sys.executable, *arguments))


def test_items_come_in_pages_and_predictions_in_any_order(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("".join(f"clip{number} {number % 8}\n" for number in range(2345)))
    data = DataSource("clips", list=str(path))
    request = Open("net", "net", "", 8, data, {})
    with Recognizer(python(str(FAKE), "1", "reversed"), timeout=10) as recognizer:
        assert recognizer.open(request).items == 2345
        labels = recognizer.items(2345)
        assert list(labels)[:2] == ["clip0", "clip1"]
        seen = [prediction.id for prediction in recognizer.predict(labels)]
        assert recognizer.close() == ""
    assert sorted(seen) == sorted(labels)
    assert seen != list(labels)


def test_a_recognizer_that_reads_only_at_the_end_does_not_block_us():
    # It floods both of its outputs before it takes any of our megabyte of input.
    program = (
        "import sys\n"
        "for _ in range(3000): print('x' * 99, flush=True); print('y' * 99, file=sys.stderr)\n"
        "print(len(sys.stdin.readline()), flush=True)\n"
    )
    process = Process(python("-c", program))
    try:
        process.send("z" * 1_000_000 + "\n")
        lines = [process.receive(10, str) for _ in range(3001)]
    finally:
        process.end()
    assert lines[-1] == b"1000001"


def test_trickling_without_a_newline_is_silence():
    program = "import time\nwhile True: print('.', end='', flush=True); time.sleep(0.05)"
    process = Process(python("-c", program))
    begun = time.monotonic()
    try:
        with pytest.raises(UndecidedError, match=r"silent for 0\.6 seconds before it spoke"):
            process.receive(0.6, lambda: "before it spoke")
    finally:
        process.end()
    assert time.monotonic() - begun < 5


LISTEN = """
from sphinx_modelzoo.verify.recognizer.process import Command, Process
process = Process(Command("late", ("sh", "-c", "sleep 0.5; echo here; sleep 60")))
print("listening", flush=True)
print(process.receive(1.0, lambda: "in time").decode())
process.end()
"""


def test_what_came_while_we_were_stopped_ourselves_is_no_silence():
    """As after Ctrl-Z and fg: the recognizer, in a session of its own, went on meanwhile."""
    command = [sys.executable, "-c", LISTEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as listener:
        assert listener.stdout is not None
        assert listener.stdout.readline() == "listening\n"
        listener.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        listener.send_signal(signal.SIGCONT)
        assert listener.stdout.readline() == "here\n"
    assert listener.returncode == 0


def test_time_in_which_we_and_it_were_stopped_is_no_silence(monkeypatch):
    """As where a queue suspends a job: after it nothing has come, and time has gone on."""
    now, suspended = time.monotonic, []
    monkeypatch.setattr(time, "monotonic", lambda: now() + sum(suspended))
    process = Process(Command("late", ("sh", "-c", "sleep 1; echo here; sleep 60")))
    try:
        assert process.receive(20.0, str, lambda: suspended.append(100.0)) == b"here"
    finally:
        process.end()
    assert suspended


def test_notes_without_a_pause_do_not_hide_that_time_is_over():
    class OverError(Exception):
        pass

    def idle():
        if notes:
            raise OverError

    notes = []
    program = (
        "import time\n"
        "for _ in range(40):\n"
        """    print('{"type": "note", "text": "at work"}', flush=True)\n"""
        "    time.sleep(0.05)\n"
    )
    made = Recognizer(python("-c", program), timeout=20, note=notes.append, idle=idle)
    with pytest.raises(OverError), made as recognizer:
        recognizer.open(REQUEST)
    assert notes[0] == "at work"


def test_a_child_that_holds_the_output_open_does_not_hide_the_death():
    program = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "sys.exit(5)\n"
    )
    process = Process(python("-c", program))
    try:
        with pytest.raises(UndecidedError, match="ended with status 5"):
            process.receive(30, str)
    finally:
        process.end()


def test_what_a_recognizer_writes_last_is_read_whenever_it_ends():
    # It writes and ends while we look elsewhere.
    process = Process(Command("brief", ("sh", "-c", "sleep 0.7; echo here")))
    try:
        assert process.receive(20.0, str, lambda: time.sleep(1.5)) == b"here"
    finally:
        process.end()


def test_the_wait_is_told_of():
    ticks = []
    process = Process(python("-c", "import time; time.sleep(1.3); print('x', flush=True)"))
    try:
        assert process.receive(10, str, lambda: ticks.append(1)) == b"x"
    finally:
        process.end()
    assert len(ticks) >= 2


def test_only_the_last_words_are_kept():
    program = "import sys\nfor n in range(100000): print('line', n, file=sys.stderr)\nsys.exit(1)"
    process = Process(python("-c", program))
    try:
        with pytest.raises(UndecidedError) as caught:
            process.receive(30, str)
    finally:
        process.end()
    lines = str(caught.value).splitlines()
    assert lines[1:] == [f"    | line {number}" for number in range(99990, 100000)]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300))
def test_random_bytes_never_crash_nor_hang(data):
    program = f"import sys; sys.stdout.buffer.write({data!r})"
    recognizer = Recognizer(python("-c", program), timeout=10)
    with recognizer, pytest.raises(UndecidedError) as caught:
        recognizer.open(REQUEST)
    assert str(caught.value).splitlines()[0].isprintable()
