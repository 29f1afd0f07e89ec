"""The embedded demo zoo is verified for real, where it is installed and where it is copied."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_modelzoo.demo.locate import demo_manifest
from sphinx_modelzoo.manifest.model import Entry
from sphinx_modelzoo.manifest.reader import read_zoo

pytestmark = [pytest.mark.mxnet, pytest.mark.long]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx_modelzoo.cli.verify_zoo", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)


def verify_one(copy: Path, entry: Entry, *options: str) -> subprocess.CompletedProcess[str]:
    """Verify one entry of a copied demo zoo."""
    return run(copy, str(copy / "zoo.yaml"), "--model", entry.key, "--receipts", "seen", *options)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the demo's folder, without receipts."""
    target = tmp_path / "elsewhere"
    ignored = shutil.ignore_patterns("receipts", "__pycache__")
    return Path(shutil.copytree(demo_manifest().parent, target, ignore=ignored))


@pytest.fixture
def fast(copy: Path) -> Entry:
    """Give the entry that takes least time."""
    zoo = read_zoo(copy / "zoo.yaml")
    return min(zoo.entries, key=lambda entry: (entry.parameters or 0, entry.key))


def assert_undecided(done: subprocess.CompletedProcess[str], copy: Path, *words: str) -> None:
    assert done.returncode == 3, done.stdout + done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert list((copy / "seen").rglob("*.json")) == []


def test_the_demo_is_confirmed_without_network_and_leaves_receipts(tmp_path: Path) -> None:
    options = ["--report", f"json={tmp_path / 'report.json'}", "--tier", "full"]
    done = run(tmp_path, "--demo", "--offline", "--receipts", "seen", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    numbers = json.loads((tmp_path / "report.json").read_text())["numbers"]
    assert [number["verdict"] for number in numbers] == ["confirmed"] * 4
    for number in numbers:
        assert number["n"] == number["N"] >= 400
        assert 70 <= number["measured"] <= 97
        assert abs(100 * number["correct"] / number["N"] - float(number["listed"])) <= 0.05
    assert len(list((tmp_path / "seen").rglob("*.json"))) == 4


def test_a_part_of_the_items_confirms_against_the_evidence(copy: Path, fast: Entry) -> None:
    done = verify_one(copy, fast, "--check-files")
    assert done.returncode == 0, done.stdout + done.stderr
    (receipt,) = (copy / "seen").rglob("*.spot.json")
    seen = json.loads(receipt.read_text())
    assert (seen["verdict"], seen["tier"]) == ("confirmed", "spot")
    assert 200 < seen["n"] < seen["total"] == 420
    golden = verify_one(copy, fast, "--tier", "golden")
    assert (golden.returncode, golden.stdout.count("CHECKED")) == (0, 1), golden.stderr


def test_a_number_two_points_off_is_refuted_at_its_line_and_column(copy: Path, fast: Entry) -> None:
    path = copy / "zoo.yaml"
    place = fast.results[0].numbers["top1"].place
    listed = fast.results[0].numbers["top1"].text
    lines = path.read_text().splitlines(keepends=True)
    lines[place.line - 1] = lines[place.line - 1].replace(listed, f"{float(listed) + 2.0:.1f}")
    path.write_text("".join(lines))
    done = verify_one(copy, fast)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{path}:{place.line}:{place.column}: " in done.stderr
    (receipt,) = (copy / "seen").rglob("*.json")
    assert json.loads(receipt.read_text())["verdict"] == "refuted"


def test_one_flipped_byte_in_the_weights_is_named(copy: Path, fast: Entry) -> None:
    path = copy / fast.weights
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert_undecided(verify_one(copy, fast), copy, path.name, fast.hashtag)


def test_a_wrong_hashtag_is_named(copy: Path, fast: Entry) -> None:
    path = copy / "zoo.yaml"
    text = re.sub(rf"(hashtag: ['\"]?){fast.hashtag}", r"\g<1>0ecdba34", path.read_text())
    path.write_text(text)
    wrong = next(entry for entry in read_zoo(path).entries if entry.hashtag == "0ecdba34")
    assert_undecided(verify_one(copy, wrong), copy, "0ecdba34", fast.hashtag)


def first_clip(copy: Path) -> Path:
    zoo = read_zoo(copy / "zoo.yaml")
    (dataset,) = zoo.datasets.values()
    line = (copy / dataset.list).read_text().splitlines()[0]
    return copy / dataset.root / line.rsplit(None, 2)[0]


def test_a_missing_clip_is_named(copy: Path, fast: Entry) -> None:
    clip = first_clip(copy)
    clip.unlink()
    assert_undecided(verify_one(copy, fast), copy, clip.name)


def test_a_truncated_clip_is_named_and_not_counted_as_wrong(copy: Path, fast: Entry) -> None:
    clip = first_clip(copy)
    data = clip.read_bytes()
    clip.write_bytes(data[: len(data) * 2 // 3])
    assert_undecided(verify_one(copy, fast, "--tier", "full"), copy, clip.name)


def test_a_list_with_a_duplicate_is_named_with_both_lines(copy: Path, fast: Entry) -> None:
    zoo = read_zoo(copy / "zoo.yaml")
    (dataset,) = zoo.datasets.values()
    items = copy / dataset.list
    lines = items.read_text().splitlines()
    items.write_text("\n".join([*lines, lines[0]]) + "\n")
    assert_undecided(
        verify_one(copy, fast), copy, f":{len(lines) + 1}: ", f"lines 1 and {len(lines) + 1}"
    )
