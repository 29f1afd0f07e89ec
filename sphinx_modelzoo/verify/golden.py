"""The tier ``golden``: the scores of a few items are those of the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.verify.text import first_named

GOLDEN_ITEMS = 8
"""So many items are compared, the first of the order."""
GOLDEN_TOLERANCE = 0.001
"""So far may scores lie apart: absolutely, and above 1 in relation to the evidence's score.

Another processor or version of a library moves scores by a few millionths, another decoder by some
thousandths, and another protocol by hundredths and more."""


def noise_text(noise: float) -> str:
    """Say by how much more than usual scores may lie apart, since they are of other engines."""
    return (
        f"scores may differ from the evidence's by {GOLDEN_TOLERANCE:g}, and since they are of "
        f"other engines by {noise:.2g} of an item's largest score"
    )


def golden_problem(
    now: Sequence[Prediction], then: Mapping[str, Prediction], place: str, noise: float = 0.0
) -> Problem | None:
    """Give what is wrong with the scores of a few items; None where they are the evidence's.

    Args:
        now: The predictions.
        then: The evidence's, of all items that are to be compared.
        place: Where the manifest lists the result.
        noise: By how much more the scores may lie apart, since they are of other engines, as a
            share of the item's largest score.
    """
    if len(now) < len(then):
        what = f"{len(now)} of {len(then)} items were predicted in the time there was"
        return Problem(what, "run again with more time: it goes on from there", place)
    wrong = []
    for prediction in now:
        if prediction.error:
            wrong.append(f"{prediction.id} cannot be read: {prediction.error}")
            continue
        distance = apart(prediction, then[prediction.id], noise)
        if distance > GOLDEN_TOLERANCE:
            wrong.append(f"{prediction.id} by {distance:.2g}")
    if not wrong:
        return None
    engines = f" beyond the {noise:.2g} of the largest score that engines may" if noise else ""
    what = (
        f"the scores of {len(wrong)} of {len(now)} items differ from the evidence's by more than "
        f"{GOLDEN_TOLERANCE:g}{engines}: {first_named(wrong)}"
    )
    remedy = "see what differs: decoder, libraries, protocol; --tier spot tells if it matters"
    return Problem(what, remedy, place)


def apart(now: Prediction, then: Prediction, noise: float = 0.0) -> float:
    """Give how far the scores lie apart; a class that is not among the best has at most the last.

    Classes may change places where their scores are that close. A share ``noise`` of the largest
    score is no distance.
    """
    ours, theirs = dict(now.top), dict(then.top)
    if not theirs or not ours:
        return float(bool(theirs) != bool(ours))
    worst = 0.0
    nothing = noise * max(map(abs, theirs.values()))
    for mine, its in ((ours, theirs), (theirs, ours)):
        least = min(its.values())
        for index, score in mine.items():
            other = its.get(index, min(score, least))
            worst = max(worst, (abs(score - other) - nothing) / max(1.0, abs(other)))
    return worst
