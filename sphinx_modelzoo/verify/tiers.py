"""How much of a number is looked at: the tiers, and the strongest that a budget of time allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sphinx_modelzoo.manifest.numbers import scale, tolerance
from sphinx_modelzoo.verify.golden import GOLDEN_ITEMS
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.report.progress import duration
from sphinx_modelzoo.verify.spot import SpotTest


class Tier(StrEnum):
    """What a verification looks at, from the least to the most.

    ``weights``: that the right file loads into the network. ``golden``: that the scores of a few
    items are the evidence's. ``spot``: items in a seeded order until the number is decided at a
    stated error rate. ``full``: all items.
    """

    WEIGHTS = "weights"
    GOLDEN = "golden"
    SPOT = "spot"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Choice:
    """A tier that was chosen for a budget, and in words why, and what it can tell."""

    tier: Tier
    text: str


def choose(
    run: Run, total: int, tests: Sequence[SpotTest], pace: float | None, left: float
) -> Choice:
    """Choose the strongest tier that fits into a budget.

    Args:
        run: What is to be verified.
        total: The number of items.
        tests: The tests of the run's numbers, as they stand.
        pace: Seconds an item; None where there was no time to see any.
        left: The seconds that are left.
    """
    if pace is None:
        text = f"the budget leaves no time for items: tier weights; {WEIGHTS_TELL}"
        return Choice(Tier.WEIGHTS, text)
    needed = max((test.needed() for test in tests), default=total)
    golden = all(test.reference for test in tests)
    full, spot = total * pace, needed * pace
    costs = f"at {_pace(pace)} all {total} items take {duration(full)}"
    if needed < total:
        costs += f", a spot check of about {needed} takes {duration(spot)}"
    within = f"within {duration(left)}"
    if full <= left:
        return Choice(Tier.FULL, f"{costs}; {within} all items are counted: the number, exactly")
    if spot <= left:
        return Choice(Tier.SPOT, f"{costs}; {within} a spot check fits: {spot_tells(run, tests)}")
    if golden:
        tells = f"tier golden fits: {GOLDEN_TELL}"
        return Choice(Tier.GOLDEN, f"{costs}; {within} {tells}")
    tells = (
        "a spot check begins, and a number that is far too high may be refuted; to confirm one "
        "takes evidence or more time"
    )
    return Choice(Tier.SPOT, f"{costs}; {within} {tells}")


WEIGHTS_TELL = (
    "it shows that the right file loads into the network, and nothing of how often it is right"
)
GOLDEN_TELL = (
    f"it shows that the scores of {GOLDEN_ITEMS} items are the evidence's, so that this machine "
    "computes the same; it excludes no shift of the number"
)


def spot_tells(run: Run, tests: Sequence[SpotTest]) -> str:
    """Say what a spot check can tell."""
    texts = []
    for test in tests:
        metric = test.metric
        delta = float(tolerance(metric, run.dataset.media))
        unit = " points" if scale(metric) > 1 else ""
        texts.append(f"{metric.key} {run.number(metric).text} within {delta:g}{unit}")
    return (
        f"it tells whether {' and '.join(texts)} holds, at a stated error rate; what the number is "
        "more exactly it does not tell"
    )


def _pace(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s an item"
    return f"{max(1, round(seconds * 1000))} ms an item" if seconds >= 0.001 else "1 ms an item"  # noqa: PLR2004 - a millisecond
