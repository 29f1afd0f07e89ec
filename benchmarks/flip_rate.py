"""How many items another decoder, another image format or fewer crops turn over, on the demo zoo.

Run ``python benchmarks/flip_rate.py [MODEL ...]`` (default: all four entries). Each entry is run
again with one thing changed, and each item's outcome is compared with the evidence that comes with
the demo zoo: ten crops, clips decoded by PyAV. A *loss* is an item that was right and is wrong
now, a *gain* the other way round. r, the rate of flips, is the mean of both as a share of all
items: the fewer, the fewer items a spot check against evidence needs. Needs the packages of
``sphinx-modelzoo[mxnet]``; a change takes about a minute an entry.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2

from sphinx_modelzoo.demo.locate import demo_manifest
from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.evidence import correct_ids, read_evidence
from sphinx_modelzoo.statistics.mcnemar import mcnemar_exact

CLIPS = "root: clips"


def main(models: list[str]) -> int:
    """Run the changes; give the exit code."""
    manifest = demo_manifest()
    zoo = read_zoo(manifest)
    entries = [entry for entry in zoo.entries if not models or entry.key in models]
    if not entries:
        print(f"there is no such entry; there are {', '.join(each.key for each in zoo.entries)}")
        return 2
    print("change                        entry                                losses  gains      r")
    with tempfile.TemporaryDirectory() as name:
        for change, edit in CHANGES.items():
            folder = Path(name) / change.replace(" ", "-")
            _copy(manifest.parent, folder)
            text = edit(manifest.read_text(encoding="utf-8"), folder)
            (folder / "zoo.yaml").write_text(text, encoding="utf-8")
            for entry in entries:
                _compare(change, zoo, entry, folder)
    return 0


def _fewer_crops(text: str, _: Path) -> str:
    return text.replace("crops: 10", "crops: 1")


def _opencv(text: str, folder: Path) -> str:
    """Let OpenCV decode the clips, and hand on its frames without a loss."""
    _extract(folder, ".png")
    return _frames(text, ".png")


def _jpeg(text: str, folder: Path) -> str:
    """Hand on frames as JPEG, as data sets of raw frames are made."""
    _extract(folder, ".jpg")
    return _frames(text, ".jpg")


CHANGES: dict[str, Callable[[str, Path], str]] = {
    "decoded by OpenCV": _opencv,
    "OpenCV, frames as JPEG": _jpeg,
    "one crop for ten": _fewer_crops,
}


def _copy(source: Path, folder: Path) -> None:
    """Copy what a run needs; links would lead out of the manifest's folder."""
    for name in ("clips", "params", "logs"):
        shutil.copytree(source / name, folder / name)


def _frames(text: str, ending: str) -> str:
    changed = text.replace("media: videos", f"media: frames\n    template: img_%05d{ending}")
    changed = changed.replace(CLIPS, "root: frames")
    return changed.replace("list: clips/test.txt", "list: frames/test.txt")


def _extract(folder: Path, ending: str) -> None:
    """Decode every clip of the test list with OpenCV, a folder of numbered frames a clip."""
    (folder / "frames").mkdir()
    rows = (folder / "clips" / "test.txt").read_text(encoding="utf-8").splitlines()
    (folder / "frames" / "test.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for row in rows:
        item = row.split()[0]
        target = folder / "frames" / item
        # A video's ending is left out where a folder of frames is looked for.
        target = target.with_suffix("")
        target.mkdir(parents=True)
        capture = cv2.VideoCapture(str(folder / "clips" / item))
        number = 0
        while True:
            there, frame = capture.read()
            if not there:
                break
            number += 1
            cv2.imwrite(str(target / f"img_{number:05}{ending}"), frame)


def _compare(change: str, zoo: Zoo, entry: Entry, folder: Path) -> None:
    command = [sys.executable, "-m", "sphinx_modelzoo.cli.verify_zoo", str(folder / "zoo.yaml")]
    command += ["--model", entry.key, "--record", "--evidence", str(folder / "now")]
    command += ["--receipts", str(folder / "seen")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    found = list((folder / "now").glob(f"{entry.key}/*.jsonl.gz"))
    if len(found) != 1:
        raise RuntimeError(done.stdout + done.stderr)
    now = correct_ids(read_evidence(found[0]), 1)
    before = read_evidence(zoo.root / entry.results[0].evidence)
    then, total = correct_ids(before, 1), len(before.predictions)
    losses, gains = len(then - now), len(now - then)
    rate = 100 * (losses + gains) / 2 / total
    print(
        f"{change:28}  {entry.key:36} {losses:6} {gains:6}  {rate:4.2f} %"
        f"  (McNemar p {mcnemar_exact(losses, gains):.2g})",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
