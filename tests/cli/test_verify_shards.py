"""``verify-zoo --shard`` and ``verify-zoo merge``: many machines, one verdict."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.model import StatusKind
from sphinx_modelzoo.receipts.status import statuses

MACHINES = ("started", "duration", "environment")
EVIDENCE = "evidence/net_a@aaaaaaaa/clips.plain.jsonl.gz"


def shard(zoo, number: int, of: int = 3, *options: str, **environment: str):
    return zoo.run("--shard", f"{number}/{of}", *options, **environment)


def merge(zoo, *options: str):
    return zoo.run("merge", *options)


def seen(zoo) -> dict[str, dict[str, object]]:
    """Give the receipts by their names, and take them away."""
    found = {}
    for path in zoo.receipts:
        data = json.loads(path.read_text())
        found[path.name] = {name: data[name] for name in data if name not in MACHINES}
        path.unlink()
    return found


def files(zoo, folder: str = "shards") -> list[Path]:
    return sorted((zoo.path / folder).rglob("*.shard.jsonl"))


@pytest.fixture(scope="module")
def made(tmp_path_factory, zoo_in):
    """Give a zoo whose items were predicted in three shards."""
    zoo = zoo_in(tmp_path_factory.mktemp("made"))
    for number in (1, 2, 3):
        done = shard(zoo, number)
        assert (done.returncode, done.stdout.count("PREDICTED")) == (0, 2), done.stderr
    return zoo


@pytest.fixture
def cut(made, zoo):
    """Give a copy of it."""
    shutil.copytree(made.path / "shards", zoo.path / "shards")
    return zoo


def test_a_shard_writes_its_file_and_no_receipt(zoo):
    done = shard(zoo, 2, 3, "--report", "json=found.json")
    (path,) = files(zoo)
    assert path.name == "net_a@aaaaaaaa.clips.plain.2-of-3.shard.jsonl"
    assert f"shard 2/3 with 13 of its 13 items written to shards/{path.name}" in done.stderr
    assert zoo.receipts == list(zoo.path.rglob("*.journal")) == []
    number = json.loads((zoo.path / "found.json").read_text())["numbers"][0]
    assert (number["verdict"], number["n"], number["N"]) == ("predicted", 13, 40)
    assert number["artefacts"] == [f"shards/{path.name}"]


def test_merging_leaves_the_receipts_of_one_machine(cut):
    done = merge(cut)
    assert (done.returncode, done.stdout.count("CONFIRMED")) == (0, 2), done.stderr
    status = statuses(read_zoo(cut.path / "zoo.yaml"), [cut.path / "receipts"])
    assert {each.kind for each in status.values()} == {StatusKind.VERIFIED}
    environment = json.loads(cut.receipts[0].read_text())["environment"]
    assert (environment["shards"], environment["data.list"]) == ("3", "clips.txt")
    merged = seen(cut)
    assert cut.run().returncode == 0
    assert merged == seen(cut)
    assert len(merged) == 2


def test_recorded_evidence_is_that_of_one_machine_to_the_byte(cut):
    assert merge(cut, "--record").returncode == 0
    merged = (cut.path / EVIDENCE).read_bytes()
    assert cut.run("--record").returncode == 0
    assert (cut.path / EVIDENCE).read_bytes() == merged


def test_a_refuted_number_is_refuted_and_its_predictions_are_kept(cut):
    text = (cut.path / "zoo.yaml").read_text()
    cut.write("zoo.yaml", text.replace("top1: 75.0", "top1: 80.0"))
    assert merge(cut).returncode == 1
    kept = next((cut.path / "receipts" / ".refuted").iterdir()).read_bytes()
    merged = seen(cut)
    assert cut.run().returncode == 1
    assert merged == seen(cut)
    assert next((cut.path / "receipts" / ".refuted").iterdir()).read_bytes() == kept


def test_merging_needs_neither_the_items_nor_the_list(cut):
    (cut.path / "clips.txt").unlink()
    assert merge(cut).returncode == 0
    assert len(cut.receipts) == 2


def test_artifacts_in_folders_of_their_own_that_came_twice_count_once(cut):
    for attempt in ("a", "b/c"):
        shutil.copytree(cut.path / "shards", cut.path / "artifacts" / attempt / "x")
    cut.write("artifacts/notes.txt", "not ours")
    cut.write("artifacts/other.jsonl", "{}")
    done = merge(cut, "--shards", "artifacts", *map(str, files(cut)))
    assert done.returncode == 0
    assert "shards 1/3, 2/3, 3/3 are there more than once (" in done.stderr
    twice = seen(cut)
    assert merge(cut).returncode == 0
    assert twice == seen(cut)


def test_missing_shards_are_named_and_nothing_is_decided(cut):
    files(cut)[1].unlink()
    done = merge(cut)
    assert (done.returncode, done.stdout.count("UNDECIDED")) == (3, 2)
    assert "not all items of net_a@aaaaaaaa on clips were predicted: shard 2/3 is " in done.stderr
    assert "missing; run verify-zoo --shard 2/3, with the options that" in done.stderr
    assert cut.receipts == []


@pytest.mark.parametrize("places", [[], ["--shards", "nowhere"], ["--shards", "empty"]])
def test_merging_nothing_decides_nothing(zoo, places):
    (zoo.path / "empty").mkdir()
    done = merge(zoo, *places)
    assert (done.returncode, zoo.receipts) == (3, [])
    assert "there is no shard in" in done.stderr


def test_a_shard_that_was_changed_or_cut_off_is_named(cut):
    first, second, _ = files(cut)
    first.write_text(first.read_text().replace("[[0,1.0]", "[[0,1.5]"))
    second.write_bytes(second.read_bytes()[:-200])
    done = merge(cut)
    assert (done.returncode, cut.receipts) == (3, [])
    assert f"{first.relative_to(cut.path)}: the shard is damaged: it was changed" in done.stderr
    assert f"{second.relative_to(cut.path)}: the shard is damaged: it is cut off" in done.stderr


def test_files_that_nothing_depends_on_are_set_aside_with_a_warning(cut):
    first, second, _ = files(cut)
    cut.write(f"shards/a/{first.name}", first.read_text()[:-200])
    cut.write(f"shards/a/{second.name}", "")
    other = re.sub("net_a", "net_b", first.read_text())
    cut.write("shards/b.shard.jsonl", other)
    done = merge(cut)
    assert (done.returncode, done.stdout.count("CONFIRMED")) == (0, 2), done.stderr
    for words in (
        f"warning: shards/a/{first.name}: the shard is damaged: it is cut off after line 1",
        f"warning: shards/a/{second.name}: this is no shard of format 1; ",
        "warning: shards/b.shard.jsonl: this is a shard of net_b@aaaaaaaa on clips under plain",
    ):
        assert words in done.stderr
    first.unlink()
    done = merge(cut)
    assert (done.returncode, "the shard is damaged" in done.stderr) == (3, True)
    first.with_name("a").joinpath(first.name).unlink()
    second.unlink()
    done = merge(cut)
    assert done.returncode == 3
    assert f"warning: shards/a/{second.name}: this is no shard of format 1; " in done.stderr
    assert "shards 1/3, 2/3 are missing; run verify-zoo --shard 1/3" in done.stderr


def test_shards_of_two_runs_in_one_folder_are_named_with_what_differs(cut):
    assert shard(cut, 1, 3, "--seed", "other", "--shards", "shards/x").returncode == 0
    assert shard(cut, 1, 2, "--shards", "shards/y").returncode == 0
    done = merge(cut)
    assert (done.returncode, cut.receipts) == (3, [])
    for words in (
        "shards/x/net_a@aaaaaaaa.clips.plain.1-of-3.shard.jsonl: the shard is not of the same run",
        "it has another seed (other here, net_a@aaaaaaaa|clips|plain there)",
        "it has another number of shards (2 here, 3 there)",
    ):
        assert words in done.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("name: net_a", "name: net_b"), "this is a shard of net_a@aaaaaaaa on clips under plain"),
        (("segments: 3", "segments: 5"), 'protocol ({"segments": 3} then, {"segments": 5} now)'),
        (("    hashtag: aaaaaaaa", f"    hashtag: aaaaaaaa\n    sha256: {'5' * 64}"), "5555, "),
        (("samples: 40", "samples: 41"), "has 41 samples in the manifest and 40 in the shards"),
    ],
)
def test_shards_of_another_manifest_are_named(cut, change, words):
    text = (cut.path / "zoo.yaml").read_text()
    assert change[0] in text
    cut.write("zoo.yaml", text.replace(*change))
    done = merge(cut)
    assert (done.returncode, cut.receipts) == (3, [])
    assert words.removesuffix(", ") in done.stderr


def test_another_list_beside_the_manifest_is_named(cut):
    text = (cut.path / "clips.txt").read_text()
    cut.write("clips.txt", text.replace("class0/clip000 0", "class0/clip000 1"))
    done = merge(cut)
    assert done.returncode == 3
    assert "data set 'clips' has other items in the shards than in its list" in done.stderr


def test_what_a_failed_shard_had_is_kept_and_gone_on_from_on_another_machine(cut):
    files(cut)[1].unlink()
    done = shard(cut, 2, 3, "--report", "json=found.json", FAKE_FAULT="exits")
    assert done.returncode == 3
    number = json.loads((cut.path / "found.json").read_text())["numbers"][0]
    kept = [str(path.relative_to(cut.path)) for path in cut.path.rglob("*.2-of-3.*")]
    assert (sorted(number["artefacts"]), len(kept)) == (sorted(kept), 2)
    assert "shard 2/3 with 4 of its 13 items written to shards/" in done.stderr
    assert "shard 2/3 stopped after 4 of 13 items" in merge(cut).stderr
    shutil.copytree(cut.path / "shards", cut.path / "attempt-1")
    shutil.rmtree(cut.path / "receipts")  # and the journal with them: another machine has neither
    done = shard(cut, 2)
    assert "goes on after 4 items of shards/net_a@aaaaaaaa.clips.plain.2-of-3" in done.stderr
    assert done.returncode == 0
    done = merge(cut, "--shards", "attempt-1", "shards")
    assert done.returncode == 0
    merged = seen(cut)
    cut.run()
    assert merged == seen(cut)


def test_items_that_cannot_be_read_are_named_and_tried_again(cut):
    files(cut)[1].unlink()
    done = shard(cut, 2, FAKE_FAULT="unreadable")
    assert done.returncode == 3
    assert "lists top1 75.0 on clips; 2 of 13 items could not be read: " in done.stderr
    done = merge(cut)
    assert (done.returncode, "2 of 40 items could not be read: " in done.stderr) == (3, True)
    shutil.copytree(cut.path / "shards", cut.path / "attempt-1")
    assert shard(cut, 2).returncode == 0
    assert merge(cut, "--shards", "attempt-1", "shards").returncode == 0


def test_a_former_shard_with_more_is_kept_where_the_time_is_over_first(cut):
    path = files(cut)[1]
    path.unlink()
    assert shard(cut, 2, FAKE_FAULT="unreadable").returncode == 3
    former = path.read_bytes()
    done = shard(cut, 2, 3, "--budget", "0.001s")
    assert "goes on after 11 items of shards/" in done.stderr
    assert path.read_bytes() == former
    path.unlink()  # the journal has all but the two that could not be read
    done = shard(cut, 2)
    assert (done.returncode, "goes on after 11 items of a former run" in done.stderr) == (0, True)
    assert merge(cut).returncode == 0


def test_shards_killed_at_any_moment_and_started_again_end_as_if_they_never_were(zoo):
    draw = random.Random(4)  # noqa: S311 - moments, no secrets
    environment = {**os.environ, "FAKE_FAULT": "slow"}
    kills = 0
    for number in (1, 2, 3):
        for wait in (*(draw.uniform(0.3, 1.2) for _ in range(2)), None):
            command = [zoo.script("verify-zoo"), "--shard", f"{number}/3"]
            with subprocess.Popen(
                command, cwd=zoo.path, env=environment, stderr=subprocess.PIPE, stdout=-3
            ) as process:
                try:
                    process.communicate(timeout=wait)
                except subprocess.TimeoutExpired:
                    os.kill(process.pid, signal.SIGKILL)
                    kills += 1
                    process.communicate()
    assert kills
    assert merge(zoo).returncode == 0
    merged = seen(zoo)
    assert zoo.run().returncode == 0
    assert merged == seen(zoo)


def test_a_shard_that_ctrl_c_ended_keeps_what_it_had(zoo):
    environment = {**os.environ, "FAKE_FAULT": "slow"}
    command = [zoo.script("verify-zoo"), "--shard", "1/1"]
    with subprocess.Popen(
        command, cwd=zoo.path, env=environment, stderr=subprocess.PIPE, stdout=-3, text=True
    ) as process:
        journal = zoo.path / "receipts/.journals/net_a@aaaaaaaa.clips.plain.1-of-1.journal"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if journal.is_file() and journal.read_bytes().count(b"\n") > 5:
                break
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert re.search(r"shard 1/1 with \d+ of its 40 items written to ", said)
    assert len(files(zoo)) == 1


def test_more_shards_than_items_are_merged_as_well(zoo):
    zoo.manifest(("samples: 40", "samples: 2"), ("top1: 75.0", "top1: 100"))
    zoo.write("clips.txt", "a 0\nb 1\n")
    zoo.recognizer(1.0)
    for number in (1, 2, 3):
        assert shard(zoo, number).returncode == 0
    done = merge(zoo)
    assert (done.returncode, done.stdout.count("2 of 2  CONFIRMED")) == (0, 2), done.stderr


def test_a_program_that_only_prints_has_no_shards(zoo):
    program = "print('accuracy: 75.0')"
    command = [sys.executable, "-c", program]
    zoo.write(
        "modelzoo.toml",
        f"[recognizers.fake]\ncommand = {command}\naccuracy.top1 = 'accuracy: (.+)'\n",
    )
    done = shard(zoo, 1)
    assert done.returncode == 3
    assert "only prints a number over all items, and a share of them is asked for" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--shard", "0/8"], "there is no shard 0 of 8; they go from 1/8 to 8/8"),
        (["--shard", "9/8"], "there is no shard 9 of 8; they go from 1/8 to 8/8"),
        (["--shard", "1/0"], "'1/0' divides the items by nothing"),
        (["--shard", "3-8"], "'3-8' is not K/N; write for example 3/8"),
        (["--shard", "1/2", "--items", "0"], "'0' is no number of items"),
        (["--items", "50"], "--items was given without --shard; add --shard K/N"),
        (["--shards", "x"], "--shards was given without --shard; add --shard K/N"),
        (["--shard", "1/2", "--record"], "run the shards with --tier full, and merge with --reco"),
        (["--shard", "1/2", "--sign", "key.pem"], "a shard has no receipt: sign when merging"),
        (["--shard", "1/2", "--tier", "golden"], "--shard and --tier golden were both given"),
        (["--shard", "1/2", "--tier", "weights"], "--shard and --tier weights were both given"),
        (["--shard", "1/2", "--cluster", "tcp://a:1"], "a cluster hands out all items by itself"),
        (["--shard", "1/2", "--items", "9", "--tier", "full"], "both say how far to go"),
        (["--shard", "1/2", "--items", "9", "--budget", "1h"], "both say how far to go"),
        (["--shard", "1/2", "--shards", "zoo.yaml"], "name another with --shards"),
    ],
)
def test_careless_calls_are_refused_with_what_to_write(zoo, arguments, words):
    if "key.pem" in arguments:
        subprocess.run(
            ["openssl", "genpkey", "-algorithm", "ed25519", "-out", "key.pem"],
            cwd=zoo.path,
            check=True,
            capture_output=True,
        )
    done = zoo.run(*arguments)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert files(zoo) == zoo.receipts == []
