"""What would make a run say more than it saw: too little time, other evidence, changed settings."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sphinx_modelzoo.cli.verify_zoo import main as verify_zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.model import StatusKind, Verdict
from sphinx_modelzoo.receipts.status import statuses
from sphinx_modelzoo.receipts.store import read_receipt
from sphinx_modelzoo.verify import measure
from sphinx_modelzoo.verify.recognizer import child

EVIDENCE = "evidence/net_a@aaaaaaaa/clips.plain.jsonl.gz"


@pytest.fixture
def recorded(zoo):
    """Give a zoo whose 40 items have evidence, and receipts of the run that recorded it."""
    zoo.manifest(("    top5: 100\n", f"    top5: 100\n    evidence: {EVIDENCE}\n"))
    (zoo.path / "evidence").mkdir()
    done = zoo.run("--record")
    assert done.returncode == 0, done.stderr
    return zoo


def adapt(zoo, old: str, new: str) -> None:
    """Let the recognizer be another program, that differs in one place."""
    fake = Path((zoo.path / "modelzoo.toml").read_text().split("'")[3]).read_text()
    assert old in fake
    zoo.write("adapted.py", fake.replace(old, new))
    command = '["{python}", "adapted.py", "0.75"]'
    zoo.write("modelzoo.toml", f"[recognizers.fake]\ncommand = {command}\n")


def kinds(zoo) -> set[StatusKind]:
    found = statuses(read_zoo(zoo.path / "zoo.yaml"), [zoo.path / "receipts"])
    return {status.kind for status in found.values()}


def journals(zoo) -> list[Path]:
    return list(zoo.path.rglob("*.journal"))


def test_a_budget_that_the_opening_takes_leaves_the_tier_weights(zoo):
    adapt(zoo, "def open(self, request):", "def open(self, request):\n        time.sleep(2)")
    done = zoo.run("--budget", "1s")
    assert "the budget leaves no time for items: tier weights" in done.stderr
    assert (done.returncode, done.stdout.count("CHECKED")) == (0, 2)
    assert zoo.receipts == []


def test_scores_that_were_not_seen_in_time_are_not_checked(recorded):
    for path in recorded.receipts:  # so slow that golden is all that fits
        path.write_text(json.dumps(json.loads(path.read_text()) | {"duration": 4000}))
    adapt(recorded, "def predict(self, request):", "def predict(self, request):\n        sleep()")
    done = recorded.run("--budget", "6s")
    assert done.returncode == 3
    assert "tier golden fits" in done.stderr
    assert "0 of 8 items were predicted in the time there was; run again" in done.stderr
    assert done.stdout.count("UNDECIDED") == 2


def test_what_a_longer_run_has_seen_outlives_a_small_budget(zoo):
    assert zoo.run(FAKE_FAULT="killed").returncode == 3
    (journal,) = journals(zoo)
    kept = journal.read_bytes()
    adapted = "time.sleep(2 * bool(os.environ.get('SLOW')))"
    adapt(zoo, "def open(self, request):", f"def open(self, request):\n        {adapted}")
    journal.unlink()
    assert zoo.run(FAKE_FAULT="killed").returncode == 3
    assert zoo.run("--budget", "1s", SLOW="1").returncode == 0
    (journal,) = journals(zoo)
    assert journal.read_bytes().count(b"\n") == kept.count(b"\n")
    assert "goes on after 4 items of a former run" in zoo.run().stderr


def test_a_budget_in_which_all_items_were_counted_gives_the_number_exactly(zoo):
    done = zoo.run("--budget", "10m")
    assert done.returncode == 0, done.stderr
    receipts = [read_receipt(path) for path in zoo.receipts]
    assert {(each.tier, each.n, each.verdict) for each in receipts} == {
        ("full", 40, Verdict.CONFIRMED)
    }


def test_evidence_of_other_weights_decides_nothing_and_can_be_recorded_anew(recorded):
    adapt(recorded, 'b"weights"', 'b"other weights"')
    before = (recorded.path / EVIDENCE).read_bytes()
    done = recorded.run()
    assert done.returncode == 3
    assert "the evidence is of something else: it is of weights with SHA-256" in done.stderr
    done = recorded.run("--record")
    assert done.returncode == 0, done.stderr
    assert "warning: " in done.stderr
    assert "it is of weights with SHA-256" in done.stderr
    assert (recorded.path / EVIDENCE).read_bytes() != before
    assert recorded.run().returncode == 0


def test_a_share_above_1_is_decided_in_no_tier(zoo):
    zoo.manifest(('unit: "%", top: 1', "unit: part, top: 1"), ("    top5: 100\n", ""))
    for tier in ("full", "spot"):
        done = zoo.run("--tier", tier)
        assert done.returncode == 3
        assert "in the unit 'part' a share of the items goes from 0 to 1" in done.stderr
        assert zoo.receipts == []


def test_another_command_does_not_go_on_where_the_first_was_cut_off(zoo):
    zoo.recognizer(fault="killed")
    assert zoo.run().returncode == 3
    zoo.recognizer(share=0.5)
    done = zoo.run()
    assert "the journal of a former run is of another command; it begins anew" in done.stderr
    assert "measured 50.0 (20 of 40)" in done.stderr


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("segments: 3", "segments: 4"), "protocol"),
        (("hashtag: aaaaaaaa", "hashtag: aaaaaaaa\n    architecture: wide"), "architecture"),
        (("classes: 8", "classes: 9"), "classes"),
    ],
)
def test_another_manifest_does_not_go_on_where_the_first_was_cut_off(zoo, change, what):
    assert zoo.run(FAKE_FAULT="killed").returncode == 3
    zoo.manifest(change)
    done = zoo.run()
    assert f"the journal of a former run is of another {what}; it begins anew" in done.stderr
    assert done.returncode == 0


def test_a_spot_check_that_was_interrupted_is_gone_on_with_by_a_full_run(zoo):
    adapt(zoo, "answer = self.prediction(item)", "time.sleep(0.02); answer = self.prediction(item)")
    with subprocess.Popen(
        [zoo.script("verify-zoo"), "--tier", "spot"],
        cwd=zoo.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        while sum(path.read_bytes().count(b"\n") for path in journals(zoo)) < 5:
            assert running.poll() is None
            time.sleep(0.005)
        running.send_signal(signal.SIGTERM)
    assert running.returncode == 143
    assert kinds(zoo) == {StatusKind.CLAIMED}
    done = zoo.run("--tier", "full")
    assert (done.returncode, "goes on after" in done.stderr) == (0, True)
    assert kinds(zoo) == {StatusKind.VERIFIED}
    assert journals(zoo) == []


def test_a_part_that_refutes_does_not_offer_its_share_as_the_number(zoo):
    zoo.recognizer(share=0.25)
    done = zoo.run("--tier", "spot")
    assert done.returncode == 1
    assert "have all items counted with --tier full, to list what they give" in done.stderr
    assert "if that is the truth" not in done.stderr


def test_a_spot_check_names_the_unreadable_items_that_it_looked_at(zoo):
    zoo.recognizer(fault="unreadable")
    done = zoo.run("--tier", "spot", "--report", "json=found.json")
    assert done.returncode == 3
    for line in done.stderr.splitlines():
        if "could not be read" in line:
            count = int(line.split("; ")[1].split(" of ")[0])
            assert line.count(" is truncated)") == count
    assert "undecided by" not in done.stderr
    assert "certain" not in done.stderr
    assert kinds(zoo) == {StatusKind.CLAIMED}


def test_a_recognizer_starts_before_the_journal_is_locked(zoo, monkeypatch):
    # A process that starts while the lock is held shares it until its program begins; a run that
    # is killed in that moment would leave the journal locked.
    seen = []
    for module, name in ((child, "start"), (measure, "open_journal")):
        original = getattr(module, name)

        def noted(*arguments, name=name, original=original, **options):
            seen.append(name)
            return original(*arguments, **options)

        monkeypatch.setattr(module, name, noted)
    monkeypatch.chdir(zoo.path)
    assert verify_zoo([]) == 0
    assert seen == ["start", "open_journal"]


def test_the_receipt_of_another_model_in_a_models_place_is_not_its_own(zoo):
    other = "hashtag: bbbbbbbb\n    dataset: clips\n    protocol: plain\n    top1: 80.0\n"
    zoo.manifest(("    top5: 100\n", f"  - name: net_b\n    {other}"))
    assert zoo.run().returncode == 1
    mine, its = (
        zoo.path / "receipts" / entry / "clips.plain.top1.json"
        for entry in ("net_a@aaaaaaaa", "net_b@bbbbbbbb")
    )
    its.write_bytes(mine.read_bytes())
    found = statuses(read_zoo(zoo.path / "zoo.yaml"), [zoo.path / "receipts"])
    standing = {number.name: status.kind for number, status in found.items()}
    assert standing == {"net_a": StatusKind.VERIFIED, "net_b": StatusKind.CLAIMED}
    done = zoo.run("--model", "net_b")
    assert done.returncode == 1
    assert "name changed" not in done.stderr
    assert "the listed number changed" not in done.stderr
