"""Whether a count over all items confirms or refutes a listed number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.manifest.model import Metric
from sphinx_modelzoo.manifest.numbers import Band, band, percentage, scale, tolerance
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.verify.count import Counts
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.text import first_named


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found of one number, and the message where it is not confirmed.

    ``correct`` of ``n`` readable items, out of ``total``; ``measured`` is in the metric's unit and
    None unless all items counted; the number holds when ``correct`` is in ``band``.
    """

    verdict: Verdict
    correct: int
    n: int
    total: int
    band: Band
    measured: Fraction | None = None
    problems: tuple[Problem, ...] = ()


def decide(run: Run, metric: Metric, counts: Counts, total: int) -> Decision:
    """Compare a count with the band of the listed number; ``metric.top`` must be given."""
    if metric.top is None:
        message = f"{metric.key} is not counted item by item"
        raise ValueError(message)
    correct = counts.correct[metric.top]
    found = Decision(Verdict.UNDECIDED, correct, counts.n, total, correct_band(run, metric, total))
    if counts.n < total:
        return replace(found, problems=(_unreadable(run, metric, counts, total),))
    counted = total - correct if metric.direction == "lower" else correct
    found = replace(found, measured=percentage(counted, total, metric))
    if correct in found.band:
        return replace(found, verdict=Verdict.CONFIRMED)
    return replace(found, verdict=Verdict.REFUTED, problems=(_refuted(run, metric, found),))


def correct_band(run: Run, metric: Metric, total: int) -> Band:
    """Give the counts of correct items for which a number holds.

    A metric of which less is better counts the wrong items: its band is turned round.
    """
    near = band(run.number(metric), metric, total, tolerance(metric, run.dataset.media))
    if metric.direction != "lower":
        return near
    return Band(total - near.high, total - near.low)


def shown(value: Fraction, run: Run, metric: Metric) -> str:
    """Give a measured value with as many digits as the listed number has."""
    return f"{float(value):.{run.number(metric).decimals}f}"


def claim_text(run: Run, metric: Metric) -> str:
    """Say what the manifest says: ``NAME@HASHTAG lists top1 83.4 on ucf101``."""
    listed = run.number(metric).text
    return f"{run.entry.key} lists {metric.key} {listed} on {run.dataset.key}"


def _unreadable(run: Run, metric: Metric, counts: Counts, total: int) -> Problem:
    left = total - counts.n
    names = first_named([f"{item} ({error})" for item, error in counts.unreadable.items()])
    what = f"{claim_text(run, metric)}; {left} of {total} items could not be read: {names}"
    return Problem(what, "repair or fetch them again", str(run.number(metric).place))


def _refuted(run: Run, metric: Metric, found: Decision) -> Problem:
    listed = run.number(metric)
    value = shown(found.measured or Fraction(0), run, metric)
    allowed = float(tolerance(metric, run.dataset.media))
    unit = " points" if scale(metric) > 1 else metric.unit
    within = f"{listed.text} within {allowed:g}{unit}" if allowed else listed.text
    low, high = found.band.low, found.band.high
    if low > high:
        why = f"no count of {found.total} items gives {within}"
    else:
        why = f"{within} stands for {low if low == high else f'{low} to {high}'} correct"
    counts = f"{found.correct} of {found.total}"
    what = f"{claim_text(run, metric)}; measured {value} ({counts}), and {why}"
    protocol = f", the protocol {run.result.protocol!r}" if run.result.protocol else ""
    remedy = (
        f"list {value} if that is the truth, or find what differs: the weights{protocol}, or the "
        f"copy of {run.dataset.key}"
    )
    return Problem(what, remedy, str(listed.place))
