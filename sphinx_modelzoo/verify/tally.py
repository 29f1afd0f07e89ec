"""Counting predictions in the seeded order, whatever the order in which they come."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Collection, Sequence

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.evidence_lines import is_correct
from sphinx_modelzoo.verify.golden import GOLDEN_ITEMS
from sphinx_modelzoo.verify.order import Items
from sphinx_modelzoo.verify.spot import SpotTest

# A test looks at items in pieces: a fast recognizer's cost next to nothing, and after a slow one's
# item there is no wait. The verdict is the same for any pieces.
PIECE = 256
PIECE_SECONDS = 0.02


class Tally:
    """What was counted of the items so far: ``n`` of them, the first in the order.

    ``correct`` gives for each k how many items had their label among their first k classes;
    ``unreadable`` the ids of items that could not be read with what was wrong, among them
    ``unsettled``, whose scores were too close and which no reference looked at; ``again`` how many
    the reference predicted; ``offsets`` where the journal has each item; ``first`` are the
    predictions of the first few.
    """

    def __init__(
        self,
        items: Items,
        tops: Collection[int],
        classes: int,
        tests: Sequence[SpotTest] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.items = items
        self.tests = tests
        self.correct = dict.fromkeys(tops, 0)
        self.unreadable: dict[str, str] = {}
        self.unsettled: set[str] = set()
        self.again = 0
        self.offsets = array("Q")
        self.first: list[Prediction] = []
        self.waiting: dict[str, tuple[int, Prediction]] = {}
        self._needed = min(max(tops, default=0), classes)
        self._clock = clock
        self._flushed = clock()
        self._readable: list[bool] = []
        self._right: dict[int, list[bool]] = {top: [] for top in tops}

    @property
    def n(self) -> int:
        """The number of items that were counted."""
        return len(self.offsets)

    @property
    def decided(self) -> bool:
        """Whether every number that is tested has its verdict."""
        return bool(self.tests) and all(test.decided for test in self.tests)

    def add(self, offset: int, prediction: Prediction) -> None:
        """Count a prediction, or keep it until those before it in the order have come.

        Raises:
            UndecidedError: it offers fewer classes than a metric looks at.
        """
        if not prediction.error and len(prediction.top) < self._needed:
            raise _too_few(prediction, self._needed)
        self.waiting[prediction.id] = (offset, prediction)
        while self.n < len(self.items.order):
            found = self.waiting.pop(self.items.ids[self.items.order[self.n]], None)
            if found is None:
                break
            self._count(*found)
        if len(self._readable) >= PIECE or self._clock() - self._flushed >= PIECE_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Let the tests look at what was counted since they last looked."""
        self._flushed = self._clock()
        if not self._readable:
            return
        positions = self.items.order[self.n - len(self._readable) : self.n]
        for test in self.tests:
            test.take(positions, self._right[test.top], self._readable)
        self._readable = []
        self._right = {top: [] for top in self._right}

    def left(self, goal: int | None = None) -> list[str]:
        """Give the ids that are still to be predicted, in the order, up to the item ``goal``."""
        return [item for item in self.items.in_order(self.n, goal) if item not in self.waiting]

    def _count(self, offset: int, prediction: Prediction) -> None:
        self.offsets.append(offset)
        if len(self.first) < GOLDEN_ITEMS:
            self.first.append(prediction)
        if prediction.error:
            self.unreadable[prediction.id] = prediction.error
            if prediction.close:
                self.unsettled.add(prediction.id)
        elif prediction.close:
            self.again += 1
        for top in self.correct:
            right = is_correct(prediction, prediction.label, top)
            self.correct[top] += right
            if self.tests:
                self._right[top].append(right)
        if self.tests:
            self._readable.append(not prediction.error)


def _too_few(prediction: Prediction, needed: int) -> UndecidedError:
    what = (
        f"the prediction of {prediction.id!r} offers {len(prediction.top)} classes, where the "
        f"metrics look at the best {needed}"
    )
    return UndecidedError(Problem(what, f"let the recognizer give at least {needed} classes"))
