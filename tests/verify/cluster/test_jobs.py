"""Workers from a queueing system: dask-jobqueue with an sbatch that starts its jobs right here."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CONFIG = """\
jobqueue:
  NAME:
    cores: 1
    memory: 1GB
    processes: 1
    death-timeout: 150
    local-directory: FOLDER
    log-directory: null
    shared-temp-directory: FOLDER
    worker-extra-args: ["--lifetime", "1h"]
    scheduler-options: {host: 127.0.0.1}
"""
SBATCH = """\
#!/bin/sh
# The script is gone when this has ended.
cp "$1" FOLDER/job.$$.sh
bash FOLDER/job.$$.sh >FOLDER/job.$$.log 2>&1 </dev/null &
echo $! >>FOLDER/jobs
echo "Submitted batch job $!"
"""
SCANCEL = """\
#!/bin/sh
echo "$1" >>FOLDER/cancelled
kill "$1" 2>/dev/null || true
"""


@pytest.fixture
def queue(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Give a function that makes a queue of a name, and gives the environment that has it."""

    def make(name: str) -> dict[str, str]:
        folder = tmp_path / "queue"
        folder.mkdir()
        for program, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
            (folder / program).write_text(text.replace("FOLDER", str(folder)))
            (folder / program).chmod(0o755)
        text = CONFIG.replace("FOLDER", str(folder)).replace("NAME", name)
        (folder / "jobqueue.yaml").write_text(text)
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        # Jobs have the driver's environment, and dask's workers are not free of warnings.
        return {"DASK_CONFIG": str(folder), "PATH": path, "PYTHONWARNINGS": ""}

    return make


@pytest.mark.parametrize("name", ["slurm-small", "local"])
def test_jobs_are_asked_for_and_ended(
    queue: Callable[[str], dict[str, str]],
    make_zoo: Callable[..., Any],
    tmp_path: Path,
    name: str,
) -> None:
    zoo = make_zoo(0.005)
    environment = queue(name)
    options = ("--cluster", name, "--workers", "2", "--resources", "GPU=1", "--tier", "full")
    done = zoo.run(*options, **environment)
    assert done.returncode == 0, done.stderr
    assert "300 of 300  CONFIRMED" in done.stdout
    assert done.stderr.splitlines() == ["1 receipt written to receipts"]
    zoo.wait_until_alone()
    if name != "local":
        jobs = (tmp_path / "queue" / "jobs").read_text().split()
        assert len(jobs) == 2
        assert set(jobs) <= set((tmp_path / "queue" / "cancelled").read_text().split())


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_jobs_end_with_a_run_that_is_interrupted(
    queue: Callable[[str], dict[str, str]],
    make_zoo: Callable[..., Any],
    tmp_path: Path,
    ending: signal.Signals,
) -> None:
    zoo = make_zoo(0.1)
    process = zoo.start("--cluster", "slurm", "--workers", "2", "--tier", "full", **queue("slurm"))
    zoo.wait_for(5, process)
    process.send_signal(ending)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == (130 if ending == signal.SIGINT else 143)
    assert "Traceback" not in errors
    jobs = (tmp_path / "queue" / "jobs").read_text().split()
    assert len(jobs) == 2
    assert set(jobs) <= set((tmp_path / "queue" / "cancelled").read_text().split())
    zoo.wait_until_alone()


def test_a_queue_that_refuses_is_named(
    queue: Callable[[str], dict[str, str]], make_zoo: Callable[..., Any], tmp_path: Path
) -> None:
    environment = queue("slurm")
    (tmp_path / "queue" / "sbatch").write_text("#!/bin/sh\necho 'invalid partition' >&2\nexit 1\n")
    options = ("--cluster", "slurm", "--workers", "1", "--patience", "2s", "--tier", "full")
    done = make_zoo().run(*options, **environment)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    assert done.stderr.startswith("stopped after 0 of 1 numbers\nslurm does not take the jobs: ")
    assert "invalid partition" in done.stderr
