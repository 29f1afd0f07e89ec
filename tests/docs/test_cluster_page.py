"""The page on clusters: its commands run, and its configurations are what dask reads."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dask_jobqueue
import pytest
import yaml
from dask import config

LANGUAGES = Path(__file__).parents[2] / "docs" / "examples" / "languages"
PROGRAMS = Path(sys.executable).parent


@pytest.fixture
def blocks(all_blocks: Any) -> list[Any]:
    return [block for block in all_blocks if block.page == "cluster.md"]


@pytest.fixture
def type_in(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Give a function that starts a command of the page, on this machine and a free port."""
    shutil.copytree(LANGUAGES, tmp_path / "zoo", ignore=shutil.ignore_patterns("receipts"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    started = []

    def start(line: str) -> subprocess.Popen[str]:
        line = line.strip().replace("HEAD", "127.0.0.1").replace("8786", port)
        program, *words = line.split()
        local = ["--host", "127.0.0.1"] if program == "dask" else []
        process = subprocess.Popen(
            [PROGRAMS / program, *words, *local],
            stdout=subprocess.PIPE if program == "verify-zoo" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program == "verify-zoo" else subprocess.DEVNULL,
            text=True,
            cwd=tmp_path / "zoo",
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("resources", [False, True])
def test_the_commands_by_hand(
    blocks: list[Any], type_in: Callable[[str], Any], *, resources: bool
) -> None:
    lines = [block.text for block in blocks if block.language.endswith("sh") and block.caption]
    [scheduler] = [line for line in lines if line.startswith("dask scheduler")]
    workers = [line for line in lines if line.startswith("dask worker")]
    verify = [line for line in lines if line.startswith("verify-zoo")]
    assert (len(workers), len(verify)) == (2, 2)
    type_in(scheduler)
    type_in(workers[resources])
    process = type_in(verify[resources])
    output, _ = process.communicate(timeout=180)
    assert process.returncode == 0, output
    assert "CONFIRMED" in output


def test_a_command_for_a_queue_is_understood(
    blocks: list[Any], type_in: Callable[[str], Any]
) -> None:
    [line] = [block.text for block in blocks if block.text.startswith("verify-zoo --cluster slurm")]
    # The call is right; what is missing here is what the configuration says of the jobs.
    process = type_in(line)
    output, _ = process.communicate(timeout=180)
    assert (process.returncode, "--cluster slurm: " in output) == (2, True), output
    assert "see jobqueue.slurm in dask's configuration" in output


def test_the_configuration_of_a_queue_has_only_known_fields(blocks: list[Any]) -> None:
    [block] = [block for block in blocks if block.caption.endswith("jobqueue.yaml")]
    written = yaml.safe_load(block.text)["jobqueue"]
    known = config.get("jobqueue.slurm")
    assert dask_jobqueue.SLURMCluster.__name__ == "SLURMCluster"
    for fields in written.values():
        assert fields.keys() <= known.keys()


def test_the_configuration_of_tls_has_only_known_fields(blocks: list[Any]) -> None:
    [block] = [block for block in blocks if block.caption.endswith("tls.yaml")]
    comm = yaml.safe_load(block.text)["distributed"]["comm"]
    known = config.get("distributed.comm")
    assert comm.keys() <= known.keys()
    assert comm["tls"].keys() <= known["tls"].keys()
    for role in ("scheduler", "worker", "client"):
        assert comm["tls"][role].keys() <= known["tls"][role].keys()
