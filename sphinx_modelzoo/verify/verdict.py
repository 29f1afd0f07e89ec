"""Whether a count over all items confirms or refutes a listed number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.manifest.model import Metric
from sphinx_modelzoo.manifest.numbers import Band, correct_band, percentage, scale, tolerance
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.verify.count import Counts
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.spot import Spot
from sphinx_modelzoo.verify.text import first_named


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found of one number, and the message where it is not confirmed.

    ``correct`` of ``n`` items that were looked at, out of ``total``; of the tier ``full`` they are
    those that could be read. ``measured`` is their share in the metric's unit, None where items
    are lacking. The number holds when the correct of all items are in ``band``. ``spot`` is how
    its test stands where only a part was looked at.
    """

    verdict: Verdict
    correct: int
    n: int
    total: int
    band: Band
    measured: Fraction | None = None
    problems: tuple[Problem, ...] = ()
    spot: Spot | None = None


def decide(run: Run, metric: Metric, counts: Counts, total: int) -> Decision:
    """Compare a count with the band of the listed number; ``metric.top`` must be given."""
    if metric.top is None:
        message = f"{metric.key} is not counted item by item"
        raise ValueError(message)
    correct = counts.correct[metric.top]
    near = correct_band(run.number(metric), metric, total, run.dataset.media)
    found = Decision(Verdict.UNDECIDED, correct, counts.n, total, near)
    if counts.n < total:
        problem = unreadable_problem(run, metric, counts.unreadable, counts.unsettled, total)
        return replace(found, problems=(problem,))
    counted = total - correct if metric.direction == "lower" else correct
    found = replace(found, measured=percentage(counted, total, metric))
    if _is_no_share(run, metric):
        return replace(found, problems=(_no_share(run, metric),))
    if correct in found.band:
        return replace(found, verdict=Verdict.CONFIRMED)
    return replace(found, verdict=Verdict.REFUTED, problems=(_refuted(run, metric, found),))


def decide_spot(
    run: Run, metric: Metric, spot: Spot, total: int, counts: Counts, *, advice: str = ""
) -> Decision:
    """Take over what a test concluded.

    Items that could not be read were counted as wrong, so that they help to confirm nothing; and
    as in a full run there is no verdict with such items.

    Args:
        run: What was measured.
        metric: Whose number; its ``top`` must be given.
        spot: How its test stands.
        total: The number of items.
        counts: What was counted, with what could not be.
        advice: What to do where it is undecided still; the time was over, where not given.
    """
    near = correct_band(run.number(metric), metric, total, run.dataset.media)
    counted = spot.n - spot.correct if metric.direction == "lower" else spot.correct
    measured = percentage(counted, spot.n, metric) if spot.n else None
    found = Decision(spot.verdict, spot.correct, spot.n, total, near, measured, spot=spot)
    if _is_no_share(run, metric):
        undecided = replace(found, verdict=Verdict.UNDECIDED, spot=None)
        return replace(undecided, problems=(_no_share(run, metric),))
    place, claim = str(run.number(metric).place), claim_text(run, metric)
    if spot.unreadable:
        # Of all that could not be read, those that its test has looked at.
        lacking = dict(islice(counts.unreadable.items(), spot.unreadable))
        problem = unreadable_problem(run, metric, lacking, counts.unsettled, spot.n)
        return replace(found, verdict=Verdict.UNDECIDED, measured=None, problems=(problem,))
    if spot.verdict is Verdict.UNDECIDED:
        what = f"{claim}; {spot.n} of {total} items did not decide it"
        problem = Problem(what, advice or "run again with more time: it goes on from there", place)
        return replace(found, problems=(problem,))
    if spot.verdict is Verdict.REFUTED:
        return replace(found, problems=(_refuted(run, metric, found),))
    return found


def shown(value: Fraction, run: Run, metric: Metric) -> str:
    """Give a measured value with as many digits as the listed number has."""
    return f"{float(value):.{run.number(metric).decimals}f}"


def claim_text(run: Run, metric: Metric) -> str:
    """Say what the manifest says: ``NAME@HASHTAG lists top1 83.4 on ucf101``."""
    listed = run.number(metric).text
    return f"{run.entry.key} lists {metric.key} {listed} on {run.dataset.key}"


def unreadable_problem(
    run: Run, metric: Metric, lacking: Mapping[str, str], unsettled: Collection[str], total: int
) -> Problem:
    """Name the items that have no prediction, and say what to do about them."""
    names = first_named([f"{item} ({error})" for item, error in sorted(lacking.items())])
    close = sum(item in unsettled for item in lacking)
    whys, remedies = [], []
    if close < len(lacking):
        whys.append("could not be read")
        remedies.append("repair or fetch them again")
    if close:
        whys.append("were too close to call")
        remedies.append(
            "give the recognizer its reference, --reference-python PATH or 'reference' in the "
            "configuration, and run again: it goes on from there"
        )
    left = f"{len(lacking)} of {total} items {' or '.join(whys)}"
    what = f"{claim_text(run, metric)}; {left}: {names}"
    return Problem(what, "; ".join(remedies), str(run.number(metric).place))


def _is_no_share(run: Run, metric: Metric) -> bool:
    return scale(metric) == 1 and run.number(metric).value > 1


def _no_share(run: Run, metric: Metric) -> Problem:
    unit = f"in the unit {metric.unit!r}" if metric.unit else "without a unit"
    what = f"{claim_text(run, metric)}; {unit} a share of the items goes from 0 to 1"
    remedy = f"write 'unit: \"%\"' for {metric.key} below 'metrics', or a number up to 1"
    return Problem(what, remedy, str(run.number(metric).place))


def _refuted(run: Run, metric: Metric, found: Decision) -> Problem:
    listed = run.number(metric)
    value = shown(found.measured or Fraction(0), run, metric)
    allowed = float(tolerance(metric, run.dataset.media))
    unit = " points" if scale(metric) > 1 else f" {metric.unit}".rstrip()
    within = f"{listed.text} within {allowed:g}{unit}" if allowed else listed.text
    low, high = found.band.low, found.band.high
    if low > high:
        why = f"no count of {found.total} items gives {within}"
    else:
        of = f" of {found.total}" if found.spot else ""
        why = f"{within} stands for {low if low == high else f'{low} to {high}'} correct{of}"
    counts = f"{found.correct} of {found.total}"
    if found.spot:
        counts = f"{found.correct} of {found.n} looked at"
    seen = f"measured {value} ({counts}), and " if found.n else ""
    what = f"{claim_text(run, metric)}; {seen}{why}"
    protocol = f", the protocol {run.result.protocol!r}" if run.result.protocol else ""
    listing = f"list {value} if that is the truth"
    if found.spot:
        listing = "have all items counted with --tier full, to list what they give"
    differs = f"the weights{protocol}, or the copy of {run.dataset.key}"
    remedy = f"{listing}, or find what differs: {differs}"
    return Problem(what, remedy, str(listed.place))
