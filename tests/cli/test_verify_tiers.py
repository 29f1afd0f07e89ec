"""How much is looked at: tiers, evidence, budgets, and runs that were cut off."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.evidence import (
    make_evidence,
    open_evidence,
    read_evidence,
    write_evidence,
)
from sphinx_modelzoo.receipts.model import StatusKind, Verdict
from sphinx_modelzoo.receipts.status import statuses
from sphinx_modelzoo.receipts.store import read_receipt

ITEMS = 1200
EVIDENCE = "evidence/net_a@aaaaaaaa/clips.plain.jsonl.gz"


@pytest.fixture
def large(zoo):
    """Give a zoo of 1200 items, of which 900 are right, with its evidence."""
    zoo.manifest(
        ("samples: 40", f"samples: {ITEMS}"),
        ("top: 1, tolerance: 0", "top: 1, tolerance: 1"),
        ("    top5: 100", f"    evidence: {EVIDENCE}"),
    )
    lines = (f"class{index % 8}/clip{index:04} {index % 8}\n" for index in range(ITEMS))
    zoo.write("clips.txt", "".join(lines))
    done = zoo.run("--record")
    assert done.returncode == 0, done.stderr
    for path in zoo.receipts:
        path.unlink()
    return zoo


def only_receipt(zoo):
    (path,) = zoo.receipts
    return read_receipt(path)


def kind(zoo) -> StatusKind:
    found = statuses(read_zoo(zoo.path / "zoo.yaml"), [zoo.path / "receipts"])
    (status,) = found.values()
    return status.kind


def journals(zoo) -> list[Path]:
    return list(zoo.path.rglob("*.journal"))


def test_recorded_evidence_is_pointed_to_and_the_next_run_needs_less(zoo):
    done = zoo.run("--record")
    assert done.returncode == 0
    assert f"net_a@aaaaaaaa on clips: evidence written to {EVIDENCE}\n" in done.stderr
    assert f"modelzoo set 'net_a@aaaaaaaa' 'evidence={EVIDENCE}'" in done.stderr
    assert zoo.command("modelzoo", "set", "net_a", f"evidence={EVIDENCE}").returncode == 0
    file = open_evidence(zoo.path / EVIDENCE)
    assert file.origin.items == 40
    assert {read_receipt(path).predictions for path in zoo.receipts} == {file.origin.predictions}
    assert (zoo.path / EVIDENCE).read_bytes()[4:8] == b"\0\0\0\0"  # no time


def test_recorded_evidence_is_the_same_to_the_byte(zoo):
    first = second = b""
    for seed in ("a", "b"):
        assert zoo.run("--record", "--seed", seed).returncode == 0
        first, second = second, (zoo.path / EVIDENCE).read_bytes()
    assert first == second


def test_with_evidence_a_part_of_the_items_confirms(large):
    done = large.run("--report", "json=found.json")
    assert done.returncode == 0, done.stderr
    receipt = only_receipt(large)
    assert (receipt.tier, receipt.verdict, receipt.total) == ("spot", Verdict.CONFIRMED, ITEMS)
    assert 150 < receipt.n < 500
    evidence = open_evidence(large.path / EVIDENCE)
    assert receipt.evidence == evidence.digest == receipt.depends["evidence.sha256"]
    assert receipt.seed.startswith(f"{evidence.digest}|")
    assert (receipt.alpha, receipt.delta) == (0.05, 1.0)
    assert min(float(receipt.e_values[name]) for name in ("not lower", "not higher")) >= 20
    assert receipt.detectable > 1
    for words in (f"confirmed by {receipt.n} of 1200 items", "error rate 0.05", "e-values", "seed"):
        assert words in done.stderr
    assert kind(large) is StatusKind.SPOT
    assert journals(large) == []


def test_a_smaller_error_rate_takes_more_items(large):
    large.run()
    usual = only_receipt(large).n
    large.run("--confidence", "99")
    assert only_receipt(large).alpha == 0.01
    assert only_receipt(large).n > 1.2 * usual


def test_with_evidence_a_lower_accuracy_is_refuted_early(large):
    large.recognizer(share=0.6)
    done = large.run()
    assert done.returncode == 1
    receipt = only_receipt(large)
    assert (receipt.tier, receipt.verdict) == ("spot", Verdict.REFUTED)
    assert receipt.n < 150
    assert "zoo.yaml:15:11: net_a@aaaaaaaa lists top1 75.0 on clips; measured " in done.stderr
    assert kind(large) is StatusKind.REFUTED


def test_without_evidence_a_much_lower_accuracy_is_refuted_early(large):
    large.recognizer(share=0.5)
    (large.path / EVIDENCE).unlink()
    text = (large.path / "zoo.yaml").read_text().replace(f"    evidence: {EVIDENCE}\n", "")
    large.write("zoo.yaml", text.replace(f"    evidence: {EVIDENCE}", ""))
    assert large.run("--tier", "spot").returncode == 1
    assert only_receipt(large).n < 300
    assert only_receipt(large).evidence == ""
    assert large.run().returncode == 1
    assert {path.name for path in large.receipts} == {
        "clips.plain.top1.json",
        "clips.plain.top1.spot.json",
    }


def test_the_order_of_answers_changes_neither_the_verdict_nor_what_was_counted(large):
    seen = []
    for fault in ("", "reversed"):
        large.recognizer(fault=fault)
        assert large.run().returncode == 0
        receipt = only_receipt(large)
        seen.append((receipt.n, receipt.correct, receipt.e_values, receipt.predictions))
    assert seen[0] == seen[1]


def test_a_full_receipt_goes_before_a_later_confirming_spot_check_and_not_a_refuting_one(large):
    assert large.run("--tier", "full").returncode == 0
    time.sleep(1.1)  # receipts have seconds
    assert large.run().returncode == 0
    assert kind(large) is StatusKind.VERIFIED
    time.sleep(1.1)
    large.recognizer(share=0.5)
    assert large.run().returncode == 1
    assert kind(large) is StatusKind.REFUTED


def test_other_evidence_makes_a_spot_check_stale(large):
    large.run()
    evidence = read_evidence(large.path / EVIDENCE)
    large.recognizer(share=0.75 + 1 / ITEMS)
    large.run("--record")
    assert open_evidence(large.path / EVIDENCE).digest != evidence.digest
    next(path for path in large.receipts if path.name.endswith("top1.json")).unlink()
    assert kind(large) is StatusKind.STALE


def test_another_program_of_the_recognizer_makes_a_number_stale(zoo):
    fake = Path((zoo.path / "modelzoo.toml").read_text().split("'")[3])
    zoo.write("tools/own.py", fake.read_text())
    command = '["{python}", "tools/own.py", "0.75"]'
    zoo.write("modelzoo.toml", f"[recognizers.fake]\ncommand = {command}\n")
    zoo.manifest(("    top5: 100", ""))
    assert zoo.run().returncode == 0
    assert only_receipt(zoo).depends["recognizer.script"] == "tools/own.py"
    assert kind(zoo) is StatusKind.VERIFIED
    zoo.write("tools/own.py", fake.read_text() + "# changed\n")
    assert kind(zoo) is StatusKind.STALE


def test_a_listed_number_that_is_not_the_evidences_is_named_with_what_it_gives(large):
    text = (large.path / "zoo.yaml").read_text()
    large.write("zoo.yaml", text.replace("top1: 75.0", "top1: 75.1"))
    done = large.run("--tier", "spot")
    assert done.returncode == 3
    assert (
        "zoo.yaml:15:11: net_a@aaaaaaaa lists top1 75.1 on clips, and its evidence gives 75.0 "
        "(900 of 1200)" in done.stderr
    )
    assert large.receipts == []
    # Where no tier was asked for, all items decide.
    done = large.run()
    assert "warning: zoo.yaml:15:11: " in done.stderr
    assert only_receipt(large).tier == "full"


def test_damaged_evidence_is_named_and_a_full_run_does_without(large):
    data = bytearray((large.path / EVIDENCE).read_bytes())
    data[len(data) // 2] ^= 1
    (large.path / EVIDENCE).write_bytes(data)
    done = large.run()
    assert done.returncode == 3
    assert f"{EVIDENCE}: the evidence is damaged" in done.stderr
    done = large.run("--tier", "full")
    assert (done.returncode, "warning: " in done.stderr) == (0, True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("segments: 3", "segments: 4"), "the protocol's settings is {'segments': 3} there"),
        (("classes: 8", "classes: 9"), "the number of classes is 8 there, and 9 in the manifest"),
        (("hashtag: aaaaaaaa", "hashtag: bbbbbbbb"), "the entry is 'net_a@aaaaaaaa' there"),
        (("clips.plain", "gone"), "is not beside the manifest; record it with verify-zoo --record"),
    ],
)
def test_evidence_of_something_else_is_named(large, change, message):
    text = (large.path / "zoo.yaml").read_text()
    assert change[0] in text
    large.write("zoo.yaml", text.replace(*change))
    done = large.run()
    assert done.returncode == 3
    assert message in done.stderr
    assert large.receipts == []


def test_evidence_of_other_weights_is_named(large):
    text = (large.path / "zoo.yaml").read_text()
    large.write("net.params", "others")
    hashtag = "    hashtag: aaaaaaaa\n"
    large.write("zoo.yaml", text.replace(hashtag, f"{hashtag}    weights: net.params\n"))
    done = large.run()
    assert done.returncode == 3
    assert "it is of weights with SHA-256" in done.stderr


def test_another_copy_names_what_differs_and_restates_the_claim_on_the_rest(large):
    lines = (large.path / "clips.txt").read_text().splitlines(keepends=True)
    lines = [*lines[:200], *lines[202:]]  # two right ones are missing
    lines[5] = lines[5].replace(" 5\n", " 6\n")
    lines.append("class0/another 0\n")
    large.write("clips.txt", "".join(lines))
    done = large.run()
    assert done.returncode == 3
    for words in (
        "2 items are missing (class0/clip0200, class1/clip0201)",
        "1 item is extra (class0/another)",
        "1 item has another label (class5/clip0005)",
        # 888 to 912 of 1200 hold; three may be right or wrong.
        "it lies from 73.93 (885) to 76.19 (912) on the 1197 that are the same",
    ):
        assert words in done.stderr, done.stderr
    right = {f"class{i % 8}/clip{i:04}" for i in range(ITEMS)}
    right = set(sorted(right)[:900]) - {"class0/clip0200", "class1/clip0201", "class5/clip0005"}
    assert f"by the evidence it is {100 * len(right) / 1197:.2f} ({len(right)})" in done.stderr


NO_NUMPY = "raise ModuleNotFoundError('No module named numpy', name='numpy')"
BROKEN_NUMPY = "raise ImportError('numpy.core.multiarray failed to import\\nSee the notes.')"


@pytest.mark.parametrize(
    ("module", "words", "remedy"),
    [
        (NO_NUMPY, "", "pip install"),
        (
            BROKEN_NUMPY,
            f", which does not import in {sys.executable}: numpy.core.multiarray failed to import",
            "pip install --force-reinstall",
        ),
    ],
)
def test_without_a_numpy_that_works_the_tier_spot_says_what_to_do(zoo, module, words, remedy):
    zoo.write("modules/numpy/__init__.py", module)
    done = zoo.run("--tier", "spot", PYTHONPATH=str(zoo.path / "modules"))
    assert done.returncode == 2
    remedy += " 'sphinx-modelzoo[verify]', or take --tier full"
    assert done.stderr.endswith(f"the tier spot needs numpy{words}; {remedy}\n")
    assert zoo.run("--tier", "full", PYTHONPATH=str(zoo.path / "modules")).returncode == 0


def test_files_are_looked_at_on_demand_and_missing_ones_are_named(large):
    text = (large.path / "zoo.yaml").read_text()
    large.write(
        "zoo.yaml",
        text.replace("list: clips.txt", "list: clips.txt, root: media, media: videos").replace(
            f"    evidence: {EVIDENCE}", ""
        ),
    )
    (large.path / "media").mkdir()
    done = large.run("--check-files")
    assert done.returncode == 3
    assert "1200 of 1200 items have no video file" in done.stderr
    large.write("zoo.yaml", (large.path / "zoo.yaml").read_text().replace(", media: videos", ""))
    assert "1200 of 1200 items have no file or folder" in large.run("--check-files").stderr
    for index in range(ITEMS):
        large.write(f"media/class{index % 8}/clip{index:04}.avi", "film")
    assert large.run("--check-files").returncode == 0
    first = only_receipt(large).depends["dataset.files"]
    large.write("media/class0/clip0000.avi", "another film")
    assert large.run("--check-files").returncode == 0
    assert only_receipt(large).depends["dataset.files"] != first


def test_golden_compares_a_few_scores(large):
    done = large.run("--tier", "golden")
    assert (done.returncode, done.stdout.count("CHECKED")) == (0, 1), done.stderr
    assert large.receipts == journals(large) == []
    evidence = read_evidence(large.path / EVIDENCE)
    moved = {
        item: type(each)(item, each.label, tuple((k, score + 0.01) for k, score in each.top))
        for item, each in evidence.predictions.items()
    }
    write_evidence(large.path / "moved.jsonl", make_evidence(evidence.origin, moved.values()))
    text = (large.path / "zoo.yaml").read_text()
    large.write("zoo.yaml", text.replace(EVIDENCE, "moved.jsonl"))
    done = large.run("--tier", "golden")
    assert done.returncode == 3
    assert "the scores of 8 of 8 items differ from the evidence's by more than 0.001" in done.stderr


def test_golden_without_evidence_is_named(zoo):
    done = zoo.run("--tier", "golden")
    assert done.returncode == 3
    assert "has no evidence to compare scores with" in done.stderr


def test_weights_looks_at_the_file_and_at_no_item(zoo):
    zoo.write("net.params", "numbers")
    zoo.manifest(("    hashtag: aaaaaaaa", "    hashtag: aaaaaaaa\n    weights: net.params"))
    zoo.recognizer(fault="exits")  # at the fifth item
    done = zoo.run("--tier", "weights")
    assert (done.returncode, done.stdout.count("CHECKED")) == (0, 2), done.stderr
    assert zoo.receipts == []
    for field, message in (("parameters: 8", "7 parameters, not 8"), ("size: 6", "7 bytes, not 6")):
        zoo.manifest(
            (
                "    hashtag: aaaaaaaa",
                f"    hashtag: aaaaaaaa\n    weights: net.params\n    {field}",
            )
        )
        done = zoo.run("--tier", "weights")
        assert (done.returncode, message in done.stderr) == (3, True), done.stderr


def test_an_unreadable_item_leaves_a_spot_check_undecided_and_is_named(large):
    large.recognizer(fault="unreadable")
    done = large.run()
    assert done.returncode == 3
    assert "is truncated)" in done.stderr
    assert large.receipts == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tier", "half"], "'half' is no tier; write weights, golden, spot, full"),
        (["--tier", "spot", "--budget", "5m"], "--tier and --budget were both given"),
        (["--record", "--tier", "spot"], "--record and --tier spot were both given"),
        (["--record", "--budget", "1h"], "--record and --budget were both given"),
        (["--evidence", "x"], "--evidence was given without --record"),
        (["--budget", "10"], "is no length of time"),
        (["--budget=-1m"], "is no length of time"),
        (["--budget", "nanh"], "is no length of time"),
        (["--alpha", "0"], "is no error rate"),
        (["--alpha", "0.05", "--confidence", "95"], "not allowed with"),
        (["--confidence", "100"], "is no confidence"),
    ],
)
def test_options_that_make_no_sense_are_exit_2(zoo, arguments, message):
    done = zoo.run(*arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_large_budget_counts_all_items_and_says_so(large):
    done = large.run("--budget", "1h")
    assert done.returncode == 0
    assert only_receipt(large).tier == "full"
    assert "; within 1 h 00 min " in done.stderr or "; within 59 min " in done.stderr
    assert "all items are counted: the number, exactly" in done.stderr


def slow_down(zoo, seconds: float) -> None:
    """Let the recognizer take so long for each item."""
    fake = Path((zoo.path / "modelzoo.toml").read_text().split("'")[3])
    zoo.write("slow.py", fake.read_text().replace("time.sleep(0.05)", f"time.sleep({seconds})"))
    command = '["{python}", "slow.py", "0.75", "slow"]'
    zoo.write("modelzoo.toml", f"[recognizers.fake]\ncommand = {command}\n")


def test_a_small_budget_takes_what_fits_and_says_what_that_can_tell(large):
    slow_down(large, 0.1)
    done = large.run("--budget", "6s")
    assert "the scores of 8 items are the evidence's" in done.stderr
    assert "it excludes no shift of the number" in done.stderr
    assert (done.returncode, done.stdout.count("CHECKED")) == (0, 1)
    assert large.receipts == []


def test_the_pace_of_the_last_run_lets_a_budget_choose_at_once(large):
    slow_down(large, 0.01)
    assert large.run("--budget", "10m").returncode == 0
    assert only_receipt(large).tier == "full"
    done = large.run("--budget", "9s")
    assert "a spot check fits: it tells whether top1 75.0 within 1 points holds" in done.stderr


def run_and_kill(zoo, items: int, *options: str) -> None:
    """Start a run and kill it, recognizer and all, when so many items are in the journal."""
    with subprocess.Popen(
        [zoo.script("verify-zoo"), *options],
        cwd=zoo.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        while sum(path.read_bytes().count(b"\n") for path in journals(zoo)) <= items:
            assert running.poll() is None
            time.sleep(0.002)
        os.kill(running.pid, signal.SIGKILL)


@pytest.mark.long
@pytest.mark.parametrize("tier", ["spot", "full"])
def test_a_killed_run_goes_on_where_it_was_with_the_same_verdict(large, tier):
    large.run("--tier", tier)
    whole = json.loads(large.receipts[0].read_text())
    large.receipts[0].unlink()
    slow_down(large, 0.002)
    for items in (30, 90):
        run_and_kill(large, items, "--tier", tier)
        assert large.receipts == []
    large.recognizer()  # the same to all that predictions depend on, but for its program's file
    (large.path / "slow.py").write_text("")
    done = large.run("--tier", tier)
    assert "is of another command, program; it begins anew" in done.stderr
    large.receipts[0].unlink()
    slow_down(large, 0.002)
    run_and_kill(large, 60, "--tier", tier)
    done = large.run("--tier", tier)
    assert done.returncode == 0
    assert "goes on after" in done.stderr
    again = json.loads(large.receipts[0].read_text())
    for name in ("verdict", "n", "correct", "e_values", "predictions", "seed", "tier"):
        assert again[name] == whole[name], name
    assert int(again["environment"]["journal.items"]) >= 60
    assert journals(large) == []


def test_a_look_at_a_few_scores_leaves_the_journal_of_a_longer_run_alone(large):
    slow_down(large, 0.002)
    run_and_kill(large, 100, "--tier", "full")
    assert large.run("--tier", "golden").returncode == 0
    done = large.run("--tier", "full")
    assert "goes on after" in done.stderr
    assert journals(large) == []


def test_fresh_begins_anew(large):
    slow_down(large, 0.002)
    run_and_kill(large, 30)
    done = large.run("--fresh")
    assert (done.returncode, "goes on after" in done.stderr) == (0, False)


def test_a_recognizer_that_dies_keeps_what_was_seen(zoo):
    assert zoo.run(FAKE_FAULT="killed").returncode == 3
    (journal,) = journals(zoo)
    assert journal.read_bytes().count(b"\n") == 5
    done = zoo.run()
    assert "net_a@aaaaaaaa on clips: goes on after 4 items of a former run" in done.stderr
    assert done.returncode == 0
    assert journals(zoo) == []


def test_what_could_not_be_read_is_tried_again(zoo):
    assert zoo.run(FAKE_FAULT="unreadable").returncode == 3
    done = zoo.run()
    assert "goes on after 36 items" in done.stderr
    assert done.returncode == 0
    assert {read_receipt(path).n for path in zoo.receipts} == {40}


def test_two_runs_at_once_do_not_meet(large):
    slow_down(large, 0.01)
    with subprocess.Popen(
        [large.script("verify-zoo"), "--tier", "full"],
        cwd=large.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        while not journals(large):
            assert running.poll() is None
            time.sleep(0.01)
        done = large.run("--tier", "full")
        assert done.returncode == 3
        assert "another verify-zoo is at work on this number" in done.stderr
        running.terminate()
