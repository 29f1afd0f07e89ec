"""Print what whole builds of a page with one large table cost, beside the ways to write it by hand.

    python benchmarks/table.py [--runs RUNS] [--rows N…]

Each time is that of ``sphinx-build -E -b html`` as a process of its own, the median of the runs,
which go by turns. The table has the seed page's five columns. For 5,000 rows a csv-table and a grid
table with the same texts and links are built once each, as they take long; ``rebuild`` is the build
after one number of the manifest has changed, with ten pages of which one shows the table.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEAD = """\
zoo: 1
title: Large
links:
  base: https://example.org/logs
  train_command: {title: Train Command, text: shell script, url: "{base}/{dataset}/{log}.sh"}
  train_log: {title: Train Log, text: log, url: "{base}/{dataset}/{log}.log"}
datasets:
  ucf101: {title: UCF101, samples: 3783, classes: 101}
protocols:
  tsn: {recognizer: gluoncv-action, segments: 25, crops: 10}
models:
"""
COLUMNS = ("Name", "Top-1", "Hashtag", "Train Command", "Train Log")
PAGE = "Models\n======\n\n{}\n"
ZOO_TABLE = ".. zoo:table:: ucf101\n   :columns: name top1 hashtag train_command train_log"
OTHER_PAGES = 9


def models(rows: int) -> list[tuple[str, str, str]]:
    """Give name, top-1 and hashtag of so many models."""
    draw = random.Random(rows)  # noqa: S311 - a benchmark
    return [
        (f"net{number}_ucf101", f"{draw.gauss(80, 3):.1f}", f"{draw.getrandbits(32):08x}")
        for number in range(rows)
    ]


def manifest(rows: int) -> str:
    """Give a manifest of so many models."""
    return HEAD + "".join(
        f"  - name: {name}\n    hashtag: '{hashtag}'\n    dataset: ucf101\n    protocol: tsn\n"
        f"    top1: {top1}\n    log: {name}\n"
        for name, top1, hashtag in models(rows)
    )


def texts(rows: int) -> list[tuple[str, ...]]:
    """Give the cells of the same table as they are written by hand."""
    base = "https://example.org/logs/ucf101"
    return [
        (
            name,
            top1,
            hashtag,
            f"`shell script <{base}/{name}.sh>`__",
            f"`log <{base}/{name}.log>`__",
        )
        for name, top1, hashtag in models(rows)
    ]


def csv_table(rows: int) -> str:
    """Give the table as a csv-table."""
    lines = [", ".join(f'"{cell}"' for cell in cells) for cells in (COLUMNS, *texts(rows))]
    return ".. csv-table::\n   :header-rows: 1\n\n   " + "\n   ".join(lines)


def grid_table(rows: int) -> str:
    """Give the table as a grid table."""
    cells = [COLUMNS, *texts(rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    lines = [rule]
    for number, row in enumerate(cells):
        padded = (f" {cell.ljust(width)} " for cell, width in zip(row, widths, strict=True))
        lines += ["|" + "|".join(padded) + "|", rule.replace("-", "=") if number == 0 else rule]
    return "\n".join(lines)


class Project:
    """A documentation project in a folder of its own."""

    def __init__(self, folder: Path, body: str, zoo: str = "") -> None:
        self.folder = folder
        (folder / "docs").mkdir(parents=True)
        extensions = '["sphinx_modelzoo"]' if zoo else "[]"
        (folder / "docs" / "conf.py").write_text(f"extensions = {extensions}\nproject = 'P'\n")
        (folder / "docs" / "index.rst").write_text(PAGE.format(body))
        if zoo:
            (folder / "zoo.yaml").write_text(zoo)

    def build(self, *options: str) -> tuple[float, str]:
        """Build it; give the seconds that it took, and what it said."""
        command = [sys.executable, "-m", "sphinx", "-v", "-b", "html", *options, "docs", "html"]
        start = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=self.folder, capture_output=True, text=True, check=True
        )
        return time.perf_counter() - start, re.sub(r"\x1b\[[\d;]*m", "", done.stdout)


def main() -> None:
    """Build and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--rows", type=int, nargs="*", default=[5_000, 50_000])
    options.add_argument("--without-hand-written", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), chosen.rows, chosen.runs, by_hand=not chosen.without_hand_written)


def compare(folder: Path, sizes: list[int], runs: int, *, by_hand: bool) -> None:
    """Build each project by turns, and print the medians."""
    projects = {"an empty project": Project(folder / "empty", "Nothing.")}
    for rows in sizes:
        body = Project(folder / f"zoo{rows}", ZOO_TABLE, manifest(rows))
        projects[f"zoo:table, {rows} rows"] = body
    times: dict[str, list[float]] = {name: [] for name in projects}
    for _ in range(runs):
        for name, project in projects.items():
            times[name].append(project.build("-E")[0])
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    if by_hand:
        rows = sizes[0]
        for name, body in (("csv-table", csv_table(rows)), ("grid table", grid_table(rows))):
            taken, _ = Project(folder / name.replace(" ", "-"), body).build("-E")
            medians[f"{name}, {rows} rows"] = taken
    empty = medians["an empty project"]
    first = medians[f"zoo:table, {sizes[0]} rows"]
    print(f"{'whole build':28}{'seconds':>9}{'above empty':>13}{'to zoo:table':>14}")
    for name, taken in medians.items():
        times_ours = f"{taken / first:.1f}x" if "table," in name and "zoo" not in name else ""
        print(f"{name:28}{taken:9.2f}{taken - empty:13.2f}{times_ours:>14}")
    rebuild(folder / "rebuild", sizes[0])


def rebuild(folder: Path, rows: int) -> None:
    """Change one number of a manifest and build again."""
    project = Project(folder, ZOO_TABLE, manifest(rows))
    docs = folder / "docs"
    names = [f"page{number}" for number in range(OTHER_PAGES)]
    for name in names:
        (docs / f"{name}.rst").write_text(PAGE.format("Text."))
    contents = ".. toctree::\n\n   " + "\n   ".join(names)
    (docs / "index.rst").write_text(PAGE.format(f"{ZOO_TABLE}\n\n{contents}"))
    project.build("-E")
    zoo = folder / "zoo.yaml"
    zoo.write_text(zoo.read_text().replace("top1: ", "top1: 1", 1))
    taken, said = project.build()
    read = re.findall(r"reading sources\.\.\. \[ *\d+%\] (\S+)", said)
    print(f"rebuild after one number of {rows} changed: {taken:.2f} s, read: {', '.join(read)}")


if __name__ == "__main__":
    main()
