"""What a recognizer says when it is open: which items it found, and which weights it loaded."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Opened, fingerprint
from sphinx_modelzoo.receipts.evidence import EvidenceFile
from sphinx_modelzoo.verify.dataset import check_samples
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.recognizer.interface import AnyRecognizer


def opened_labels(
    run: Run,
    recognizer: AnyRecognizer,
    opened: Opened,
    listed: Mapping[str, int] | None,
    evidence: EvidenceFile | None,
) -> Mapping[str, int]:
    """Give the items' labels, of which both sides know the same.

    Args:
        run: What is measured.
        recognizer: The recognizer, open.
        opened: What it said.
        listed: The labels of our own list; None where there is none, and it is asked for its own.
        evidence: Tells which items are missing, where there is any.

    Raises:
        UndecidedError: there are none, or they are others.
    """
    labels = recognizer.items(opened.items) if listed is None else listed
    name = recognizer.name
    if not labels:
        what = f"recognizer {name!r} found no items in data set {run.dataset.key!r}"
        remedy = f"check --data {run.dataset.key}=PATH"
        raise UndecidedError(Problem(what, remedy, str(run.dataset.place)))
    if listed is None:
        check_samples(run, labels, f"what recognizer {name!r} found", evidence)
        high = max(labels.values())
        if run.dataset.classes is not None and high >= run.dataset.classes:
            what = f"recognizer {name!r} gives the label {high}, not below the number of classes"
            raise UndecidedError(Problem(what, "count labels from 0", str(run.dataset.place)))
    if opened.items != len(labels):
        what = f"recognizer {name!r} opened {opened.items} items, and the list has {len(labels)}"
        raise UndecidedError(Problem(what, "let it read the list that it is given"))
    if opened.fingerprint != fingerprint(labels.items()):
        detail = "" if listed is None else _differing(recognizer, opened.items, labels)
        what = f"recognizer {name!r} gives another fingerprint of the items{detail}"
        remedy = "it is the SHA-256 of the sorted lines 'id TAB label NEWLINE'"
        raise UndecidedError(Problem(what, remedy))
    return labels


def _differing(recognizer: AnyRecognizer, total: int, labels: Mapping[str, int]) -> str:
    """Name the first item in which the recognizer's items and ours differ."""
    try:
        told = recognizer.items(total)
    except UndecidedError:
        return ""  # the fingerprint is the fault to report
    for item in sorted(told.keys() | labels.keys()):
        if told.get(item) != labels.get(item):
            ours = (
                f"has {item!r} with label {labels[item]}" if item in labels else f"lacks {item!r}"
            )
            its = f"label {told[item]}" if item in told else "no such item"
            return f": the list {ours}, and it has {its}"
    return ""


def check_loaded(run: Run, opened: Opened) -> None:
    """See that the loaded file has the size and the parameters that the manifest says.

    Raises:
        UndecidedError: it has others, or the recognizer does not say.
    """
    entry, loaded = run.entry, opened.weights
    if loaded is None:
        what = f"the recognizer does not say which weights it loaded for {entry.key}"
        remedy = "let it give their digests in 'opened'"
        raise UndecidedError(Problem(what, remedy, str(entry.place)))
    problems = [
        Problem(
            f"{entry.key}: the loaded weights have {found} {unit}, not {listed}",
            "fetch the right file again, or correct the manifest",
            str(entry.places.get(key, entry.place)),
        )
        for key, unit, listed, found in (
            ("size", "bytes", entry.size, loaded.size),
            ("parameters", "parameters", entry.parameters, loaded.parameters),
        )
        if listed is not None and listed != found
    ]
    if problems:
        raise UndecidedError(*problems)
