"""How fast items come, and how long the rest will take."""

from __future__ import annotations

from collections import deque

# Items that come closer together than this, in seconds, are one burst: recognizers work on several
# at a time.
_APART = 0.2
# A burst that has gone on for so many seconds is a steady flow.
_FLOW = 1.0
# The rate is that of so many bursts, or seconds of flow, so that it follows what changes.
_MARKS = 64


class Pace:
    """The rate of items that come one by one or in bursts; all times are in seconds.

    Bursts count when they are over, so that the rate does not jump with each of them.
    """

    def __init__(self, now: float) -> None:
        self._done = 0
        self._last = self._begun = now
        # When so many items had come, and the longest time between two of these.
        self._marks = deque([(now, 0)], maxlen=_MARKS)
        self._longest = 0.0

    def step(self, now: float) -> None:
        """Count one more item."""
        if now - self._last > _APART:
            self._mark()
            self._begun = now
        self._done += 1
        self._last = now
        if now - self._begun > _FLOW:
            self._mark()
            self._begun = now

    def rate(self, now: float) -> float:
        """Give items a second; 0 where that is not known yet."""
        if now - self._last > _APART:
            self._mark()
        (start, before), (end, done) = self._marks[0], self._marks[-1]
        return (done - before) / (end - start) if end > start else 0.0

    def left(self, now: float, items: int) -> float:
        """Give how long so many more items will take; the rate must be known."""
        # The time runs between two bursts, and stands still where the next one is overdue.
        return max(0.0, items / self.rate(now) - min(now - self._last, self._longest))

    def _mark(self) -> None:
        end, done = self._marks[-1]
        if self._done > done:
            self._longest = max(self._longest, self._last - end)
            self._marks.append((self._last, self._done))
