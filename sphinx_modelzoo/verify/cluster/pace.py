"""How many items a worker is given at once: about as many as it predicts in a second or two."""

from __future__ import annotations

SECONDS = 1.5
"""So long should a piece take; a verdict is that much later than it could be, at most."""
PIECES = 100.0
"""So many pieces a second go out at most, of all workers: each costs scheduler and driver some
milliseconds. Of more workers than these keep busy, pieces take longer."""
LARGEST = 1024
"""No piece has more items than this."""
GROWTH = 2
"""From one piece to the next no worker's pieces grow by more than this factor."""


class Pace:
    """The size of one worker's pieces, from a single item up."""

    def __init__(self) -> None:
        self.size = 1

    def learn(self, items: int, seconds: float, workers: int = 1) -> None:
        """Take note of how long a piece took; ``workers`` is how many there are."""
        aim = max(SECONDS, workers / PIECES)
        wanted = int(items * aim / seconds) if seconds > 0 else LARGEST
        self.size = max(1, min(wanted, self.size * GROWTH, LARGEST))

    def size_for(self, left: int, workers: int) -> int:
        """Give the size of the next piece; towards the end smaller, so that all end together."""
        return min(self.size, max(1, left // (2 * workers)))
