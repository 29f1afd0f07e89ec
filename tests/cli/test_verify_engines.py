"""Close calls of a fast recognizer from the command line: shares, receipts, resumes, options."""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sphinx_modelzoo.receipts.evidence import read_evidence

NOISY = Path(__file__).parents[1] / "verify" / "noisy_recognizer.py"
NOISE = 0.001
COUNT = 120


def correct(labels, top):
    """Count what the reference has right."""
    true_scores = runpy.run_path(str(NOISY))["true_scores"]
    right = 0
    for item, label in labels.items():
        scores = true_scores(item, label)
        right += label in sorted(scores, key=scores.__getitem__, reverse=True)[:top]
    return right


@pytest.fixture
def noisy(zoo):
    """Let the zoo list what the reference has right, to the last item."""
    labels = {f"class{i % 8}/clip{i:03}": i % 8 for i in range(COUNT)}
    zoo.write("clips.txt", "".join(f"{item} {label}\n" for item, label in labels.items()))
    zoo.manifest(
        ("samples: 40", f"samples: {COUNT}"),
        ("recognizer: fake", "recognizer: noisy"),
        ("top1: 75.0", f"top1: {100 * correct(labels, 1) / COUNT:.4f}"),
        ("top5: 100", f"top5: {100 * correct(labels, 5) / COUNT:.4f}"),
    )
    configure(zoo, fault="", reference=[])
    return zoo


def configure(zoo, noise=NOISE, fault="", reference=None):
    python = [sys.executable, str(NOISY)]
    lines = ["[recognizers.noisy]", f"command = {[*python, str(noise), fault]}"]
    if reference is not None:
        lines.append(f"reference = {[*python, '0', *reference]}")
    zoo.write("modelzoo.toml", "\n".join(lines))


def environment(path):
    return json.loads(path.read_text())["environment"]


def again_of(zoo):
    """Give how many items a receipt says were run again; all receipts must say the same."""
    [(share, disagreement)] = {
        (environment(path)["engine.reruns"], environment(path)["engine.disagreement"])
        for path in zoo.receipts
    }
    count, of, total = share.split()
    assert (of, total, disagreement) == ("of", str(COUNT), repr(NOISE))
    return int(count)


def test_the_share_of_reruns_is_printed_and_recorded(noisy):
    done = noisy.run("--record", "--report", "json=found.json", "--report", "markdown=found.md")
    assert done.returncode == 0, done.stderr
    again = again_of(noisy)
    assert 0.15 * COUNT < again < 0.6 * COUNT
    share = (
        f"{again} of {COUNT} items ({100 * again / COUNT:.1f} %) were too close for noisy and were "
        "run again in noisy (reference)"
    )
    assert done.stderr.count(share) == 1
    report = json.loads((noisy.path / "found.json").read_text())
    for number in report["numbers"]:
        assert number["reruns"] == {
            "engine": "noisy",
            "reference": "noisy (reference)",
            "disagreement": NOISE,
            "items": COUNT,
            "again": again,
            "unsettled": 0,
        }
    assert (noisy.path / "found.md").read_text().count(share) == 1
    [evidence] = (noisy.path / "evidence").rglob("*.jsonl.gz")
    recorded = read_evidence(evidence)
    assert (recorded.origin.engine, recorded.origin.disagreement) == ("noise 1", NOISE)
    assert sum(each.close for each in recorded.predictions.values()) == again


def test_without_the_guard_the_number_would_be_refuted(noisy):
    # The same noise from a program that does not say so, and calls nothing close.
    configure(noisy, fault="passes-for-true")
    done = noisy.run("--report", "json=-")
    assert done.returncode == 1
    assert done.stdout.count('"reruns": null') == 2


def test_the_reference_alone_gives_the_same_numbers(noisy):
    configure(noisy, noise=0)
    done = noisy.run()
    assert done.returncode == 0, done.stderr
    assert "too close" not in done.stderr
    assert not any("engine.reruns" in environment(path) for path in noisy.receipts)


