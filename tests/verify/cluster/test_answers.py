"""What the driver makes of a worker's answer, which the worker has looked at before."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Opened, Prediction, WeightsFile, encode
from sphinx_modelzoo.verify.cluster.answers import (
    check_same,
    environment_differences,
    on_worker,
    read_answer,
)

LABELS = {"a": 0, "b": 1}
WHERE = "recognizer 'net' on worker tcp://10.0.0.7:1"
WEIGHTS = WeightsFile("w", 3, "1" * 40, "2" * 64, 7)
OPENED = Opened(2, "0" * 64, "net", "1", WEIGHTS, {"numpy": "1.23.5", "engine": "mnn"}, 1e-4)


def line(item: str, label: int = 0, **fields: object) -> bytes:
    message = {"type": "prediction", "id": item, "label": label, "top": [[1, 0.5]], **fields}
    return json.dumps(message).encode() + b"\n"


def test_predictions_arrive_as_they_were() -> None:
    predictions = [
        Prediction("b", 1, ((1, 0.5), (0, 0.25)), close=True),
        Prediction("a", 0, error="unreadable"),
        # Without a reference, the worker's parity guard leaves a close item open.
        Prediction("c", 1, error="its scores are too close for net", close=True, scale=2.0),
    ]
    lines = "".join(map(encode, predictions)).encode()
    assert read_answer(lines, {**LABELS, "c": 1}, 3, WHERE) == predictions


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (line("a"), "answered with 1 of 2 items missing, the first of them 'b'"),
        (line("a") + line("a"), "predicted 'a' twice"),
        (line("a") + line("c"), "predicted 'c', which was not asked for"),
        (line("a", 1), "gives 'a' the label 1; the list says 0"),
        (line("a", top=[[3, 1.0]]), "answered with class 3 for 'a', not one of 0 to 2"),
        (b"{\n", "answered with a line that is not JSON"),
    ],
)
def test_a_wrong_answer_is_a_fault_of_that_worker(lines: bytes, what: str) -> None:
    with pytest.raises(UndecidedError) as caught:
        read_answer(lines, LABELS, 3, WHERE)
    assert str(caught.value).startswith(f"{WHERE} {what}")


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (replace(OPENED, fingerprint="1" * 64), "another fingerprint"),
        (replace(OPENED, items=3), "another items"),
        (replace(OPENED, version="2"), "another version than worker A: 2, not 1"),
        (replace(OPENED, recognizer="tent"), "another recognizer"),
        (replace(OPENED, weights=replace(WEIGHTS, sha256="3" * 64)), "another weights' sha256"),
        (replace(OPENED, weights=None), "another weights' file"),
        (replace(OPENED, environment={"engine": "mxnet"}), "another engine"),
    ],
)
def test_workers_must_open_the_same(other: Opened, what: str) -> None:
    with pytest.raises(UndecidedError, match=f"worker B opened {what}"):
        check_same(OPENED, other, "B", "A")


def test_other_libraries_are_told_and_no_fault() -> None:
    other = replace(OPENED, environment={"numpy": "1.24.0", "engine": "mnn"}, disagreement=2e-4)
    check_same(OPENED, other, "B", "A")
    assert environment_differences(OPENED, other) == ["numpy 1.24.0, not 1.23.5"]


def test_errors_of_ours_name_the_worker() -> None:
    error = on_worker(UndecidedError(Problem("it hangs", "wait", "zoo.yaml:3")), "tcp://w:1")
    assert isinstance(error, UndecidedError)
    assert str(error) == "zoo.yaml:3: worker tcp://w:1: it hangs; wait"
    assert isinstance(on_worker(CallError(Problem("a", "b")), "w"), CallError)


def test_other_errors_become_ours() -> None:
    missing = ModuleNotFoundError("No module named 'sphinx_modelzoo'")
    assert "cannot load sphinx-modelzoo" in str(on_worker(missing, "tcp://w:1"))
    unexpected = str(on_worker(KeyError("x"), "tcp://w:1"))
    assert unexpected.startswith("worker tcp://w:1: unexpected KeyError: 'x'; see the worker's log")
