"""No recognizer outlives the program that started it, whatever it is at and whatever was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# Reads nothing, and takes no notice of a polite request.
HANGS = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
STARTS = f"""\
import sys, time
from sphinx_modelzoo.verify.recognizer.process import Command, Process
started = Process(Command("hangs", (sys.executable, "-c", {HANGS!r})))
print(started._child.pid, started._watcher.pid, flush=True)
time.sleep(600)
"""

# A program that only prints.
PRINTS = f"""\
import sys
from sphinx_modelzoo.verify.printed.program import printed_lines
from sphinx_modelzoo.verify.recognizer.process import Command
program = "import os; print(os.getpid()); " + {HANGS!r}
for line in printed_lines(Command("hangs", (sys.executable, "-c", program)), timeout=600):
    print(line, flush=True)
"""


def lives(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("stopped", [False, True])
def test_a_recognizer_that_hangs_ends_with_who_started_it(*, stopped: bool) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTS], stdout=subprocess.PIPE, text=True)
    with starter:
        assert starter.stdout
        recognizer, watcher = map(int, starter.stdout.readline().split())
        if stopped:
            os.kill(recognizer, signal.SIGSTOP)
        assert lives(recognizer)
        starter.kill()
    deadline = time.monotonic() + 15
    while lives(recognizer) or lives(watcher):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_program_that_only_prints_ends_with_who_started_it() -> None:
    starter = subprocess.Popen([sys.executable, "-c", PRINTS], stdout=subprocess.PIPE, text=True)
    with starter:
        assert starter.stdout
        program = int(starter.stdout.readline())
        starter.kill()
    deadline = time.monotonic() + 15
    while lives(program):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_watcher_ends_with_its_recognizer() -> None:
    end = "started.end(0.1)\ntime.sleep(600)"
    script = STARTS.removesuffix("time.sleep(600)\n") + end
    starter = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    with starter:
        assert starter.stdout
        numbers = [int(number) for number in starter.stdout.readline().split()]
        deadline = time.monotonic() + 15
        while any(map(lives, numbers)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        starter.kill()