def test_a_run_that_was_killed_counts_its_share_to_the_end(noisy):
    assert noisy.run().returncode == 0
    whole = again_of(noisy)
    for path in noisy.receipts:
        path.unlink()

    killed = subprocess.Popen(
        [noisy.script("verify-zoo")],
        cwd=noisy.path,
        env={**os.environ, "NOISY_FAULT": "slow"},  # the command stays the same
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for_reruns(noisy, 3)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()

    done = noisy.run()
    assert done.returncode == 0, done.stderr
    assert "goes on after " in done.stderr
    assert again_of(noisy) == whole


def wait_for_reruns(zoo, count):
    """Wait until so many items that were run again stand in the journal."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        journals = list(zoo.path.rglob("*.journal"))
        if journals and journals[0].read_text().count('"",[],true]') >= count:
            return
        time.sleep(0.01)
    pytest.fail("nothing was run again")


def test_without_a_reference_close_items_leave_the_number_undecided_until_there_is_one(noisy):
    configure(noisy)
    done = noisy.run("--report", "json=found.json")
    assert done.returncode == 3
    assert f" of {COUNT} items were too close to call: class" in done.stderr
    assert "(its scores are too close for noisy)" in done.stderr
    assert "give the recognizer its reference, --reference-python PATH or 'reference' in the" in (
        done.stderr
    )
    assert "could not be read" not in done.stderr
    reruns = json.loads((noisy.path / "found.json").read_text())["numbers"][0]["reruns"]
    assert (reruns["again"], reruns["items"]) == (0, COUNT)
    assert not noisy.receipts

    configure(noisy, reference=[])
    done = noisy.run()
    assert done.returncode == 0, done.stderr
    assert f"goes on after {COUNT - reruns['unsettled']} items of a former run" in done.stderr
    assert again_of(noisy) == reruns["unsettled"]


def test_a_spot_check_names_what_is_too_close_as_well(noisy):
    assert noisy.run("--record").returncode == 0
    text = (noisy.path / "zoo.yaml").read_text()
    [evidence] = (noisy.path / "evidence").rglob("*.jsonl.gz")
    inside = evidence.relative_to(noisy.path)
    noisy.write("zoo.yaml", f"{text}    evidence: {inside}\n")
    done = noisy.run("--tier", "spot")
    assert done.returncode == 0, done.stderr
    assert "run again in noisy (reference)" in done.stderr
    configure(noisy)
    done = noisy.run("--tier", "spot")
    assert done.returncode == 3
    assert " items were too close to call: class" in done.stderr


def test_golden_scores_may_be_off_by_the_disagreement_of_either_side(noisy):
    # Scores of about 10 that are off by up to a thousandth of the largest, and by no more.
    assert noisy.run("--record").returncode == 0
    text = (noisy.path / "zoo.yaml").read_text()
    [evidence] = (noisy.path / "evidence").rglob("*.jsonl.gz")
    noisy.write("zoo.yaml", f"{text}    evidence: {evidence.relative_to(noisy.path)}\n")
    configure(noisy, noise=0)
    done = noisy.run("--tier", "golden")
    assert done.returncode == 0, done.stderr
    said = "by 0.001, and since they are of other engines by {} of an item's largest score"
    assert said.format("0.001") in done.stderr
    configure(noisy, noise=0.002, reference=[])
    done = noisy.run("--tier", "golden")
    assert done.returncode == 0, done.stderr
    assert said.format("0.003") in done.stderr
    configure(noisy, fault="passes-for-far")
    done = noisy.run("--tier", "golden")
    assert done.returncode == 3
    assert "by more than 0.001 beyond the 0.001 of the largest score that engines may" in (
        done.stderr
    )


def test_another_reference_or_disagreement_begins_anew(noisy):
    configure(noisy)
    assert noisy.run().returncode == 3
    configure(noisy, noise=0.002)
    done = noisy.run()
    assert "journal of a former run is of another command, engine; it begins anew" in done.stderr
    configure(noisy, noise=0.002, reference=["far"])
    assert noisy.run().returncode == 3
    configure(noisy, noise=0.002, reference=[])
    done = noisy.run()
    assert done.returncode == 0
    assert "journal of a former run is of another reference; it begins anew" in done.stderr


def test_a_run_may_go_on_without_its_reference_and_then_with_it(noisy):
    configure(noisy, reference=["killed"])
    assert noisy.run().returncode == 3
    configure(noisy)
    done = noisy.run()
    assert (done.returncode, "begins anew" in done.stderr) == (3, False)
    configure(noisy, reference=["killed"])
    done = noisy.run()
    assert (done.returncode, "begins anew" in done.stderr) == (3, False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--engine", "tensorflow"], "argument --engine: invalid choice: 'tensorflow'"),
        (["--engine", "mnn"], "--engine mnn: no number is measured with gluoncv-action; leave it"),
        (["--reference-python", sys.executable], "--reference-python was given without an engine"),
        (
            ["--engine", "mnn", "--reference-python", "/nowhere/python"],
            "--reference-python /nowhere/python: there is no such interpreter",
        ),
    ],
)
def test_calls_that_make_no_sense_are_named(noisy, arguments, message):
    done = noisy.run(*arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_an_engine_is_not_chosen_for_a_configured_recognizer_of_the_same_name(noisy):
    text = (noisy.path / "modelzoo.toml").read_text()
    noisy.write("modelzoo.toml", text.replace("recognizers.noisy", "recognizers.gluoncv-action"))
    text = (noisy.path / "zoo.yaml").read_text()
    noisy.write("zoo.yaml", text.replace("recognizer: noisy", "recognizer: gluoncv-action"))
    for command in (["verify-zoo"], ["verify-zoo", "conformance", "gluoncv-action"]):
        done = noisy.command(*command, "--engine", "mnn")
        assert done.returncode == 2, done.stderr
        assert "--engine mnn: no number is measured with gluoncv-action; leave it" in done.stderr
