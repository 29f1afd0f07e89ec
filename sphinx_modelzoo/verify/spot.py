"""The tier ``spot``: one number's sequential test, fed item by item in the seeded order.

The tests are those of :mod:`sphinx_modelzoo.statistics`. With evidence each item's outcome is
compared with the maintainers' own; without it the outcomes stand alone. An item that cannot be
read counts as wrong.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.model import Metric
from sphinx_modelzoo.manifest.numbers import correct_band, scale, tolerance
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.receipts.rule import HIGHER, LOWER, LOWER_SHARE, NOT_HIGHER, NOT_LOWER
from sphinx_modelzoo.statistics.claim import Claim
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.reference import Reference

if TYPE_CHECKING:
    from sphinx_modelzoo.statistics.sequential import Floats, Standing

DETECTS = 0.9
"""The probability with which a shift is found that counts as detectable."""
FLIPS = 0.0005
"""The share of items that another machine is expected to get wrong where the evidence is right, and
as many the other way round."""
_SHIFT_ITEMS = 100_000  # what more items detect is less than this by next to nothing


@dataclass(frozen=True, slots=True)
class Spot:
    """How a number stands after ``n`` items, ``correct`` of them right, ``unreadable`` in vain.

    ``e_values`` go by the names of :mod:`~sphinx_modelzoo.receipts.rule`, each the largest so far;
    ``delta`` is the tolerance and ``detectable`` the smallest shift downwards that so many items
    would have refuted nine times of ten, None where none is, both in the metric's unit;
    ``evidence`` is the digest of what it was compared with, or empty. ``exact`` says that the
    verdict is certain.
    """

    verdict: Verdict
    n: int
    correct: int
    unreadable: int
    alpha: float
    delta: float
    e_values: Mapping[str, float]
    detectable: float | None
    evidence: str
    exact: bool


class SpotTest:
    """The test of one number; outcomes come in the seeded order, in pieces of any size."""

    def __init__(
        self,
        run: Run,
        metric: Metric,
        total: int,
        alpha: float,
        reference: Reference | None,
        *,
        table: Floats | None = None,
    ) -> None:
        # The rest of the package works without numpy.
        try:
            from sphinx_modelzoo.statistics.accuracy import AccuracyTest  # noqa: PLC0415
            from sphinx_modelzoo.statistics.paired import PairedTest  # noqa: PLC0415
        except ImportError as error:
            raise CallError(_without_numpy(error)) from error
        self.metric = metric
        self.top = metric.top or 0
        self.reference = reference
        self._run, self._total = run, total
        self._then = reference.right[self.top] if reference else b""
        claim = _claim(run, metric, total, alpha, reference)
        self._alpha = alpha
        self._empty = claim.empty
        self._paired = PairedTest(claim) if reference else None
        self._alone = None if reference else AccuracyTest(claim, table=table)
        self.table = self._alone.table if self._alone else None
        self._paired_state = self._paired.start() if self._paired else None
        self._alone_state = self._alone.start() if self._alone else None
        self._correct = self._unreadable = 0

    @property
    def n(self) -> int:
        """The number of items that count so far."""
        return self._standing.n

    @property
    def decided(self) -> bool:
        """Whether there is a verdict."""
        return self._standing.decided

    def take(
        self, positions: Sequence[int], right: Sequence[bool], readable: Sequence[bool]
    ) -> None:
        """Take the outcomes of the next items; those behind the one that decides are let go.

        Args:
            positions: Their positions in the list of ids.
            right: Whether each is right now.
            readable: Whether each could be read; one that could not is not right.
        """
        if self.decided or not positions:
            return
        before = self.n
        if self._paired is not None and self._paired_state is not None:
            steps = [
                now - self._then[position] for position, now in zip(positions, right, strict=True)
            ]
            self._paired_state = self._paired.after(self._paired_state, steps)
        elif self._alone is not None and self._alone_state is not None:
            self._alone_state = self._alone.after(self._alone_state, right)
        counted = self.n - before
        self._correct += sum(right[:counted])
        self._unreadable += counted - sum(readable[:counted])

    def spot(self) -> Spot:
        """Give how the number stands."""
        from sphinx_modelzoo.statistics.detectable import detectable_shift  # noqa: PLC0415 - numpy

        standing, metric = self._standing, self.metric
        peak = (math.inf,) * 4 if self._empty else standing.peak
        names = (NOT_LOWER, NOT_HIGHER, LOWER, HIGHER)
        test = self._paired or self._alone
        n = min(self.n, _SHIFT_ITEMS)
        shift = detectable_shift(test, n, power=DETECTS) if test else None
        return Spot(
            verdict=Verdict(standing.conclusion.value),
            n=self.n,
            correct=self._correct,
            unreadable=self._unreadable,
            alpha=self._alpha,
            delta=float(tolerance(metric, self._run.dataset.media)),
            e_values={name: _e_value(log) for name, log in zip(names, peak, strict=True)},
            detectable=None if shift is None else shift * scale(metric) / self._total,
            evidence=self.reference.file.digest if self.reference else "",
            exact=standing.exact,
        )

    def needed(self) -> int:
        """Give about how many items a confirmation takes where the number is true."""
        from sphinx_modelzoo.statistics.planning import items_to_confirm  # noqa: PLC0415 - numpy

        test = self._paired or self._alone
        return items_to_confirm(test) if test else self._total

    def planned(self) -> int:
        """Give how many items confirm a true number nine times of ten, where few of them flip.

        It is for machines that do not see each other's items and so cannot stop together.
        """
        from sphinx_modelzoo.statistics.planning import items_to_confirm  # noqa: PLC0415 - numpy

        if self.decided:
            return self.n  # such as a number that no count gives
        test = self._paired or self._alone
        return items_to_confirm(test, FLIPS, DETECTS) if test else self._total

    def needed_in_all(self) -> int:
        """Give how many items confirm the number, if those to come are as the number says."""
        if self._paired is not None and self._paired_state is not None:
            more = [0] * (self._total - self.n)
            return self._paired.after(self._paired_state, more).standing.n
        return self._total

    @property
    def _standing(self) -> Standing:
        state = self._paired_state or self._alone_state
        if state is None:
            raise AssertionError  # there is always one of them
        return state.standing


def spot_tests(
    run: Run, total: int, alpha: float, reference: Reference | None
) -> tuple[SpotTest, ...]:
    """Give the tests of all numbers of a run that are counted; they share what is large."""
    tests: list[SpotTest] = []
    for metric in run.counted:
        table = tests[0].table if tests else None
        tests.append(SpotTest(run, metric, total, alpha, reference, table=table))
    return tuple(tests)


def _without_numpy(error: ImportError) -> Problem:
    """Give what is wrong where numpy is not there, or is and does not work."""
    how = "pip install"
    what = "the tier spot needs numpy"
    if error.name != "numpy":
        first, *_ = str(error).strip().splitlines() or [type(error).__name__]
        how = "pip install --force-reinstall"
        what = f"{what}, which does not import in {sys.executable}: {first}"
    return Problem(what, f"{how} 'sphinx-modelzoo[verify]', or take --tier full")


def _claim(
    run: Run, metric: Metric, total: int, alpha: float, reference: Reference | None
) -> Claim:
    """Give the claim that a full run would decide: the band of the listed number."""
    number = run.number(metric)
    band = correct_band(number, metric, total, run.dataset.media)
    if reference is not None:
        listed = reference.correct(metric.top or 0)
        return Claim(total, band.low, band.high, listed, alpha, share_below=LOWER_SHARE)
    share = Fraction(number.value) / scale(metric)
    share = 1 - share if metric.direction == "lower" else share
    nearest = math.floor(share * total + Fraction(1, 2))
    inside = min(max(nearest, band.low), band.high)
    listed = min(max(inside, 0), total)
    return Claim(total, band.low, band.high, listed, alpha, share_below=LOWER_SHARE)


def _e_value(log: float) -> float:
    """Give an e-value of its logarithm; what no float can hold is infinite."""
    try:
        return math.exp(log)
    except OverflowError:
        return math.inf
