"""How long a program may say nothing."""

from __future__ import annotations

import time

TICK = 0.5
"""Seconds between looks at a program."""


class Silence:
    """What is left of the seconds for which a silent program is waited for.

    A look takes at most a tick away. Where more has passed since the last one, this process itself
    stood still meanwhile, as after Ctrl-Z, and the program perhaps with it, as where a queue
    suspends a job.
    """

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self._looked = time.monotonic()

    @property
    def wait(self) -> float:
        """How many seconds to wait until the next look."""
        return min(self.left, TICK)

    def look(self) -> None:
        """Take away what has passed since the last look."""
        now = time.monotonic()
        self.left -= min(now - self._looked, TICK)
        self._looked = now
