"""The checks of a recognizer, on real processes: one that is right, and one for each fault."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sphinx_modelzoo.pipe.messages import DataSource, Open, Prediction
from sphinx_modelzoo.verify.conformance.bench import Subject, same_scores
from sphinx_modelzoo.verify.conformance.checks import CHECKS, State, conform
from sphinx_modelzoo.verify.recognizer.process import Command

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"

# Faults that show in further checks than their own.
ALSO = {
    "requests-ahead": {"large-request"},
    "fresh-process": {"unknown-fields", "unreadable-item"},
    "order": {"repeats", "fresh-process", "unreadable-item", "requests-ahead"},
    "repeats": {"order", "large-request", "requests-ahead"},
}


def write_zoo(folder: Path, fault: str = "", list_line: str = "list: items.txt") -> Path:
    items = folder / "items"
    items.mkdir(parents=True)
    lines = []
    for number in range(12):
        (items / f"item{number}").write_text(str(7 * number))
        lines.append(f"item{number} {number % 5}\n")
    (folder / "items.txt").write_text("".join(lines))
    (folder / "weights.bin").write_bytes(b"weights")
    (folder / "modelzoo.toml").write_text(
        f'[recognizers.own]\ncommand = ["{{python}}", "{HERE}/faulty_recognizer.py", "{fault}"]\n'
        '[recognizers.missing]\ncommand = ["./not-there"]\n'
        "[recognizers.prints]\ncommand = ['x', '{root}']\naccuracy.top1 = '(.*)'\n"
    )
    path = folder / "zoo.yaml"
    path.write_text(
        "zoo: 1\n"
        "metrics: {top1: {title: Top-1, top: 1}, top3: {title: Top-3, top: 3}}\n"
        f"datasets: {{numbers: {{samples: 12, classes: 5, root: items, {list_line}}}}}\n"
        "protocols:\n"
        "  shifted: {recognizer: own, options: {shift: 1}}\n"
        "  absent: {recognizer: missing}\n"
        "models:\n"
        "  - {name: m, weights: weights.bin, dataset: numbers, protocol: shifted, top1: 50.0, "
        "top3: 60.0}\n"
        "  - {name: n, dataset: numbers, protocol: absent, top1: 50.0}\n"
    )
    return path


def conformance(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx_modelzoo.cli.verify_zoo", "conformance", *arguments]
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"COLUMNS": "200"},
    )


def states(folder: Path, *arguments: str) -> tuple[int, dict[str, str], str]:
    done = conformance(folder, *arguments, "--report", "json=found.json")
    assert "Traceback" not in done.stderr
    assert (folder / "found.json").is_file(), done.stderr
    found = json.loads((folder / "found.json").read_text())
    assert found["exit"] == done.returncode
    return done.returncode, {each["name"]: each["state"] for each in found["checks"]}, done.stderr


def test_a_recognizer_that_keeps_to_the_pipe_passes_every_check(tmp_path):
    write_zoo(tmp_path)
    code, found, said = states(tmp_path, "own")
    assert (code, said) == (0, "")
    assert found == dict.fromkeys(CHECKS, "passed")


def subject(folder: Path, fault: str) -> Subject:
    data = DataSource("numbers", str(folder / "items"), str(folder / "items.txt"))
    weights = str(folder / "weights.bin")
    return Subject(
        Command("own", (sys.executable, str(HERE / "faulty_recognizer.py"), fault)),
        Open("m", "m", "", 5, data, {"shift": 1}, weights),
        {f"item{number}": number % 5 for number in range(12)},
        needed=3,
        timeout=5,
    )


@pytest.mark.parametrize("fault", CHECKS)
def test_each_fault_is_found_by_the_check_of_its_name(tmp_path, fault):
    write_zoo(tmp_path)
    found = {result.name: result for result in conform(subject(tmp_path, fault))}
    assert found[fault].state is State.FAILED
    assert found[fault].what
    assert found[fault].remedy
    failed = {name for name, result in found.items() if result.state is State.FAILED}
    assert failed <= {fault} | ALSO.get(fault, set())
    if fault not in {"opens", "predicts"}:
        assert State.UNTRIED not in {result.state for result in found.values()}


@pytest.mark.parametrize(
    ("fault", "state"), [("gives-all", State.FAILED), ("calls-all-close", State.PASSED)]
)
def test_a_recognizer_with_a_disagreement_calls_close_what_is_within_it(tmp_path, fault, state):
    # One whose scores may be off by half the largest calls no item close, another one all.
    write_zoo(tmp_path)
    noisy = (sys.executable, str(HERE / "noisy_recognizer.py"), "0.5", fault)
    tried = replace(subject(tmp_path, ""), command=Command("noisy", noisy))
    tried = replace(tried, request=replace(tried.request, classes=8))
    found = {result.name: result for result in conform(tried, ("weights",))}
    assert found["close-calls"].state is state
    if state is State.FAILED:
        assert "does not call 'item" in found["close-calls"].what
        assert "within its disagreement of 0.5" in found["close-calls"].what


def test_a_recognizer_that_does_not_open_is_tried_no_further(tmp_path):
    write_zoo(tmp_path, "opens")
    _, found, said = states(tmp_path, "own")
    assert set(found.values()) == {"failed", "untried"}
    assert "gave up before it answered 'open': I do not want to" in said


def test_a_check_can_be_left_out_and_is_not_called_passed(tmp_path):
    write_zoo(tmp_path, "stdout")
    code, found, _ = states(tmp_path, "own", "--skip", "stdout")
    assert (code, found["stdout"]) == (0, "skipped")


def test_without_a_list_some_checks_cannot_be_tried(tmp_path):
    write_zoo(tmp_path, list_line="media: videos")
    code, found, said = states(tmp_path, "own")
    assert code == 3
    untried = {name for name, state in found.items() if state == "untried"}
    assert untried == {"missing-list", "unreadable-item"}
    assert "missing-list: the data set has no list; give it one in the manifest" in said


def test_a_recognizer_that_cannot_be_started_is_no_verdict(tmp_path):
    write_zoo(tmp_path)
    done = conformance(tmp_path, "missing")
    assert done.returncode == 3
    assert "recognizer 'missing' cannot be started" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["own-net"], "did you mean 'own'?"),
        (["prints"], "recognizer 'prints' only prints"),
        (["gluoncv-action"], "no number of the manifest is measured with"),
        (["own", "--skip", "all"], "invalid choice: 'all'"),
        (["own", "--items", "1"], "'1' is no number of items from 2 on"),
        (["own", "--report", "sarif=x"], "is not KIND=FILE"),
        (["own", "--report", "json=zoo.yaml/x"], "the folder cannot be written"),
        ([], "RECOGNIZER"),
    ],
)
def test_a_wrong_call_is_told_with_exit_code_2(tmp_path, arguments, message):
    write_zoo(tmp_path)
    done = conformance(tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_the_junit_report_has_a_case_for_each_check(tmp_path):
    write_zoo(tmp_path, "weights")
    done = conformance(tmp_path, "own", "--report", "junit=-", "--skip", "order")
    (suite,) = ET.fromstring(done.stdout)  # noqa: S314 - our own
    assert [case.get("name") for case in suite] == list(CHECKS)
    assert (suite.get("failures"), suite.get("skipped")) == ("1", "1")
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "describes other weights than weights.bin, which it was given"
    assert done.stderr.startswith("PASSED   opens")


def test_a_lost_report_is_told(tmp_path):
    write_zoo(tmp_path)
    done = conformance(tmp_path, "own", "--report", "json=items", "--report", "junit=a/b/x")
    assert done.returncode == 3
    assert (tmp_path / "a/b/x").is_file()
    assert "cannot write the report" in done.stderr


def test_scores_may_differ_by_rounding_and_close_classes_change_places():
    one = Prediction("a", 0, ((1, 9.0), (2, 3.0), (3, 2.99999)))
    assert same_scores(one, Prediction("a", 0, ((1, 9.00001), (3, 3.0), (2, 2.99999))))
    assert same_scores(one, Prediction("a", 0, ((1, 9.0), (2, 3.0), (4, 2.99999))))
    assert not same_scores(one, Prediction("a", 0, ((1, 9.0), (4, 3.0), (2, 2.0))))
    assert not same_scores(one, Prediction("a", 0, ((2, 9.0), (1, 3.0), (3, 2.99999))))
    assert not same_scores(one, Prediction("a", 0, ((1, 9.0), (2, 3.0))))


def test_the_recognizer_in_the_documentation_passes_every_check(tmp_path):
    shutil.copytree(DOCS / "examples" / "languages", tmp_path / "zoo")
    code, found, said = states(tmp_path / "zoo", "word-counter")
    assert (code, said) == (0, "")
    assert found == dict.fromkeys(CHECKS, "passed")


@pytest.mark.mxnet
@pytest.mark.long
def test_the_built_in_recognizer_passes_every_check(tmp_path):
    code, found, said = states(tmp_path, "gluoncv-action", "--demo", "--items", "3")
    assert (code, said) == (0, "")
    assert found == dict.fromkeys(CHECKS, "passed")
