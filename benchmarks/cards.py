"""Time the cards of a zoo beside hand-written pages of the same text.

The hand-written pages are the generated ones without what only the extension knows: the comment
and the directive at the top are gone, a status is its text. They are built without the extension.

Usage: python benchmarks/cards.py [--models N | --full]
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 1.3
FULL = 2000
THEME = 'html_theme = "basic"\n'  # others list all pages beside each, which hides what cards cost
TOP = re.compile(r"\A\.\. This page is made .*?\n\n\.\. zoo:card::.*?\n\n", re.DOTALL)
STATUS = re.compile(r":zoo:status:`([^`]*)`")

HEAD = """\
zoo: 1
title: Zoo
usage: {default: "net = get_model('{name}')", hashtag: "net = get_model('{name}', '{hashtag}')"}
papers:
  wang: {title: Segments, authors: [Limin Wang, Yu Qiao], published: ECCV, year: 2016,
         url: "https://example.org/1608.00859"}
links:
  log: {title: Train Log, text: log, url: "https://example.org/{name}-{hashtag}.log"}
datasets:
  ucf101: {title: UCF101, split: official split 1, samples: 3783, classes: 101}
metrics:
  top1: {title: Top-1, top: 1}
protocols:
  tsn: {recognizer: gluoncv-action, segments: 25, crops: 10, input_size: 224}
models:
"""
ENTRY = """\
  - {{name: model_{0}, hashtag: "{1:08x}", default: {2}, license: Apache-2.0, size: {1},
     parameters: {1}, released: 2020-05, paper: wang, dataset: ucf101, protocol: tsn, top1: {3:.1f},
     description: The model {0} recognizes actions., intended_use: Recognizing actions in clips.,
     limitations: It was trained on clips of sports and knows nothing else.}}
"""


def main() -> int:
    """Build both, print the figures, and give 0 where they are within the limit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=int, default=200, metavar="N", help="default: 200")
    parser.add_argument("--full", action="store_true", help=f"{FULL} models")
    options = parser.parse_args()
    models = FULL if options.full else options.models
    with tempfile.TemporaryDirectory() as name:
        ours, others = Path(name, "ours"), Path(name, "others")
        write_zoo(ours, models)
        made = build(ours)
        again = build(ours)
        change_one(ours)
        changed = build(ours)
        write_pages(ours / "docs" / "models", others)
        written = build(others)
    ratio = made / written
    print(f"{models} cards, made and built            {made:7.1f} s")
    print(f"{models} pages of the same text           {written:7.1f} s")
    print(f"ratio                              {ratio:7.2f}   (at most {LIMIT})")
    print(f"{models} cards, built again, no change    {again:7.1f} s")
    print(f"{models} cards, one number changed        {changed:7.1f} s")
    return int(ratio > LIMIT)


def write_zoo(root: Path, models: int) -> None:
    """Write a manifest with two sets of weights a model, and a page that asks for the cards."""
    (root / "docs").mkdir(parents=True)
    entries = [
        ENTRY.format(number, 10**6 + 2 * number + other, str(not other).lower(), 50 + number % 40)
        for number in range(models)
        for other in (0, 1)
    ]
    (root / "zoo.yaml").write_text(HEAD + "".join(entries), encoding="utf-8")
    conf = f'extensions = ["sphinx_modelzoo"]\n{THEME}'
    (root / "docs" / "conf.py").write_text(conf, encoding="utf-8")
    page = "Zoo\n===\n\n.. zoo:cards::\n"
    (root / "docs" / "index.rst").write_text(page, encoding="utf-8")


def change_one(root: Path) -> None:
    """Change one number of the manifest."""
    manifest = root / "zoo.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("top1: 50.0", "top1: 50.5", 1), encoding="utf-8")


def write_pages(cards: Path, root: Path) -> None:
    """Write the cards' text as pages of a project that knows nothing of zoos."""
    folder = root / "docs" / "models"
    folder.mkdir(parents=True)
    (root / "docs" / "conf.py").write_text(THEME, encoding="utf-8")
    names = sorted(path.stem for path in cards.glob("*.rst"))
    for name in names:
        text = TOP.sub("", (cards / f"{name}.rst").read_text(encoding="utf-8"))
        text = STATUS.sub(r"○ \1", text)
        if "zoo:" in text:
            message = f"{name}: something of the extension is left"
            raise ValueError(message)
        (folder / f"{name}.rst").write_text(text, encoding="utf-8")
    listed = "".join(f"   models/{name}\n" for name in names)
    page = f"Zoo\n===\n\n.. toctree::\n   :maxdepth: 1\n   :titlesonly:\n\n{listed}"
    (root / "docs" / "index.rst").write_text(page, encoding="utf-8")


def build(root: Path) -> float:
    """Build a project as HTML; give the seconds of processor time, which others do not lengthen."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", "-d", str(root / "trees")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, str(root / "docs"), str(root / "html")], check=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
