"""Whether there is work going on: a library that hangs takes no processor time.

A recognizer tells that it is alive while it works on something long. A thread of its own would tell
that for ever, though the libraries beside it, or in a process that was started, hang.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# After so many seconds without work it is not said any more that there is some.
QUIET_SECONDS = 60.0

# Seconds of processor time that are work. Fetching a file takes some each minute, too.
LEAST = 0.05

# In /proc/PID/stat, behind the name: the group, and the ticks taken by it and its ended children.
_GROUP, _TICKS = 2, slice(11, 15)


def group_seconds(processes: Path = Path("/proc")) -> float | None:
    """Give the processor time of all processes of this group, but for the calling thread's.

    ``None`` where the system does not tell.
    """
    ticks, found = 0, False
    group = str(os.getpgrp())
    for path in processes.glob("[0-9]*/stat"):
        # Processes end meanwhile.
        with suppress(OSError, ValueError, IndexError):
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            if fields[_GROUP] == group:
                ticks += sum(map(int, fields[_TICKS]))
                found = True
    return ticks / os.sysconf("SC_CLK_TCK") - time.thread_time() if found else None


class Work:
    """What goes on from now on; used in one thread, which does no work itself."""

    def __init__(
        self,
        spent: Callable[[], float | None] = group_seconds,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to look.

        Args:
            spent: Gives seconds of processor time, or ``None`` where they are not known.
            clock: Gives seconds that never run backwards.
        """
        self._spent, self._clock = spent, clock
        self._seen, self._since = spent(), clock()

    def goes_on(self) -> bool:
        """Tell whether there was work within the last minute."""
        spent, now = self._spent(), self._clock()
        if spent is None or self._seen is None or abs(spent - self._seen) >= LEAST:
            self._seen, self._since = spent, now
        return now - self._since < QUIET_SECONDS
