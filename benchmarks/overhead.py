"""What journal and statistics cost an item, and how much memory a million items take.

Run ``python benchmarks/overhead.py [ITEMS]`` (default 1000000). Predictions come from a generator
in this process; each is written to a journal, counted, and tested for two numbers at once with a
tolerance of nothing, which no test can decide before the last item. Then evidence is recorded
from the journal, and set beside the items as a spot check does. Prints microseconds of processor
time an item, reading and writing included, and the peak memory of this whole process, the
interpreter and the ids included; exits 1 when journal and statistics take 50 microseconds an item
or more, or the process 200 MB or more.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.evidence import open_evidence, write_lines
from sphinx_modelzoo.receipts.evidence_lines import Origin
from sphinx_modelzoo.verify.count import counts_of, sorted_lines
from sphinx_modelzoo.verify.journal import open_journal
from sphinx_modelzoo.verify.order import Items, seeded_items
from sphinx_modelzoo.verify.plan import Run, plan
from sphinx_modelzoo.verify.reference import refer
from sphinx_modelzoo.verify.spot import spot_tests
from sphinx_modelzoo.verify.tally import Tally

MICROSECONDS = 50.0
MEGABYTES = 200.0
CLASSES = 1000
MANIFEST = """\
zoo: 1
metrics:
  top1: {title: Top-1, unit: "%", top: 1, tolerance: 0}
  top5: {title: Top-5, unit: "%", top: 5, tolerance: 0}
datasets:
  images: {title: Images, samples: ITEMS, classes: 1000}
protocols:
  p: {recognizer: any}
models:
  - {name: net, hashtag: aaaaaaaa, dataset: images, protocol: p, top1: TOP1, top5: TOP5}
"""


def main(count: int) -> int:
    """Measure, print, and give the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        classes = list(range(CLASSES))
        labels = {f"val/{index:08}.jpeg": classes[index % CLASSES] for index in range(count)}
        run = _run(folder, count)
        began = time.process_time()
        items = seeded_items(labels, "seed")
        _tell("the seeded order", began, count)
        # The predictions themselves cost time too: it is measured without counting, and taken off.
        began = time.process_time()
        for _ in _predictions(items):
            pass
        generating = time.process_time() - began

        tests = spot_tests(run, count, 0.05, None)
        tally = Tally(items, (1, 5), CLASSES, tests)
        journal = open_journal(folder / "journals" / "net.journal")
        journal.begin({"net": "aaaaaaaa"})
        began = time.process_time()
        for prediction in _predictions(items):
            tally.add(journal.append(prediction), prediction)
        tally.flush()
        counting = time.process_time() - began - generating
        _tell("journal and statistics", time.process_time() - counting, count)
        if not all(test.n == count and test.decided for test in tests):
            print("a test was decided early: nothing was measured")
            return 1

        began = time.process_time()
        counts = counts_of(tally, journal, count)
        _tell("the digest of all predictions", began, count)
        began = time.process_time()
        origin = Origin(
            "net", "aaaaaaaa", "images", "p", CLASSES, count, "", "any 1", counts.digest
        )
        write_lines(folder / "e.jsonl", origin, sorted_lines(tally, journal, count))
        _tell("recording the evidence", began, count)
        del tally, tests
        began = time.process_time()
        refer(open_evidence(folder / "e.jsonl"), run, items.ids, labels)
        _tell("setting evidence beside the items", began, count)
        journal.remove()
    per_item, peak = 1e6 * counting / count, _peak()
    print(
        f"journal and statistics: {per_item:.1f} microseconds an item (limit {MICROSECONDS:g}); "
        f"peak memory {peak:.0f} MB (limit {MEGABYTES:g})"
    )
    return 0 if per_item < MICROSECONDS and peak < MEGABYTES else 1


def _run(folder: Path, count: int) -> Run:
    text = MANIFEST.replace("ITEMS", str(count))
    for name, places in (("TOP1", 1), ("TOP5", 5)):
        right = sum(_place(index) < places for index in range(count))
        text = text.replace(name, f"{float(Fraction(100 * right, count)):.6f}")
    (folder / "zoo.yaml").write_text(text, encoding="utf-8")
    (run,) = plan(read_zoo(folder / "zoo.yaml"))
    return run


def _place(index: int) -> int:
    """Give the place of an item's label among the best: 77 % are first, 93 % among five."""
    draw = hashlib.sha256(index.to_bytes(4, "big")).digest()[0]
    return 0 if draw < 196 else 1 if draw < 238 else 5  # noqa: PLR2004 - shares of 256


def _predictions(items: Items) -> Iterator[Prediction]:
    """Predict every item: five classes with scores."""
    scores = (0.8123456789, 0.1012345678, 0.0412345678, 0.0212345678, 0.0012345678)
    for position in items.order:
        item = items.ids[position]
        label = items.labels[item]
        best = [(label + step) % CLASSES for step in range(1, 6)]
        best.insert(_place(position), label)
        yield Prediction(item, label, tuple(zip(best[:5], scores, strict=True)))


def _tell(what: str, began: float, count: int) -> None:
    spent = time.process_time() - began
    print(f"{what}: {1e6 * spent / count:.1f} microseconds an item, peak {_peak():.0f} MB")


def _peak() -> float:
    """Give the most memory that this process has had, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
