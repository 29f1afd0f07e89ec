"""Evidence beside the verifier's own items: what it is of, and what it has right by our labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.numbers import band, percentage
from sphinx_modelzoo.pipe.messages import Opened, Prediction
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.receipts.evidence import REMEDY, EvidenceFile, open_evidence
from sphinx_modelzoo.receipts.evidence_lines import is_correct, item_key
from sphinx_modelzoo.verify.copies import bounds_text, compare
from sphinx_modelzoo.verify.order import sorted_positions
from sphinx_modelzoo.verify.plan import Run


@dataclass(frozen=True, slots=True)
class Reference:
    """Evidence of the same items as ours.

    ``right`` tells for each k at which positions of the list of ids the evidence has the label
    among its first k classes: a byte of 1 or 0 an item.
    """

    file: EvidenceFile
    right: Mapping[int, bytes]

    def correct(self, top: int) -> int:
        """Give how many items the evidence has right."""
        return sum(self.right[top])


def find_evidence(zoo: Zoo, run: Run) -> EvidenceFile | None:
    """Open the evidence that the manifest names; None where it names none.

    Raises:
        UndecidedError: it is not there, is damaged, or is of another entry or protocol.
    """
    if not run.result.evidence:
        return None
    place = str(run.result.places.get("evidence", run.result.place))
    path = local_file(zoo, run.result.evidence)
    if path is None:
        what = f"the evidence {run.result.evidence!r} of {run.title} is not beside the manifest"
        remedy = "record it with verify-zoo --record, or verify with --tier full"
        raise UndecidedError(Problem(what, remedy, place))
    file = open_evidence(path)
    origin, entry = file.origin, run.entry
    settings = dict(run.protocol.settings) if run.protocol else {}
    for what, ours, its in (
        ("the entry", entry.key, f"{origin.name}@{origin.hashtag}".removesuffix("@")),
        ("the data set", run.dataset.key, origin.dataset),
        ("the number of classes", run.dataset.classes, origin.classes),
        ("the protocol's settings", settings, dict(origin.settings)),
    ):
        if ours != its:
            _refuse(file.path, f"{what} is {its!r} there, and {ours!r} in the manifest")
    return file


def refer(file: EvidenceFile, run: Run, ids: list[str], labels: Mapping[str, int]) -> Reference:
    """Set evidence beside our items and count what it has right by our labels.

    Raises:
        UndecidedError: it is of other items, or of too few classes.
    """
    tops = {metric.top for metric in run.counted if metric.top is not None}
    positions = sorted_positions(len(ids), lambda position: item_key(ids[position]))
    right = {top: bytearray(len(ids)) for top in tops}
    same = True
    for prediction in file.predictions():
        position = next(positions, None)
        if position is None or ids[position] != prediction.id:
            same = False
            break
        if labels[prediction.id] != prediction.label:
            same = False
            break
        _check_classes(file, prediction, tops)
        for top in tops:
            right[top][position] = is_correct(prediction, prediction.label, top)
    if not same or next(positions, None) is not None:
        refuse_copy(file, run, labels)
    return Reference(file, {top: bytes(flags) for top, flags in right.items()})


def check_weights_of(file: EvidenceFile, opened: Opened) -> None:
    """See that evidence is of the weights that were loaded.

    Raises:
        UndecidedError: it is of others.
    """
    loaded = opened.weights.sha256 if opened.weights else ""
    if file.origin.weights and loaded and file.origin.weights != loaded:
        what = f"it is of weights with SHA-256 {file.origin.weights}, and {loaded} were loaded"
        _refuse(file.path, what)


def check_files_of(file: EvidenceFile, run: Run, files: str) -> None:
    """See that evidence is of the files that are here, by their digest.

    Raises:
        UndecidedError: it is of others.
    """
    recorded = file.origin.files
    if recorded and recorded != files:
        what = f"it is of other files of data set {run.dataset.key!r}: their digest is {recorded}"
        _refuse(file.path, f"{what}, and {files} here")


def _check_classes(file: EvidenceFile, prediction: Prediction, tops: set[int]) -> None:
    needed = min(max(tops, default=0), file.origin.classes)
    if not prediction.error and len(prediction.top) < needed:
        what = (
            f"it gives {len(prediction.top)} classes for {prediction.id!r}, where the metrics look "
            f"at the best {needed}"
        )
        _refuse(file.path, what)


def check_numbers(reference: Reference, run: Run, total: int) -> None:
    """See that the listed numbers are the evidence's, at the digits that they have.

    Raises:
        UndecidedError: with each that is not, and what the evidence gives.
    """
    problems = []
    for metric in run.counted:
        number, correct = run.number(metric), reference.correct(metric.top or 0)
        counted = total - correct if metric.direction == "lower" else correct
        if counted in band(number, metric, total, Fraction(0)):
            continue
        value = f"{float(percentage(counted, total, metric)):.{number.decimals}f}"
        what = (
            f"{run.entry.key} lists {metric.key} {number.text} on {run.dataset.key}, and its "
            f"evidence gives {value} ({correct} of {total})"
        )
        remedy = (
            f"list {value}, or record the evidence anew with verify-zoo --record; --tier full does "
            "without evidence"
        )
        problems.append(Problem(what, remedy, str(number.place)))
    if problems:
        raise UndecidedError(*problems)


def refuse_copy(file: EvidenceFile, run: Run, labels: Mapping[str, int]) -> NoReturn:
    """Say how our copy of the data set differs, and what the claim is on the rest.

    Raises:
        UndecidedError: always.
    """
    copy = compare(((each.id, each.label) for each in file.predictions()), labels)
    restated = {
        metric.key: sum(
            labels.get(each.id) == each.label and is_correct(each, each.label, metric.top)
            for each in file.predictions()
        )
        for metric in run.counted
        if metric.top is not None
    }
    what = (
        f"this copy of data set {run.dataset.key!r} is not the one of the evidence {file.path}: "
        f"{copy.text()}; {bounds_text(run, copy.total, copy.same, restated)}"
    ).removesuffix("; ")
    remedy = "take the list that the numbers were measured on; another copy is another number"
    raise UndecidedError(Problem(what, remedy, str(run.dataset.place)))


def golden_predictions(file: EvidenceFile, ids: set[str]) -> dict[str, Prediction]:
    """Give the evidence's predictions of some items."""
    found: Iterator[Prediction] = (each for each in file.predictions() if each.id in ids)
    return {each.id: each for each in found}


def _refuse(path: Path, what: str) -> NoReturn:
    raise UndecidedError(Problem(f"the evidence is of something else: {what}", REMEDY, str(path)))
