from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "kill_and_resume.py"


@pytest.mark.long
def test_runs_killed_at_random_moments_end_as_if_they_never_were() -> None:
    done = subprocess.run(
        [sys.executable, BENCHMARK, "12"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("12 runs were killed ")
    assert ": 12 verdicts as of a run that was never killed, 0 others; " in done.stdout
    assert done.stdout.endswith("0 items lost, 0 written twice\n")
