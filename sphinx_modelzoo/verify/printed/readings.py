"""What a printed number says: of so many items, which counts print these digits.

``83.40`` of 3783 items stands for 3155 alone, ``83.4`` for 3154 to 3156. One count is counted.
Several refute a listed number where none of them fits it, and confirm none: a receipt holds a
count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Metric
from sphinx_modelzoo.manifest.numbers import Band, correct_band
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.verify.count import Counts
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.text import printable
from sphinx_modelzoo.verify.verdict import Decision, claim_text, decide

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_NO_NUMBERS = frozenset({"nan", "inf", "infinity"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as it was printed in a ``line``, and the counts of right items that print so.

    ``counts`` is empty where no count does; for a metric of which less is better the number
    counts the wrong items, and ``counts`` the right ones.
    """

    text: str
    line: str
    counts: Band

    @property
    def determined(self) -> bool:
        """Whether the printed digits stand for one count alone."""
        return self.counts.low == self.counts.high


def read_number(
    text: str, line: str, metric: Metric, total: int, *, scale: int, decimals: int | None
) -> Reading:
    """Read a printed number.

    Args:
        text: The number as printed, with or without a percent sign.
        line: The line that it stood in.
        metric: What it measures.
        total: The number of items.
        scale: What is printed when all items count, 100 or 1.
        decimals: How many of its decimals are right; ``None`` trusts all that are printed.

    Raises:
        UndecidedError: it is no number, not finite, or not from 0 to ``scale``.
    """
    plain = text.strip().removesuffix("%").rstrip()
    shown = printable(text, limit=40)
    where = f"{metric.key} in the line {printable(line, limit=120)!r}"
    if plain.lstrip("+-").lower() in _NO_NUMBERS:
        what = f"it printed {shown!r} as {where}"
        remedy = (
            "it evaluated nothing, or divided by nothing: let the items be a multiple of its "
            "batches ('{batch}' does that), and look at its log"
        )
        raise UndecidedError(Problem(what, remedy))
    if not _NUMBER.fullmatch(plain):
        what = f"it printed {shown!r}, which is no number, as {where}"
        raise UndecidedError(Problem(what, f"correct the pattern of accuracy.{metric.key}"))
    value = Decimal(plain)
    if not 0 <= value <= scale:
        what = f"it printed {shown}, which is not from 0 to {scale}, as {where}"
        remedy = "let 'scale' be what it prints when all items are right: 100 or 1"
        raise UndecidedError(Problem(what, remedy))
    exponent = value.as_tuple().exponent
    digits = decimals if decimals is not None else -int(exponent)
    half = Fraction(10) ** -digits / 2
    per_item = Fraction(scale, total)
    low = max(0, ceil((Fraction(value) - half) / per_item))
    high = min(total, floor((Fraction(value) + half) / per_item))
    counts = Band(total - high, total - low) if metric.direction == "lower" else Band(low, high)
    return Reading(shown, line, counts)


def decide_reading(run: Run, metric: Metric, reading: Reading, total: int) -> Decision:
    """Compare a printed number with the band of the listed one; ``metric.top`` must be given."""
    low, high = reading.counts.low, reading.counts.high
    if reading.determined and metric.top is not None:
        return decide(run, metric, Counts(total, {metric.top: low}, {}, ""), total)
    near = correct_band(run.number(metric), metric, total, run.dataset.media)
    place = str(run.number(metric).place)
    claim = claim_text(run, metric)
    if low > high:
        what = f"{claim}; it printed {reading.text}, which no count of {total} items gives"
        remedy = (
            f"let it count each of the {total} items once (a last batch may be dropped), or say "
            "with 'decimals' how many of its decimals are right"
        )
        if Decimal(reading.text.rstrip("% ")) <= 1:
            remedy += "; if it prints shares, let 'scale' be 1"
        return Decision(
            Verdict.UNDECIDED, 0, 0, total, near, problems=(Problem(what, remedy, place),)
        )
    stands = f"it printed {reading.text}, which stands for {low} to {high} of {total} correct"
    listed = f"the listed number for {near.low} to {near.high}"
    if high < near.low or low > near.high:
        # The count that is nearest to what is listed: even that one is too far.
        best = high if high < near.low else low
        problem = Problem(
            f"{claim}; {stands}, and {listed}",
            f"list {reading.text} if that is the truth, or find what differs",
            place,
        )
        return Decision(Verdict.REFUTED, best, total, total, near, problems=(problem,))
    within = "all of them" if low >= near.low and high <= near.high else "not all of them"
    what = f"{claim}; {stands}, and {listed}: {within} would hold, and which it is cannot be told"
    problem = Problem(what, "let it print more digits", place)
    return Decision(Verdict.UNDECIDED, 0, 0, total, near, problems=(problem,))
