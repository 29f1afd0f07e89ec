"""How far a run goes: to the end of its tier, or of the time it has."""

from __future__ import annotations

import time
from collections.abc import Callable

from sphinx_modelzoo.verify.golden import GOLDEN_ITEMS
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Choice, Tier, choose

# A tier is chosen for a budget once so many items were seen, or such a share of the time is over:
# recognizers that work in batches answer in bursts.
_SEEN = 64
_SHARE = 0.1


class SpentError(Exception):
    """The time that a run has is over."""


class Course:
    """When a run has seen enough of a tally.

    ``tier`` is what it goes for; None until one is chosen for the budget. ``spent`` says that the
    time was over first.
    """

    def __init__(
        self,
        run: Run,
        tier: Tier | None,
        *,
        seconds: float | None = None,
        pace: float | None = None,
        tell: Callable[[Choice], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tier = tier
        self.spent = False
        self._run = run
        self._pace = pace
        self._tell = tell
        self._clock = clock
        self._begun = 0.0
        self._counting = False
        self._deadline = None if seconds is None else clock() + seconds
        self._taken_up = 0
        self._tally: Tally | None = None

    def begin(self, tally: Tally) -> None:
        """Begin to count items; those of a former run are in the tally already."""
        self._begun = self._clock()
        self._counting = True
        self._taken_up = tally.n
        self._tally = tally
        if self.tier is None and (self._pace is not None or self._left() <= 0):
            self._choose(tally)

    def enough(self, tally: Tally) -> bool:
        """Tell whether the run may stop."""
        if self.tier is None:
            seen = tally.n - self._taken_up
            spent = self._clock() - self._begun
            early = seen < _SEEN and spent < _SHARE * (self._left() + spent)
            if early or seen < min(GOLDEN_ITEMS, len(tally.items.order) - self._taken_up):
                return False
            self._pace = spent / max(1, seen)
            self._choose(tally)
        if self._deadline is not None and self._left() <= 0:
            self.spent = True
            return True
        if self.tier is Tier.SPOT:
            return tally.decided
        if self.tier is Tier.GOLDEN:
            return tally.n >= GOLDEN_ITEMS
        return self.tier is Tier.WEIGHTS

    @property
    def whole(self) -> bool:
        """Whether all items are needed, as far as is known."""
        return self.tier is Tier.FULL

    def settled(self) -> bool:
        """Tell whether what was counted so far is enough, once the tests have looked at all."""
        if self._tally is None:
            return False
        self._tally.flush()
        return self.enough(self._tally)

    def end(self) -> None:
        """Count no more items."""
        self._counting = False

    def check_time(self) -> None:
        """See that there is time left while items are counted; opening takes what it takes.

        Raises:
            SpentError: there is none.
        """
        if self._counting and self._deadline is not None and self._left() <= 0:
            self.spent = True
            raise SpentError

    def _left(self) -> float:
        return self._deadline - self._clock() if self._deadline is not None else 0.0

    def _choose(self, tally: Tally) -> None:
        pace = None if self._left() <= 0 else self._pace
        left = len(tally.items.order) - tally.n
        choice = choose(self._run, left, tally.tests, pace, self._left())
        self.tier = choice.tier
        self._tell(choice)
