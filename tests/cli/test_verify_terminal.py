"""What a person sees at a terminal, and what a file gets."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time

BAR = "[####"


def at_terminal(zoo, **environment: str) -> str:
    """Run verify-zoo with a terminal of 100 columns as its output; give all that it drew."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        [zoo.script("verify-zoo")],
        cwd=zoo.path,
        env={**plain, "TERM": "xterm", **environment},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        drawn = b""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not select.select([ours], [], [], 0.2)[0]:
                continue
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            drawn += chunk
    os.close(ours)
    return drawn.decode()


def test_a_terminal_shows_items_rate_and_time_left_and_colour(zoo):
    zoo.recognizer(fault="slow")
    drawn = at_terminal(zoo)
    assert "net_a@aaaaaaaa on clips  opening" in drawn
    assert BAR in drawn
    assert "/40  " in drawn
    assert "items/s" in drawn
    assert " left" in drawn
    assert "\x1b[32mCONFIRMED\x1b[0m" in drawn
    # The line is removed before a row is written.
    assert drawn.index("40 of 40") > drawn.rindex("\r\x1b[K")


def test_no_color_leaves_the_words(zoo):
    drawn = at_terminal(zoo, NO_COLOR="1")
    assert "CONFIRMED" in drawn
    assert "\x1b[32m" not in drawn


def test_a_dumb_terminal_gets_neither_bar_nor_colour(zoo):
    drawn = at_terminal(zoo, TERM="dumb")
    assert "CONFIRMED" in drawn
    assert "\x1b" not in drawn


def test_a_file_gets_neither_bar_nor_colour(zoo):
    zoo.recognizer(fault="slow")
    done = zoo.run(TERM="xterm")
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert "items/s" not in done.stderr


def test_a_terminal_that_is_closed_does_not_end_the_work(zoo):
    """As of a connection that broke, where the shell left the program running."""
    zoo.recognizer(fault="slow")
    ours, theirs = pty.openpty()
    with (zoo.path / "out").open("w") as output:
        process = subprocess.Popen(
            [zoo.script("verify-zoo")],
            cwd=zoo.path,
            env={**os.environ, "TERM": "xterm"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=theirs,
            start_new_session=True,
        )
    os.close(theirs)
    drawn = b""
    while b"/40  " not in drawn:
        drawn += os.read(ours, 65536)
    os.close(ours)
    assert process.wait(60) == 0
    assert "CONFIRMED" in (zoo.path / "out").read_text()
