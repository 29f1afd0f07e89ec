"""A cluster of real processes on this machine, and zoos to run on it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

RECOGNIZER = Path(__file__).with_name("slow_recognizer.py")
CLASSES = 8
ITEMS = 300
MANIFEST = """\
zoo: 1
metrics:
  top1: {title: Top-1, unit: "%", top: 1, tolerance: 1.0}
datasets:
  items: {title: Items, samples: 300, classes: 8, list: items.txt}
protocols:
  own: {recognizer: slow, segments: 1}
models:
  - {name: net, hashtag: aaaaaaaa, dataset: items, protocol: own, top1: 75.00, evidence: e.jsonl}
"""
SAME = ("verdict", "correct", "n", "total", "tier", "seed", "e_values", "predictions", "evidence")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Machines:
    """A scheduler and workers, each a process of its own; all are killed in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.scheduler_process: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self._started: list[subprocess.Popen[bytes]] = []

    def scheduler(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        command = ["distributed.cli.dask_scheduler", "--host", self.address, "--no-dashboard"]
        self.scheduler_process = self._start("scheduler", *command, *options, **environment)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self.scheduler_process
            time.sleep(0.05)
        pytest.fail("the scheduler does not start")

    def worker(
        self, *options: str, threads: int = 1, **environment: str
    ) -> subprocess.Popen[bytes]:
        number = len(self._started)
        command = ["distributed.cli.dask_worker", self.address, "--nthreads", str(threads)]
        command += ["--no-dashboard", "--local-directory", str(self.folder / f"worker{number}")]
        if "--nanny" not in options:
            command.append("--no-nanny")
        worker = self._start(f"worker{number}", *command, *options, **environment)
        self.workers.append(worker)
        return worker

    def _start(self, name: str, module: str, *words: str, **environment: str) -> Any:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process, which cannot do anything more."""
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def kill_child_of(self, nanny: subprocess.Popen[bytes]) -> None:
        """Kill the worker that a nanny has started."""
        for path in Path(f"/proc/{nanny.pid}/task").glob("*/children"):
            for child in path.read_text().split():
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(int(child), signal.SIGKILL)

    def end(self) -> None:
        for process in self._started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """Give machines on which nothing runs yet."""
    folder = tmp_path / "machines"
    folder.mkdir()
    made = Machines(folder)
    yield made
    made.end()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Give a scheduler and two workers of three threads, for tests that kill none of them."""
    made = Machines(tmp_path_factory.mktemp("cluster"))
    made.scheduler()
    for _ in range(2):
        made.worker(threads=3, OMP_NUM_THREADS="1")
    yield made
    made.end()


class SlowZoo:
    """A zoo whose recognizer notes which items it predicts, and takes its time over each."""

    def __init__(self, folder: Path, seconds: float = 0.0) -> None:
        self.folder = folder
        # Beside the zoo: a file in its folder would be taken for the recognizer's script.
        self.predicted = folder.with_suffix(".predicted")
        self.labels = [f"class{index % CLASSES}/item{index:05}" for index in range(ITEMS)]
        self._started: list[subprocess.Popen[str]] = []
        self.command("0.75", str(seconds), str(self.predicted))

    @staticmethod
    def make(folder: Path) -> None:
        """Make such a zoo's folder, with evidence."""
        folder.mkdir()
        zoo = SlowZoo(folder)
        lines = "".join(f"{name} {index % CLASSES}\n" for index, name in enumerate(zoo.labels))
        (folder / "items.txt").write_text(lines)
        (folder / "zoo.yaml").write_text(MANIFEST)
        done = zoo.run("--record")
        assert done.returncode == 0, done.stderr
        zoo.forget()

    def command(self, *words: str) -> None:
        command = json.dumps(["{python}", str(RECOGNIZER), *words])
        text = f"[recognizers.slow]\ncommand = {command}\n"
        (self.folder / "modelzoo.toml").write_text(text)

    def start(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "sphinx_modelzoo.cli.verify_zoo", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env={**os.environ, "PYTHONWARNINGS": "error", **environment},
        )
        self._started.append(process)
        return process

    def end(self) -> None:
        """Kill what was started and is still at work."""
        for process in self._started:
            with process:
                process.kill()

    def run(self, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        with self.start(*options, **environment) as process:
            output, errors = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def forget(self) -> None:
        """Remove what former runs left."""
        shutil.rmtree(self.folder / "receipts")
        self.predicted.unlink()

    def receipt(self, tier: str = "full") -> dict[str, object]:
        ending = ".json" if tier == "full" else f".{tier}.json"
        path = self.folder / "receipts" / "net@aaaaaaaa" / f"items.own.top1{ending}"
        data = json.loads(path.read_text(encoding="utf-8"))
        return {name: data[name] for name in SAME}

    def journalled(self) -> list[str]:
        """Give the ids of the whole lines of the journal, in their order."""
        paths = (self.folder / "receipts" / ".journals").glob("*.journal")
        lines = [line for path in paths for line in path.read_bytes().split(b"\n")[1:-1]]
        return [json.loads(line[9:])[0] for line in lines]

    def wait_for(self, items: int, process: subprocess.Popen[str]) -> None:
        """Wait until so many items were predicted since the zoo was made."""
        deadline = time.monotonic() + 180
        while len(self.said()) < items:
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def said(self) -> list[str]:
        """Give the items that any recognizer predicted, in their order in time."""
        return self.predicted.read_text().splitlines() if self.predicted.exists() else []

    def recognizers(self) -> list[int]:
        """Give the processes of recognizers that are at work for this zoo."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().split(b"\0")
            except OSError:
                continue
            if str(RECOGNIZER).encode() in words and str(self.predicted).encode() in words:
                found.append(int(path.parent.name))
        return found

    def wait_until_alone(self, seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while self.recognizers():
            assert time.monotonic() < deadline, "recognizers are left behind"
            time.sleep(0.05)


@pytest.fixture(scope="session")
def zoo_with_evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zoos") / "zoo"
    SlowZoo.make(folder)
    return folder


@pytest.fixture
def make_zoo(zoo_with_evidence: Path, tmp_path: Path) -> Iterator[Callable[..., SlowZoo]]:
    """Give a function that makes a zoo of 300 items, each of which takes some seconds."""
    made = []

    def make(seconds: float = 0.0) -> SlowZoo:
        shutil.copytree(zoo_with_evidence, tmp_path / "zoo")
        made.append(SlowZoo(tmp_path / "zoo", seconds))
        return made[-1]

    yield make
    for zoo in made:
        zoo.end()
