"""What a spot check's verdict rests on, in words."""

from __future__ import annotations

from typing import Any

from sphinx_modelzoo.manifest.numbers import scale
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.receipts.rule import HIGHER, LOWER, NOT_HIGHER, NOT_LOWER
from sphinx_modelzoo.verify.outcome import Outcome
from sphinx_modelzoo.verify.spot import Spot
from sphinx_modelzoo.verify.verdict import claim_text

_SEED = 16  # of a seed that begins with a digest, so many characters are shown


def spot_text(outcome: Outcome) -> str:
    """Say of a number that was spot-checked what that rests on; empty for any other."""
    decision = outcome.decision
    if decision is None or decision.spot is None:
        return ""
    spot, metric = decision.spot, outcome.metric
    if spot.verdict is not decision.verdict:
        return ""  # not all that it looked at could be read: its test says nothing
    unit = " points" if scale(metric) > 1 else ""
    how = "certain" if spot.exact else f"error rate {spot.alpha:g}"
    against = "compared with the evidence" if spot.evidence else "without evidence"
    shift = "no shift could have been found yet"
    if spot.detectable is not None:
        shift = f"a shift of {spot.detectable:.2g}{unit} would have been refuted (9 of 10 times)"
    return (
        f"{claim_text(outcome.run, metric)}; {outcome.word} by {spot.n} of {decision.total} items, "
        f"{against}: {how}, tolerance {spot.delta:g}{unit}, e-values {_e_values(spot)}; {shift}; "
        f"seed {_seed(outcome.seed)}"
    )


def spot_fields(spot: Spot) -> dict[str, Any]:
    """Give what a report says of a spot check; e-values as text, since they may be infinite."""
    return {
        "alpha": spot.alpha,
        "delta": spot.delta,
        "e_values": {name: repr(value) for name, value in spot.e_values.items()},
        "detectable": spot.detectable,
        "evidence": spot.evidence or None,
        "exact": spot.exact,
    }


def _e_values(spot: Spot) -> str:
    """Give the two e-values that matter for a verdict, or all four."""
    names = {
        Verdict.CONFIRMED: (NOT_LOWER, NOT_HIGHER),
        Verdict.REFUTED: (LOWER, HIGHER),
        Verdict.UNDECIDED: (NOT_LOWER, NOT_HIGHER, LOWER, HIGHER),
    }[spot.verdict]
    return ", ".join(f"{spot.e_values[name]:.3g} ({name})" for name in names)


def _seed(seed: str) -> str:
    digest, bar, rest = seed.partition("|")
    is_digest = bar and len(digest) > _SEED and all(char in "0123456789abcdef" for char in digest)
    return f"{digest[:_SEED]}…|{rest}" if is_digest else seed
