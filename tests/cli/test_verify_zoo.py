"""What verify-zoo finds, what it writes, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.model import StatusKind, Verdict
from sphinx_modelzoo.receipts.status import statuses
from sphinx_modelzoo.receipts.store import read_receipt

SECOND = """\
  - name: net_b
    hashtag: bbbbbbbb
    dataset: clips
    protocol: plain
    top1: 74.9
"""


def add(zoo, text):
    zoo.write("zoo.yaml", (zoo.path / "zoo.yaml").read_text() + text)


def test_all_numbers_of_an_entry_come_from_one_run(zoo):
    zoo.recognizer(fault="notes")
    done = zoo.run()
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == [
        "entry",
        "data",
        "set",
        "metric",
        "listed",
        "measured",
        "n",
        "of",
        "N",
        "verdict",
    ]
    assert lines[1].split() == [
        "net_a@aaaaaaaa",
        "clips",
        "top1",
        "75.0",
        "75.0",
        "40",
        "of",
        "40",
        "CONFIRMED",
    ]
    assert lines[2].split() == [
        "net_a@aaaaaaaa",
        "clips",
        "top5",
        "100",
        "100",
        "40",
        "of",
        "40",
        "CONFIRMED",
    ]
    assert len(lines) == 3
    assert done.stderr == "2 receipts written to receipts\n"
    receipts = [read_receipt(path) for path in zoo.receipts]
    assert len({(receipt.predictions, receipt.started) for receipt in receipts}) == 1


def test_a_receipt_holds_counts_weights_data_and_environment(zoo):
    zoo.run("--seed", "lucky")
    receipt = next(
        receipt for receipt in map(read_receipt, zoo.receipts) if receipt.number.metric == "top1"
    )
    assert (receipt.correct, receipt.n, receipt.total, receipt.band) == (30, 40, 40, (30, 30))
    assert receipt.verdict is Verdict.CONFIRMED
    assert receipt.seed == "lucky"
    assert receipt.depends["recognizer"] == "fake 1.0"
    assert receipt.depends["claim.protocol.segments"] == "3"
    assert receipt.depends["weights.sha256"] == receipt.weights["sha256"]
    assert receipt.environment["offline"] == "False"
    found = statuses(read_zoo(zoo.path / "zoo.yaml"), [zoo.path / "receipts"])
    assert {status.kind for status in found.values()} == {StatusKind.VERIFIED}


def test_the_digest_of_predictions_does_not_depend_on_the_order(zoo):
    digests = set()
    for fault, seed in (("", "a"), ("reversed", "a"), ("", "b")):
        zoo.recognizer(fault=fault)
        assert zoo.run("--seed", seed).returncode == 0
        digests |= {read_receipt(path).predictions for path in zoo.receipts}
    assert len(digests) == 1


def test_a_refuted_number_is_named_with_line_and_column(zoo):
    zoo.manifest(("top1: 75.0", "top1: 77.5"))
    done = zoo.run()
    assert done.returncode == 1
    assert (
        "zoo.yaml:15:11: net_a@aaaaaaaa lists top1 77.5 on clips; measured 75.0 (30 of 40), and "
        "77.5 stands for 31 correct; list 75.0 if that is the truth" in done.stderr
    )
    assert "REFUTED" in done.stdout
    verdicts = {read_receipt(path).verdict for path in zoo.receipts}
    assert verdicts == {Verdict.REFUTED, Verdict.CONFIRMED}


def test_the_tolerance_of_the_metric_widens_the_band(zoo):
    zoo.manifest(("top1: 75.0", "top1: 77.5"), ("top: 1, tolerance: 0", "top: 1, tolerance: 2.5"))
    assert zoo.run().returncode == 0


@pytest.mark.parametrize(
    ("numbers", "fault", "code"),
    [
        ("    top1: 75.0\n", "", 0),
        ("    top1: 10.0\n", "", 1),
        ("    top1: 75.0\n    protocol: broken\n", "", 3),
        ("    top1: 10.0\n", "both", 1),
    ],
)
def test_refuted_goes_before_undecided_before_confirmed(zoo, numbers, fault, code):
    text = (zoo.path / "zoo.yaml").read_text()
    text = text.replace("models:", "  broken: {recognizer: broken}\nmodels:")
    entry = "  - name: net_b\n    dataset: clips\n    protocol: plain\n" + numbers
    if "broken" in numbers:
        entry = entry.replace("    protocol: plain\n", "")
    if fault == "both":
        entry += "  - {name: net_c, dataset: clips, protocol: broken, top1: 75.0}\n"
    zoo.write("zoo.yaml", text + entry)
    config = (zoo.path / "modelzoo.toml").read_text()
    zoo.write("modelzoo.toml", config + '[recognizers.broken]\ncommand = ["false"]\n')
    assert zoo.run().returncode == code


def test_numbers_that_are_not_counted_item_by_item_are_only_listed(zoo):
    zoo.manifest(
        ("datasets:", "  speed: {title: Clips/s, unit: clips}\ndatasets:"),
        ("top5: 100", "speed: 12"),
    )
    done = zoo.run("--report", "json=found.json")
    assert done.returncode == 0
    assert "UNVERIFIABLE" in done.stdout
    assert "1 number is of a metric without 'top'" in done.stderr
    assert len(zoo.receipts) == 1
    numbers = json.loads((zoo.path / "found.json").read_text())["numbers"]
    assert [number["verdict"] for number in numbers] == ["confirmed", "unverifiable"]


def test_nothing_to_verify_at_all_is_exit_3(zoo):
    zoo.manifest(
        ("datasets:", "  speed: {title: Clips/s, unit: clips}\ndatasets:"),
        ("    top1: 75.0\n    top5: 100", "    speed: 12"),
    )
    done = zoo.run()
    assert done.returncode == 3
    assert "nothing could be verified" in done.stderr


def test_a_list_with_another_number_of_items_is_undecided_and_both_are_named(zoo):
    zoo.manifest(("samples: 40", "samples: 41"))
    done = zoo.run()
    assert done.returncode == 3
    assert "has 41 samples in the manifest and 40 in the list" in done.stderr
    assert zoo.receipts == []


def test_a_list_with_a_duplicate_is_undecided_with_both_lines(zoo):
    zoo.write("clips.txt", (zoo.path / "clips.txt").read_text() + "class0/clip000 0\n")
    done = zoo.run()
    assert done.returncode == 3
    assert "stands twice, in lines 1 and 41" in done.stderr


def test_a_data_set_without_a_list_takes_the_recognizers_items(zoo):
    zoo.manifest((", list: clips.txt", ""))
    assert zoo.run().returncode == 0


def test_a_data_set_that_is_elsewhere_is_found_with_data(zoo):
    (zoo.path / "clips.txt").unlink()
    done = zoo.run()
    assert done.returncode == 3
    assert "--data clips=PATH" in done.stderr
    for index in range(40):
        zoo.write(f"../copy/videos/class{index % 8}/clip{index:03}.avi", "")
    zoo.write(
        "../copy/lists/clips.txt", "".join(f"class{i % 8}/clip{i:03} {i % 8}\n" for i in range(40))
    )
    done = zoo.run("--data", "clips=../copy")
    assert done.returncode == 0, done.stderr
    assert read_receipt(zoo.receipts[0]).environment["data.media"] == "videos"


def test_another_list_than_the_manifests_own_is_undecided_and_says_which(zoo):
    own = (zoo.path / "clips.txt").read_text()
    assert zoo.run().returncode == 0
    before = [path.read_bytes() for path in zoo.receipts]
    zoo.write("other/clips.txt", own.replace("clip000 0", "clip000 1"))
    zoo.write("other/class0/clip000.avi", "")
    done = zoo.run("--data", "clips=other")
    assert done.returncode == 3
    assert "data set 'clips' has other items in" in done.stderr
    assert "than in its list 'clips.txt' beside the manifest" in done.stderr
    assert [path.read_bytes() for path in zoo.receipts] == before
    zoo.write("other/clips.txt", "".join(reversed(own.splitlines(keepends=True))))
    zoo.write("other/class7/clip039.avi", "")
    assert zoo.run("--data", "clips=other").returncode == 0


def test_offline_reaches_the_recognizer(zoo):
    zoo.run("--offline")
    assert read_receipt(zoo.receipts[0]).environment["offline"] == "True"


@pytest.fixture
def signals_are_heard():
    """Undo, for the programs that a test starts, what a shell does to jobs in the background."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_recognizer_and_keeps_what_was_found(zoo, number, code):
    add(zoo, SECOND.replace("plain", "slow"))
    text = (zoo.path / "zoo.yaml").read_text()
    zoo.write("zoo.yaml", text.replace("models:", "  slow: {recognizer: slow}\nmodels:"))
    config = (zoo.path / "modelzoo.toml").read_text()
    fake = Path(config.split("'")[3])
    slow = zoo.write(
        "slow.py",
        "import os, runpy, sys\n"
        "open('pid', 'w').write(str(os.getpid()))\n"
        f"sys.argv = ['', '1', 'slow']\nrunpy.run_path({str(fake)!r}, run_name='__main__')\n",
    )
    zoo.write("modelzoo.toml", config + f'[recognizers.slow]\ncommand = ["{{python}}", "{slow}"]\n')
    with subprocess.Popen(
        [zoo.script("verify-zoo"), "--report", "json=found.json"],
        cwd=zoo.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        while not (zoo.path / "pid").is_file() or not (zoo.path / "pid").read_text():
            assert running.poll() is None
        running.send_signal(number)
        _, errors = running.communicate(timeout=30)
    assert running.returncode == code
    assert "stopped after 2 of 3 numbers" in errors
    assert "Traceback" not in errors
    with pytest.raises(ProcessLookupError):
        os.kill(int((zoo.path / "pid").read_text()), 0)
    data = json.loads((zoo.path / "found.json").read_text())
    assert (data["exit"], len(data["numbers"])) == (130, 2)
    assert len(zoo.receipts) == 2
