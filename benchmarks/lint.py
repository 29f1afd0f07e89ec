"""Print what reading and linting cost, beside PyYAML's own reading of the same file.

    python benchmarks/lint.py [ENTRIES…]

For each size (5,000 and 50,000 entries when none is given) a manifest is made whose entries have
hashes, two metrics, papers, and links from templates, with one mistake in a hundred. The times are
the least of several runs, in seconds of this process.
"""

from __future__ import annotations

import random
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from sphinx_modelzoo.lint.rule import Options
from sphinx_modelzoo.lint.run import Choice, lint_zoo
from sphinx_modelzoo.manifest.loader_table import installed_table
from sphinx_modelzoo.manifest.reader import examine

SIZES = (5_000, 50_000)
SEED = Path(__file__).parents[1] / "zoo.yaml"
STARTS = 10

HEAD = """\
zoo: 1
loader: gluoncv
papers:
  first: {title: First}
  second: {title: Second}
links:
  base: https://example.org/logs
  train_command: {url: "{base}/{dataset}/{log}.sh"}
  train_log: {url: "{base}/{dataset}/{log}.log"}
datasets:
  imagenet: {samples: 50000, classes: 1000, require: [license, train_log]}
protocols:
  crop-224: {recognizer: images, input_size: 224}
models:
"""


def manifest(entries: int) -> str:
    """Make a manifest of so many entries."""
    draw = random.Random(entries)  # noqa: S311 - a benchmark
    parts = [HEAD]
    for number in range(entries):
        digest = f"{draw.getrandbits(32):08x}"
        right = 5 * round(draw.gauss(7600, 300))  # of 50,000
        top1, top5 = right / 500, min(50_000, right + 6_000 + draw.randrange(2_500)) / 500
        if number % 100 == 0:
            top1, top5 = top5, top1
        parts.append(
            f"  - name: net{number}\n    hashtag: {digest}\n    license: Apache-2.0\n"
            f"    weights: https://example.org/models/net{number}-{digest}.pth\n"
            f"    paper: {'first' if number % 2 else 'second'}\n    dataset: imagenet\n"
            f"    protocol: crop-224\n    top1: {top1:.3f}\n    top5: {top5:.3f}\n"
            f"    log: net{number}\n"
        )
    return "".join(parts)


def least(work: Callable[[], Any], runs: int) -> float:
    """Give the least time of several runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def measure(entries: int, folder: Path) -> None:
    """Print a line of figures for a manifest of so many entries."""
    path = folder / "zoo.yaml"
    path.write_text(manifest(entries), encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    runs = 3 if entries <= SIZES[0] else 1
    plain = least(lambda: yaml.load(text, Loader=yaml.CSafeLoader), runs)
    reading = least(lambda: examine(path), runs)
    zoo, problems = examine(path)
    options = Options(loader=installed_table(zoo.loader))
    linting = least(lambda: lint_zoo(zoo, problems, options, Choice()), runs)
    found = len(lint_zoo(zoo, problems, options, Choice()).findings)
    print(
        f"{entries:>7} entries: yaml.load {plain:6.2f} s, reading {reading:6.2f} s "
        f"({reading / plain:.2f} x), linting {linting:6.2f} s, {found} findings"
    )


def start() -> None:
    """Print the wall time of ``modelzoo lint`` on the seed zoo, interpreter start included."""
    command = [str(Path(sysconfig.get_path("scripts")) / "modelzoo"), "lint", str(SEED)]
    times = []
    for _ in range(STARTS):
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        times.append(time.perf_counter() - begin)
    print(f"modelzoo lint zoo.yaml: {min(times):.3f} s wall, the least of {STARTS}")


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        for entries in [int(text) for text in sys.argv[1:]] or SIZES:
            measure(entries, Path(folder))
    start()


if __name__ == "__main__":
    main()
