"""What workers answer is looked at again by the driver, as strictly as a recognizer's own lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, NoReturn

from sphinx_modelzoo.errors import ModelZooError, Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Opened, Prediction
from sphinx_modelzoo.verify.recognizer import parse
from sphinx_modelzoo.verify.recognizer.pipe import FAULT_REMEDY
from sphinx_modelzoo.verify.text import printable

INSTALL = "install the same version of sphinx-modelzoo[cluster] on all machines"

_SAME = ("items", "fingerprint", "recognizer", "version", "weights")
# Of the environment, what decides which program computes; the rest may differ and is told.
_ENGINE = ("engine", "engine.version")


def read_answer(
    lines: bytes, labels: Mapping[str, int], classes: int, where: str
) -> list[Prediction]:
    """Read the predictions of a piece.

    Args:
        lines: A message a line.
        labels: The label of each of the piece's ids.
        classes: The number of classes.
        where: Who answered, for messages: ``recognizer 'x' on worker tcp://10.0.0.7:4711``.

    Raises:
        UndecidedError: a line is no prediction, an id was not asked for, stands twice or is
            missing, or has another label.
    """
    predictions: dict[str, Prediction] = {}
    for line in lines.splitlines():
        try:
            message = parse.read_message(line)
            prediction = parse.read_prediction(message, classes, guarded=True)
        except parse.MalformedError as error:
            _refuse(f"{where} answered with {error}", error)
        item = printable(prediction.id)
        if prediction.id in predictions:
            _refuse(f"{where} predicted {item!r} twice")
        if prediction.id not in labels:
            _refuse(f"{where} predicted {item!r}, which was not asked for")
        label = labels[prediction.id]
        if prediction.label != label:
            what = f"gives {item!r} the label {prediction.label}; the list says {label}"
            _refuse(f"{where} {what}")
        predictions[prediction.id] = prediction
    if len(predictions) < len(labels):
        missing = next(item for item in labels if item not in predictions)
        count = len(labels) - len(predictions)
        what = f"with {count} of {len(labels)} items missing, the first of them"
        _refuse(f"{where} answered {what} {printable(missing)!r}")
    return list(predictions.values())


def check_same(first: Opened, other: Opened, worker: str, before: str) -> None:
    """See that a worker opened the same as another one before it.

    Raises:
        UndecidedError: other items, weights, or another recognizer or engine.
    """
    ours, its = _facts(first), _facts(other)
    differing = [name for name in ours.keys() | its.keys() if ours.get(name) != its.get(name)]
    if differing:
        name = min(differing)
        what = f"worker {worker} opened another {name} than worker {before}: "
        what += f"{its.get(name)}, not {ours.get(name)}"
        remedy = "every machine of a cluster needs the same files and the same packages"
        raise UndecidedError(Problem(what, remedy))


def environment_differences(first: Opened, other: Opened) -> list[str]:
    """Name what differs in the environments of two workers: ``numpy 1.23.5, not 1.24.0``."""
    ours, its = first.environment, other.environment
    return [
        f"{name} {its.get(name, 'unknown')}, not {ours.get(name, 'unknown')}"
        for name in sorted(ours.keys() | its.keys())
        if ours.get(name) != its.get(name)
    ]


def on_worker(error: BaseException, worker: str) -> ModelZooError:
    """Give an error that a task ended with as one of ours, which names the worker."""
    if isinstance(error, ModelZooError):
        problems = [
            replace(problem, what=f"worker {worker}: {problem.what}") for problem in error.problems
        ]
        return type(error)(*problems)
    text = printable(f"{type(error).__name__}: {error}")
    if isinstance(error, ImportError):
        what, remedy = f"worker {worker} cannot load sphinx-modelzoo: {text}", INSTALL
    elif "deserialization of the task graph" in text:
        what, remedy = "the scheduler cannot load sphinx-modelzoo", INSTALL
    else:
        what, remedy = f"worker {worker}: unexpected {text}", "see the worker's log, and report it"
    return UndecidedError(Problem(what, remedy))


def _facts(opened: Opened) -> dict[str, Any]:
    facts = {name: getattr(opened, name) for name in _SAME if name != "weights"}
    facts |= {name: opened.environment.get(name, "") for name in _ENGINE}
    weights = asdict(opened.weights) if opened.weights else {}
    return facts | {f"weights' {name}": value for name, value in weights.items()}


def _refuse(what: str, cause: Exception | None = None) -> NoReturn:
    raise UndecidedError(Problem(what, FAULT_REMEDY)) from cause
