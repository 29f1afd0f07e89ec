"""How far a shard goes: as far as the plan says, or as the time allows."""

from __future__ import annotations

import time
from collections.abc import Callable

from sphinx_modelzoo.verify.course import Course
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Tier


class ShardCourse(Course):
    """When a shard has seen enough of a tally of its items.

    A shard decides nothing, so without a budget it goes through all that it is asked for. With one
    it goes to its ``goal``, what a spot check is likely to take, and on to its last item where the
    pace so far tells that the time suffices for that.
    """

    def __init__(
        self,
        run: Run,
        tier: Tier | None,
        *,
        seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(run, tier, seconds=seconds, clock=clock)
        self.goal = 0
        self._to_the_end: bool | None = None

    def begin(self, tally: Tally) -> None:
        """Begin to count items; those of a former run are in the tally already."""
        self._begun = self._clock()
        self._counting = True
        self._taken_up = tally.n

    def enough(self, tally: Tally) -> bool:
        """Tell whether the shard may stop."""
        if self._deadline is None:
            return False
        if self._left() <= 0:
            self.spent = True
            return True
        if tally.n < self.goal:
            return False
        if self._to_the_end is None:
            seen = tally.n - self._taken_up
            pace = (self._clock() - self._begun) / seen if seen else 0.0
            rest = len(tally.items.order) - tally.n
            self._to_the_end = rest * pace <= self._left()
        return not self._to_the_end
