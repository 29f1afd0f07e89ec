"""The memory that one item of 25 segments x 10 crops takes with VGG16, in one run.

Run ``python benchmarks/memory.py [--engine mnn ...] [--segments 25]``. The peers run one after the
other: GluonCV's published test script's loop (its data set, DataLoader and transforms, one clip of
250 images at a time, as ``gluoncv_loop.py`` has it), then ``gluoncv-action`` in each engine, first
with nothing converted yet, then as it starts from then on. ``peak`` is the largest sum over a
peer's processes of their proportional share of memory (``Pss`` in ``/proc/PID/smaps_rollup``, so
that what processes share counts once), looked at ten times a second; but at least the largest
``VmHWM`` of one of them. ``prepared`` is the peak while the engine converts the weights, once. A
fast engine is to stay below 2.5 GB. Linux only; needs ``sphinx-modelzoo[mxnet,onnxruntime,mnn]``
and about 8 GB; takes some ten minutes on 2 cores, most of it GluonCV's.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clips import Case, make_clips
from engines import LAUNCHER, GluonCV

from sphinx_modelzoo.verify.recognizer.pipe import Recognizer
from sphinx_modelzoo.verify.recognizer.process import Command

ENGINES = ("mxnet", "onnxruntime", "mnn")
LIMIT = 2.5e9
INTERVAL = 0.1  # seconds between two looks


@dataclass(slots=True)
class Peak:
    """The most memory that this process's children took together, in bytes."""

    size: int = 0


@contextmanager
def watched() -> Iterator[Peak]:
    """Watch the children's memory until the block is left."""
    peak = Peak()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(INTERVAL):
            children = descendants(os.getpid())
            together = sum(kilobytes(f"/proc/{child}/smaps_rollup", "Pss") for child in children)
            alone = [kilobytes(f"/proc/{child}/status", "VmHWM") for child in children]
            peak.size = max(peak.size, 1024 * together, *(1024 * size for size in alone))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def descendants(parent: int) -> list[int]:
    """Give the processes below one, at any depth."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in parentheses, may hold anything.
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended
    found: list[int] = []
    level = {parent}
    while level:
        level = {child for child, above in parents.items() if above in level}
        found.extend(level)
    return found


def kilobytes(path: str, name: str) -> int:
    """Read a field of a file of ``/proc``; 0 where the process has ended."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the table; exit 1 where a fast engine takes too much."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--engine", action="append", choices=ENGINES, help="default: all three")
    parser.add_argument("--segments", type=int, default=25, help="frames of the item")
    parser.add_argument("--model", default="vgg16_ucf101", help="or inceptionv3_ucf101")
    options = parser.parse_args(arguments)
    sizes = (299, 340, 450) if options.model.startswith("inceptionv3") else (224, 256, 340)
    case = Case(options.model, options.segments, 10, *sizes, clips=1)
    print(f"{case.model}: one item of {case.segments} segments x {case.crops} crops")
    print("                  peak    prepared    seconds")
    too_much = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_clips(folder, case)
        peak, seconds = measure_gluoncv(case, folder)
        print(f"{'gluoncv':12} {peak.size / 1e9:7.2f} GB {'':10} {seconds:10.1f}", flush=True)
        for engine in options.engine or ENGINES:
            prepared, _ = measure_engine(engine, case, folder, predict=False)
            peak, seconds = measure_engine(engine, case, folder)
            before = "" if engine == "mxnet" else f"{prepared.size / 1e9:.2f} GB"
            print(f"{engine:12} {peak.size / 1e9:7.2f} GB {before:>10} {seconds:10.1f}", flush=True)
            too_much = too_much or peak.size > LIMIT
    return int(too_much)


def measure_gluoncv(case: Case, folder: Path) -> tuple[Peak, float]:
    """Run GluonCV's loop, and keep the weights that it drew."""
    settings = case.loop_settings(folder, batch=1)
    with watched() as peak, GluonCV(settings, folder, os.cpu_count()) as loop:
        loop.ask(f"save {folder / 'weights.params'}")
        return peak, loop.run().seconds


def measure_engine(
    engine: str, case: Case, folder: Path, *, predict: bool = True
) -> tuple[Peak, float]:
    """Have an engine open the model and predict the item."""
    argv = (sys.executable, str(LAUNCHER), "gluoncv-action", "--engine", engine)
    command = Command(engine, (*argv, "--cache", str(folder / "cache")))
    with watched() as peak, Recognizer(command, timeout=3600.0) as recognizer:
        opened = recognizer.open(case.request(folder, folder / "weights.params"))
        labels = recognizer.items(opened.items)
        begun = time.perf_counter()
        if predict and any(each.error for each in recognizer.predict(labels)):
            msg = f"{engine} does not read the item"
            raise RuntimeError(msg)
        seconds = time.perf_counter() - begun
        recognizer.close()
        return peak, seconds


if __name__ == "__main__":
    sys.exit(main())
