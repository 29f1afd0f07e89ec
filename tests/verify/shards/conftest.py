from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from unittest.mock import Mock

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.pipe.messages import DataSource, Opened, Prediction, fingerprint
from sphinx_modelzoo.receipts.evidence_lines import item_line
from sphinx_modelzoo.verify.depends import depends_on
from sphinx_modelzoo.verify.measured import Measured
from sphinx_modelzoo.verify.order import Items, seeded_items
from sphinx_modelzoo.verify.plan import Run, plan
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.settings import Settings
from sphinx_modelzoo.verify.shards.file import End, write_shard
from sphinx_modelzoo.verify.shards.find import find_shards
from sphinx_modelzoo.verify.shards.head import Head, on_any_machine, portable
from sphinx_modelzoo.verify.shards.merge import merge
from sphinx_modelzoo.verify.shards.part import ENDING, Part

MANIFEST = """\
zoo: 1
metrics:
  top1: {title: Top-1, unit: "%", top: 1, tolerance: 5}
  top2: {title: Top-2, unit: "%", top: 2, tolerance: 5}
datasets:
  items: {classes: 4}
protocols:
  own: {recognizer: my-net}
models:
  - {name: net, dataset: items, protocol: own, top1: 50, top2: 80}
"""
SEED = "seed"
COMMAND = Command("my-net", ("my-net",))
_NAMES = count()


@dataclass
class Bench:
    """A run, and a folder for its shards' files."""

    zoo: Zoo
    run: Run
    folder: Path

    def items(self, made: Sequence[Prediction]) -> Items:
        return seeded_items({each.id: each.label for each in made}, SEED)

    def head(self, made: Sequence[Prediction], number: int, of: int, tier: str) -> Head:
        told = fingerprint((each.id, each.label) for each in made)
        opened = Opened(len(made), told, "mine", "1", environment={"cpu": f"cpu {number % 2}"})
        depends = depends_on(self.run, COMMAND, opened, DataSource("items"), files="", seed=SEED)
        return Head(
            *(self.run.entry.key, "items", "own"),
            *(number, of, len(made), tier, 0.05, "", "sphinx-modelzoo"),
            *(portable(COMMAND), on_any_machine(depends), opened, "", ""),
            started=f"2026-01-0{1 + number % 9}T00:00:00Z",
        )

    def write(
        self,
        made: Sequence[Prediction],
        part: tuple[int, int],
        first: int | None = None,
        *,
        tier: str = "full",
        unreadable: Sequence[str] = (),
        goal: int | None = None,
        **changes: object,
    ) -> Path:
        """Write a shard of which the first few items were predicted, some of them in vain."""
        number, of = part
        by_id = {each.id: each for each in made}
        share = Part(number, of, self.folder).share(self.items(made)).in_order()
        first = len(share) if first is None else min(first, len(share))
        path = self.folder / f"{next(_NAMES)}{ENDING}"
        lines = (
            item_line(Prediction(item, by_id[item].label, error="gone"))
            if item in unreadable
            else item_line(by_id[item])
            for item in share[:first]
        )
        rest = [(item, by_id[item].label) for item in share[first:]]
        head = replace(self.head(made, number, of, tier), **changes)
        write_shard(path, head, lines, rest, End(first, goal or len(share), len(share), 1.5, 1))
        return path

    def merged(self, *places: Path) -> Measured:
        found = find_shards(places or [self.folder])
        return merge(self.zoo, self.run, COMMAND, found, settings=Settings({}), watch=Mock())


@pytest.fixture(scope="session")
def bench_in() -> Callable[[Path], Bench]:
    """Give a function that makes a bench in a folder."""

    def make(folder: Path) -> Bench:
        path = folder / "zoo.yaml"
        path.write_text(MANIFEST, encoding="utf-8")
        zoo = read_zoo(path)
        (run,) = plan(zoo)
        return Bench(zoo, run, folder / "shards")

    return make


@pytest.fixture
def bench(bench_in: Callable[[Path], Bench], tmp_path: Path) -> Bench:
    return bench_in(tmp_path)
