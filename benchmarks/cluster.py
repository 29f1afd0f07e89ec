"""What a cluster costs: how fast the driver hands out and counts, and what workers give.

Run ``python benchmarks/cluster.py [ROUNDS]`` (default 3). It starts a dask scheduler and workers
as processes on this machine, one worker a core, and prints

- items a second with a recognizer that does nothing, all items counted in a journal;
- how much faster two workers are than one, each on a core of its own, with a recognizer that keeps
  its core busy (the median over rounds of one after the other);
- how many items a sequential verdict uses on the cluster beyond those on one machine;
- processor time that a piece and an item take of the driver, the scheduler and a worker, and what
  that means for many workers.

Exits 1 when it is fewer than 3,000 items a second, less than 1.8 times, or more than a piece a
worker. Linux only.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from busy_recognizer import rounds_for
from fast_recognizer import share_of

from sphinx_modelzoo.cli.verify_zoo import main as verify_zoo
from sphinx_modelzoo.verify.cluster import pace

RATE = 3000.0
SPEEDUP = 1.8
SHARE = 0.834
MANIFEST = """\
zoo: 1
metrics:
  top1: {title: Top-1, unit: "%", top: 1, tolerance: 1.0}
datasets:
  items: {title: Items, samples: ITEMS, classes: 10, list: items.txt}
protocols:
  busy: {recognizer: busy, segments: 1}
models:
  - {name: net, hashtag: aaaaaaaa, dataset: items, protocol: busy, top1: LISTED, evidence: e.jsonl}
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took: seconds, the driver's processor time, items predicted and counted."""

    seconds: float
    driver: float
    predicted: int
    counted: int


