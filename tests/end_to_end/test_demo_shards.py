"""Three machines that take a shard each leave the receipt that one machine leaves."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_modelzoo.demo.locate import demo_manifest
from sphinx_modelzoo.manifest.reader import read_zoo

pytestmark = [pytest.mark.mxnet, pytest.mark.long]

MACHINES = ("started", "duration", "environment")


def verify(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "sphinx_modelzoo.cli.verify_zoo", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


def seen(folder: Path) -> dict[str, object]:
    (path,) = folder.rglob("*.json")
    data = json.loads(path.read_text())
    return {name: data[name] for name in data if name not in MACHINES}


def test_a_spot_check_of_the_demo_is_the_same_in_three_shards(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("receipts", "__pycache__")
    zoo = Path(shutil.copytree(demo_manifest().parent, tmp_path / "zoo", ignore=ignored))
    entries = read_zoo(zoo / "zoo.yaml").entries
    fast = min(entries, key=lambda entry: (entry.parameters or 0, entry.key))
    chosen = ("--model", fast.key)
    for number in (1, 2, 3):
        # Each in a folder of its own, as artifacts are.
        folder = f"artifacts/{number}"
        place = ("--receipts", f"own-{number}", "--shards", folder)
        said = verify(zoo, "--offline", *chosen, "--shard", f"{number}/3", *place)
        assert f"shard {number}/3 with 9" in said  # of its 140 items: the spot check's share
    shutil.rmtree(zoo / "clips")  # whoever merges has no need of them
    verify(zoo, "merge", *chosen, "--receipts", "merged", "--shards", "artifacts")
    shutil.copytree(demo_manifest().parent / "clips", zoo / "clips")
    verify(zoo, "--offline", *chosen, "--receipts", "alone")
    merged = seen(zoo / "merged")
    assert merged == seen(zoo / "alone")
    assert (merged["verdict"], merged["tier"], merged["total"]) == ("confirmed", "spot", 420)
