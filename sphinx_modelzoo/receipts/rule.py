"""What e-values decide: the one rule that verdicts are made by and receipts are checked with."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx_modelzoo.receipts.model import Verdict

NOT_LOWER = "not lower"
NOT_HIGHER = "not higher"
LOWER = "lower"
HIGHER = "higher"
"""The four e-values: evidence that the number is not below and not above what the listed number
stands for, and that it is below or above."""

LOWER_SHARE = 0.98
"""Which part of the error rate of a refutation goes to numbers that are too high.

They are what misleads readers, and what is looked for; one that is too low is found as well, later.
"""

MAX_ALPHA = 0.5
"""The largest error rate that a verdict may have: more would be a worse guess than none."""

_ROUNDING = 1 - 1e-9


def spot_verdict(e_values: Mapping[str, float], alpha: float) -> Verdict:
    """Give the verdict of e-values at an error rate.

    A number is confirmed when both sides are rejected, each at ``alpha`` (a truth outside lies on
    one side only), and refuted when the truth is shown to lie on either side, which share it.
    """
    enough = _ROUNDING / alpha
    lower = e_values.get(LOWER, 0.0) >= enough / LOWER_SHARE
    higher = e_values.get(HIGHER, 0.0) >= enough / (1 - LOWER_SHARE)
    if lower or higher:
        return Verdict.REFUTED
    if min(e_values.get(NOT_LOWER, 0.0), e_values.get(NOT_HIGHER, 0.0)) >= enough:
        return Verdict.CONFIRMED
    return Verdict.UNDECIDED