class Zoo:
    """A zoo of so many items."""

    def __init__(self, folder: Path, items: int) -> None:
        self.folder, self.items = folder, items
        self._log = folder.with_suffix(".log")
        folder.mkdir()
        names = [f"class{index % 10}/item{index:06}" for index in range(items)]
        lines = [f"{item} {index % 10}\n" for index, item in enumerate(names)]
        (folder / "items.txt").write_text("".join(lines), encoding="utf-8")
        right = sum(share_of(item, "right") < SHARE for item in names)
        text = MANIFEST.replace("ITEMS", str(items)).replace("LISTED", f"{100 * right / items:.3f}")
        (folder / "zoo.yaml").write_text(text, encoding="utf-8")
        self.run(0.0, "--record")

    def run(self, seconds: float, *options: str) -> Spent:
        """Run ``verify-zoo`` in a process of its own."""
        recognizer = Path(__file__).resolve().with_name("busy_recognizer.py")
        words = ["{python}", str(recognizer), str(SHARE), str(rounds_for(seconds)), str(self._log)]
        config = f"[recognizers.busy]\ncommand = {json.dumps(words)}\n"
        (self.folder / "modelzoo.toml").write_text(config, encoding="utf-8")
        child = os.fork()
        if not child:
            os.chdir(self.folder)
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1):
                os.dup2(null, stream)
            os._exit(verify_zoo([*options]))
        _, status, usage = os.wait4(child, 0)
        if status:
            message = f"verify-zoo {' '.join(options)} ended with {status}"
            raise RuntimeError(message)
        receipts = self.folder / "receipts"
        [path] = receipts.glob("net@aaaaaaaa/*.json")
        receipt = json.loads(path.read_text(encoding="utf-8"))
        shutil.rmtree(receipts)
        predicted = len(self._log.read_bytes().splitlines())
        self._log.unlink()
        return Spent(receipt["duration"], usage.ru_utime + usage.ru_stime, predicted, receipt["n"])


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """Start a scheduler and workers, each on a core; give the address and the processes' ids."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    cores = sorted(os.sched_getaffinity(0))
    common = ["--no-dashboard", "--host"]
    commands = [[sys.executable, "-m", "distributed.cli.dask_scheduler", *common, address]]
    commands += [
        f"taskset -c {cores[number % len(cores)]} {sys.executable} -m distributed.cli.dask_worker "
        f"{address} --nthreads 1 --no-nanny --local-directory {folder}/worker{number} "
        "--no-dashboard --host 127.0.0.1".split()
        for number in range(workers)
    ]
    with (folder / "cluster.log").open("ab") as log:
        started = [subprocess.Popen(command, stdout=log, stderr=log) for command in commands]  # noqa: S603 - ours
    try:
        yield address, [process.pid for process in started]
    finally:
        for process in started:
            process.send_signal(signal.SIGKILL)
            process.wait()


def processor_time(process: int) -> float:
    """Give the seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(rounds: int) -> int:
    """Measure, print, and give the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good = [_rate(folder), _speedup(folder, rounds), _extra(folder)]
        _overheads(folder)
    return 0 if all(good) else 1


def _rate(folder: Path) -> bool:
    zoo = Zoo(folder / "many", 40_000)
    with cluster(folder, 2) as (address, _):
        spent = zoo.run(0.0, "--cluster", address, "--tier", "full")
    rate = zoo.items / spent.seconds
    print(
        f"handed out and counted: {rate:.0f} items a second, opening included (at least {RATE:g})"
    )
    return rate >= RATE


def _speedup(folder: Path, rounds: int) -> bool:
    zoo = Zoo(folder / "busy", 400)
    ratios = []
    for _ in range(rounds):
        taken = []
        for workers in (1, 2):
            with cluster(folder, workers) as (address, _):
                options = ("--cluster", address, "--tier", "full")
                zoo.run(0.0, *options)  # all of them are there then
                taken.append(zoo.run(0.03, *options).seconds)
        ratios.append(taken[0] / taken[1])
        print(f"  one worker {taken[0]:.2f} s, two workers {taken[1]:.2f} s")
    ratio = statistics.median(ratios)
    print(f"two workers on two cores: {ratio:.2f} times one (at least {SPEEDUP:g})")
    return ratio >= SPEEDUP


def _extra(folder: Path) -> bool:
    zoo = Zoo(folder / "spot", 3783)
    seconds, workers = 0.01, 2
    here = zoo.run(seconds, "--tier", "spot")
    with cluster(folder, workers) as (address, _):
        there = zoo.run(seconds, "--cluster", address, "--tier", "spot")
    extra = there.predicted - here.counted
    piece = int(pace.SECONDS / seconds)
    print(
        f"a sequential verdict needs {here.counted} items; predicted were {here.predicted} here "
        f"and {there.predicted} on {workers} workers: {extra} more than it needs, where "
        f"{workers} pieces are up to {workers * piece}"
    )
    return there.counted == here.counted and extra <= workers * piece


def _overheads(folder: Path) -> None:
    """Take the costs apart: some items in pieces of one, more of them, and many in large ones."""
    few, more, many = (Zoo(folder / f"cost{count}", count) for count in (200, 2200, 40_200))
    largest = pace.LARGEST
    costs = []
    for zoo, size in ((few, 1), (more, 1), (many, largest)):
        pace.LARGEST = size  # the child that verifies has it from here
        costs.append(_costs(folder, zoo))
    pace.LARGEST = largest
    print("processor time in milliseconds:      a piece   an item")
    pieces, items = {}, {}
    for who in costs[0]:
        items[who] = (costs[2][who] - costs[0][who]) / (many.items - few.items)
        pieces[who] = (costs[1][who] - costs[0][who]) / (more.items - few.items) - items[who]
        print(f"  {who:<33}{1e3 * pieces[who]:>9.3f} {1e3 * items[who]:>9.4f}")
    for who in ("scheduler", "driver"):
        most = pieces[who]
        print(
            f"the {who} is busy with {1 / most:.0f} pieces a second: "
            f"{pace.SECONDS / most:.0f} workers with pieces of {pace.SECONDS:g} s"
        )
    print(f"the driver is busy with {1 / items['driver']:.0f} items a second, whoever predicts")


def _costs(folder: Path, zoo: Zoo) -> dict[str, float]:
    """Give the processor time that one worker's run takes of each."""
    with cluster(folder, 1) as (address, processes):
        time.sleep(3)  # all are there, and do nothing more
        before = [processor_time(process) for process in processes]
        spent = zoo.run(0.0, "--cluster", address, "--tier", "full")
        after = [processor_time(process) for process in processes]
    scheduler, worker = (late - early for late, early in zip(after, before, strict=True))
    return {"driver": spent.driver, "scheduler": scheduler, "worker, without recognizer": worker}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
