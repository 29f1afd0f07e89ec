"""Whether a recognizer is at work, told by the processor time that it takes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sphinx_modelzoo.recognizers.alive import LEAST, QUIET_SECONDS, Work, group_seconds


@pytest.mark.parametrize(
    ("spent", "alive"),
    [
        ([0, 1, 2, 3, 4, 5], [True] * 5),
        ([0, 1, 1, 1, 1, 1], [True, True, False, False, False]),
        ([0, LEAST / 2, LEAST / 2, LEAST, 2, 2], [True, False, True, True, True]),
        ([None] * 6, [True] * 5),
    ],
)
def test_work_that_stands_still_for_a_minute_goes_on_no_more(spent, alive):
    seconds, now = iter(spent), iter(range(0, 600, int(QUIET_SECONDS * 2 / 3)))
    work = Work(lambda: next(seconds), lambda: next(now))
    assert [work.goes_on() for _ in alive] == alive


COUNT = """
import subprocess, sys, time
from sphinx_modelzoo.recognizers.alive import group_seconds
command = [sys.executable, "-c", "print(flush=True)\\n" + sys.argv[1]]
child = subprocess.Popen(command, stdout=subprocess.PIPE)
child.stdout.readline()
begun, until = group_seconds(), time.monotonic() + 1
while time.monotonic() < until:
    time.sleep(float(sys.argv[2]))
    seen = group_seconds()
child.kill()
child.wait()
print(seen - begun, group_seconds() - begun)
"""


@pytest.mark.parametrize(
    ("child", "wait", "works"),
    [
        ("while True: pass", "0.5", True),
        ("import time; time.sleep(9)", "0.5", False),
        ("import time; time.sleep(9)", "0", False),  # to look is no work
    ],
)
def test_the_work_of_processes_that_were_started_counts(child, wait, works):
    """In a group of its own, as recognizers are; what a process took is not lost with its end."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT, child, wait],
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    seen, afterwards = map(float, done.stdout.split())
    assert (seen >= LEAST) == works
    assert afterwards >= seen - LEAST  # each process is counted in hundredths


def test_a_system_without_processes_tells_nothing(tmp_path):
    assert group_seconds(tmp_path) is None
