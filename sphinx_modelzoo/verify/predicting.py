"""Having items predicted: first those that the journal has, then as many as it takes."""

from __future__ import annotations

from sphinx_modelzoo.verify.course import Course, SpentError
from sphinx_modelzoo.verify.journal import Journal
from sphinx_modelzoo.verify.recognizer.interface import AnyRecognizer
from sphinx_modelzoo.verify.settings import Watch
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Tier


def take_up(journal: Journal, tally: Tally, watch: Watch) -> int:
    """Count what a former run left in the journal, and give how many items that are.

    Raises:
        UndecidedError: the journal is damaged.
    """
    for offset, prediction in journal.replay():
        # What could not be read is tried again.
        if not prediction.error:
            tally.add(offset, prediction)
            watch.step(kept=True)
    tally.flush()
    return tally.n + len(tally.waiting)


def predict(
    recognizer: AnyRecognizer,
    journal: Journal,
    tally: Tally,
    course: Course,
    watch: Watch,
    *,
    goal: int | None = None,
) -> bool:
    """Have items predicted until enough are; tell whether all were.

    Args:
        recognizer: Who predicts, open.
        journal: Where predictions are written down.
        tally: Where they are counted.
        course: Says when they are enough.
        watch: Sees each.
        goal: Up to which item of the tally's order; to the last, where not given.

    Raises:
        UndecidedError: the recognizer fails, or the journal cannot be written.
    """
    try:
        if course.enough(tally):
            return False
        for prediction in recognizer.predict(tally.items.labels, tally.left(goal)):
            tally.add(journal.append(prediction), prediction)
            watch.step()
            if course.enough(tally):
                return False
    except SpentError:
        return False
    finally:
        course.end()
        tally.flush()
    return True


def tier_reached(tier: Tier | None, tally: Tally) -> Tier:
    """Give the tier that a run reached: where it took all items to decide, the strongest.

    So does one that had answered for all before a tier was chosen for its budget.
    """
    if tier is Tier.GOLDEN or tier is Tier.WEIGHTS:
        return tier
    total = len(tally.items.order)
    if tally.n < total:
        return Tier.SPOT
    # A fast recognizer has answered for more items than the tests needed.
    stopped = tier is Tier.SPOT and all(test.n < total for test in tally.tests)
    return Tier.SPOT if stopped else Tier.FULL
