"""Why a number may not hold, seen item by item: its predictions beside those of the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from sphinx_modelzoo.manifest.model import Metric
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.claims import RECOGNIZER, WEIGHTS
from sphinx_modelzoo.receipts.evidence import Evidence
from sphinx_modelzoo.receipts.evidence_lines import is_correct
from sphinx_modelzoo.receipts.model import Receipt
from sphinx_modelzoo.verify.golden import apart
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.report.reasons import Cause, Reason
from sphinx_modelzoo.verify.reruns import DISAGREEMENT, engine_of
from sphinx_modelzoo.verify.text import first_named

# How far scores lie apart for another decoder or library at most, and for none at all; golden.py
# has the sizes.
_ENGINES, _SAME = 0.01, 0.0001


def evidence_reasons(
    run: Run, metric: Metric, now: Receipt, predictions: Sequence[Prediction], evidence: Evidence
) -> tuple[Reason, ...]:
    """Give what the evidence tells of a refuted number, the strongest first.

    Args:
        run: What was measured.
        metric: Whose number was refuted; its ``top`` must be given.
        now: The receipt of this verification.
        predictions: What the recognizer said of each item that was looked at.
        evidence: What the maintainers' run said.
    """
    return (*_made_otherwise(run, now, evidence), *_items(metric, predictions, evidence))


def _made_otherwise(run: Run, now: Receipt, evidence: Evidence) -> Iterator[Reason]:
    """Compare how the evidence was made with how this run was."""
    origin = evidence.origin
    weights = now.depends.get(WEIGHTS, "")
    if origin.weights and weights and origin.weights != weights:
        what = f"the evidence was recorded with {origin.weights[:8]}…, now it is {weights[:8]}…"
        yield Reason(Cause.WEIGHTS, what)
    settings = dict(run.protocol.settings) if run.protocol else {}
    for name in sorted(origin.settings.keys() | settings.keys()):
        then, here = origin.settings.get(name), settings.get(name)
        if str(then) != str(here):
            now_it_is = "it has none" if here is None else f"it is {here}"
            what = f"the evidence was recorded with {name} {then or 'not given'}, now {now_it_is}"
            yield Reason(Cause.PREPROCESSING, what)
    program = now.depends.get(RECOGNIZER, "")
    if origin.recognizer and program and origin.recognizer != program:
        what = f"the evidence was recorded by {origin.recognizer}, now it is {program}"
        yield Reason(Cause.RECOGNIZER, what)
    here = engine_of(now.environment) if DISAGREEMENT in now.environment else ""
    if origin.engine != here:
        then, there = (engine or "the reference engine" for engine in (origin.engine, here))
        what = f"the evidence was recorded with {then}, now it is {there}"
        yield Reason(Cause.PRECISION, what)


def _items(
    metric: Metric, predictions: Sequence[Prediction], evidence: Evidence
) -> Iterator[Reason]:
    """Compare labels, then what is right, then scores."""
    then = evidence.predictions
    both = [each for each in predictions if each.id in then and not each.error]
    other = [each.id for each in both if each.label != then[each.id].label]
    if other:
        what = f"another label than in the evidence have {_counted(other)}"
        yield Reason(Cause.DATASET, what)
    extra = [each.id for each in predictions if each.id not in then]
    if extra:
        what = f"not in the evidence are {_counted(extra)}"
        yield Reason(Cause.DATASET, what)
    top = metric.top or 1
    right = [
        (is_correct(each, each.label, top), is_correct(then[each.id], then[each.id].label, top))
        for each in both
    ]
    if not right:
        return
    lost, won = right.count((False, True)), right.count((True, False))
    off = median(apart(each, then[each.id]) for each in both)
    scores = f"half of the scores lie {off:.2g} apart or more"
    if not lost and not won:
        what = f"of {len(both)} items each is as right or wrong as in the evidence; {scores}"
        yield Reason(Cause.NUMBER, what)
        return
    what = (
        f"of {len(both)} items {lost} are right in the evidence and wrong here, {won} the other "
        f"way round; {scores}"
    )
    if off > _ENGINES:
        what += ", as after other preprocessing or with other weights"
        yield Reason(Cause.PREPROCESSING, what)
    elif off > _SAME:
        what += ", as between precisions, decoders and versions of libraries"
        yield Reason(Cause.PRECISION, what)
    else:
        what += ": most items are as they were, so look at those that differ"
        yield Reason(Cause.DATASET, what)


def _counted(items: Sequence[str]) -> str:
    return f"{len(items)} {'item' if len(items) == 1 else 'items'}: {first_named(items)}"
