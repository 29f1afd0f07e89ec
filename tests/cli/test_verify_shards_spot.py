"""Shards of spot checks: they go as far as is planned, and what they cover decides."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

ITEMS = 1200
EVIDENCE = "evidence/net_a@aaaaaaaa/clips.plain.jsonl.gz"
MACHINES = ("started", "duration", "environment")


def seen(zoo) -> dict[str, object]:
    """Give the only receipt, and take it away."""
    (path,) = zoo.receipts
    data = json.loads(path.read_text())
    path.unlink()
    return {name: data[name] for name in data if name not in MACHINES}


def shards(zoo, *options: str, numbers: tuple[int, ...] = (1, 2)) -> list[int]:
    """Run both shards, and give how many items each predicted."""
    found = []
    for number in numbers:
        done = zoo.run("--shard", f"{number}/2", *options)
        assert done.returncode == 0, done.stderr
        found.append(int(re.search(r"with (\d+) of its 600 items", done.stderr)[1]))
    return found


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, zoo_in):
    """Give a zoo of 1200 items, of which 900 are right, with its evidence."""
    zoo = zoo_in(tmp_path_factory.mktemp("recorded"))
    zoo.manifest(
        ("samples: 40", f"samples: {ITEMS}"),
        ("top: 1, tolerance: 0", "top: 1, tolerance: 1"),
        ("    top5: 100", f"    evidence: {EVIDENCE}"),
    )
    lines = (f"class{index % 8}/clip{index:04} {index % 8}\n" for index in range(ITEMS))
    zoo.write("clips.txt", "".join(lines))
    assert zoo.run("--record").returncode == 0
    shutil.rmtree(zoo.path / "receipts")
    return zoo


@pytest.fixture
def large(recorded, zoo):
    shutil.copytree(recorded.path, zoo.path, dirs_exist_ok=True)
    return zoo


def test_shards_go_as_far_as_confirms_and_leave_the_receipt_of_one_machine(large):
    predicted = shards(large)
    assert 281 < sum(predicted) < 600
    done = large.run("merge")
    assert (done.returncode, done.stdout.count("CONFIRMED")) == (0, 1), done.stderr
    assert "compared with the evidence" in done.stderr
    merged = seen(large)
    assert merged["tier"] == "spot"
    assert merged["n"] == 281  # as without a flip
    assert large.run().returncode == 0
    assert merged == seen(large)


def test_undecided_shards_are_told_how_many_items_more_and_go_on_after_theirs(large):
    assert shards(large, "--items", "100") == [50, 50]
    done = large.run("merge")
    assert (done.returncode, large.receipts) == (3, [])
    told = re.search(
        r"75\.0 on clips; 100 of 1200 items did not decide it; if it holds, about (\d+) items "
        r"decide it: run each shard again with --items (\d+)",
        done.stderr,
    )
    assert told is not None, done.stderr
    assert int(told[1]) < int(told[2]) < 1.2 * int(told[1])
    shutil.rmtree(large.path / "receipts", ignore_errors=True)
    assert sum(shards(large, "--items", told[2])) == int(told[2])
    assert large.run("merge").returncode == 0
    merged = seen(large)
    large.run()
    assert merged == seen(large)


def test_a_shard_that_stopped_early_leaves_the_number_undecided_and_is_named(large):
    shards(large, numbers=(1,))
    assert large.run("--shard", "2/2", FAKE_FAULT="exits").returncode == 3
    done = large.run("merge")
    assert (done.returncode, large.receipts) == (3, [])
    assert re.search(r"shard 2/2 stopped after 4 of \d+ items; run verify-zoo --shard", done.stderr)


def test_a_missing_shard_leaves_the_number_undecided_without_the_list(large):
    shards(large, numbers=(1,))
    (large.path / "clips.txt").unlink()
    done = large.run("merge")
    assert done.returncode == 3
    assert "1 of 1200 items did not decide it; shard 2/2 is missing; run " in done.stderr


def test_a_refuted_number_is_refuted_by_the_same_items(large):
    large.recognizer(share=0.6)
    shards(large)
    assert large.run("merge").returncode == 1
    merged = seen(large)
    assert large.run().returncode == 1
    assert merged == seen(large)


def test_a_number_that_no_count_gives_is_refuted_without_an_item(large):
    text = (large.path / "zoo.yaml").read_text().replace("top1: 75.0", "top1: 75.55")
    text = text.replace("tolerance: 1", "tolerance: 0").replace(f"    evidence: {EVIDENCE}", "")
    large.write("zoo.yaml", text)
    assert shards(large, "--tier", "spot") == [0, 0]
    done = large.run("merge")
    assert (done.returncode, done.stdout.count(" 0 of 1200  REFUTED")) == (1, 1)
    assert "lists top1 75.55 on clips; no count of 1200 items gives 75.55; have all" in done.stderr
    merged = seen(large)
    assert large.run("--tier", "spot").returncode == 1
    assert merged == seen(large)


def test_other_evidence_than_that_of_the_shards_is_named(large):
    shards(large)
    (large.path / EVIDENCE).unlink()
    text = (large.path / "zoo.yaml").read_text()
    large.write("zoo.yaml", text.replace(f"    evidence: {EVIDENCE}", ""))
    done = large.run("merge")
    assert done.returncode == 3
    assert re.search(r"go with the evidence [0-9a-f]{64}, and the manifest names none", done.stderr)


def test_shards_of_a_spot_check_are_no_evidence(large):
    shards(large)
    done = large.run("merge", "--record")
    assert done.returncode == 3
    assert "are of a spot check, and evidence is of all items; run them again with" in done.stderr


def test_a_budget_that_suffices_has_all_items_counted(large):
    assert shards(large, "--budget", "10m") == [600, 600]
    assert large.run("merge").returncode == 0
    merged = seen(large)
    assert merged["tier"] == "full"
    assert large.run("--tier", "full").returncode == 0
    assert merged == seen(large)


def test_all_items_are_counted_after_a_spot_check_without_predicting_its_items_again(large):
    (spot,) = shards(large, numbers=(1,))
    done = large.run("--shard", "1/2", "--tier", "full")
    assert (done.returncode, "with 600 of its 600 items" in done.stderr) == (0, True)
    assert f"goes on after {spot} items of shards/" in done.stderr
    assert shards(large, numbers=(1,)) == [600]  # and none is lost to a smaller question


def test_a_spot_check_after_all_items_of_which_some_were_unreadable(large):
    large.run("--shard", "1/2", "--tier", "full", FAKE_FAULT="unreadable")
    for number in (1, 2):
        done = large.run("--shard", f"{number}/2", "--items", "100")
        assert done.returncode == 0, done.stderr
    done = large.run("merge")
    assert "of 1200 items did not decide it; if it holds, about" in done.stderr
    # What the smaller question left out is not lost.
    (journal,) = (large.path / "receipts" / ".journals").glob("*.journal")
    assert journal.read_bytes().count(b"\n") > 500


def test_a_budget_that_was_over_first_leaves_it_undecided(large):
    assert max(shards(large, "--budget", "0.001s")) < 100
    done = large.run("merge")
    assert done.returncode == 3
    assert "stopped after" in done.stderr
    assert Path(large.path / "shards").is_dir()
