"""What a run is doing: items, rate and time left, on a line of a terminal or now and then."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TextIO

from sphinx_modelzoo.verify.report.pace import Pace

REDRAW = 0.1  # seconds between two drawings
BAR = 20  # characters
CLEAR = "\r\x1b[K"

# Without a terminal: seconds between two lines at first and at last, and between these a share of
# the time that is over, so that a run of days does not fill a log.
FIRST_PAUSE = 30.0
LONGEST_PAUSE = 600.0
PAUSE_SHARE = 0.05


class Progress:
    """Draws what a run is doing on one line of a terminal, and removes it at the end.

    Any other stream gets a line of its own now and then, from half a minute after a run's begin.
    ``clock`` gives seconds that never run backwards.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._title = ""
        self._note = ""
        self._begun = 0.0
        self._first = 0.0
        self._drawn = 0.0
        self._total = 0
        self._done = 0
        self._pace = Pace(0.0)

    def begin(self, title: str) -> None:
        """Show that a run begins."""
        self._title, self._note = title, "opening"
        self._total = self._done = 0
        self._begun = self._clock()
        if self._terminal:
            self._draw(now=True)
        else:
            self._drawn = self._begun

    def note(self, text: str) -> None:
        """Show what the recognizer says."""
        self._note = text
        self._draw()

    def expect(self, total: int) -> None:
        """Show from now on how many of ``total`` items are done."""
        self._total, self._note = total, ""
        self._first = self._clock()
        self._pace = Pace(self._first)
        self._draw(now=self._terminal)

    def step(self, *, kept: bool = False) -> None:
        """Count one more item; one that a former run left says nothing of how fast they come."""
        self._done += 1
        if not kept:
            self._pace.step(self._clock())
        self._draw()

    def idle(self) -> None:
        """Draw anew, so that the clock is seen to run."""
        self._draw()

    def end(self) -> None:
        """Remove the line."""
        if self._terminal:
            self._stream.write(CLEAR)
            self._stream.flush()

    def _draw(self, *, now: bool = False) -> None:
        if not now and self._clock() - self._drawn < self._pause():
            return
        self._drawn = self._clock()
        text = f"{self._title}  {self._state()}"
        if self._terminal:
            room = self._width() - 1
            drawn = f"{self._title}  {self._bar()}{self._state()}"
            self._stream.write(CLEAR + (text if len(drawn) > room else drawn)[:room])
        else:
            self._stream.write(text + "\n")
        self._stream.flush()

    def _pause(self) -> float:
        if self._terminal:
            return REDRAW
        over = self._clock() - self._begun
        return min(LONGEST_PAUSE, max(FIRST_PAUSE, PAUSE_SHARE * over))

    def _bar(self) -> str:
        if not self._total:
            return ""
        filled = BAR * self._done // self._total
        return f"[{'#' * filled}{'.' * (BAR - filled)}] "

    def _state(self) -> str:
        now = self._clock()
        if not self._total:
            return f"{self._note} ({duration(now - self._begun)})"
        count = f"{self._done}/{self._total}"
        rate = self._pace.rate(now)
        if not rate:
            return f"{count}  {self._note or 'first items'} ({duration(now - self._first)})"
        left = duration(self._pace.left(now, self._total - self._done))
        return f"{count}  {rate_text(rate)}  {left} left  {self._note}".rstrip()

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except OSError:
            return 80


def rate_text(rate: float) -> str:
    """Give items a second, or where they are slow, a minute or an hour."""
    for unit, factor in (("s", 1), ("min", 60), ("h", 3600)):
        if rate * factor >= 1 or unit == "h":
            return f"{rate * factor:.1f} items/{unit}"
    raise AssertionError  # the last unit always fits


def duration(seconds: float) -> str:
    """Give a length of time in its two largest units: ``2 h 05 min``, ``1 min 30 s``, ``12 s``."""
    whole = max(0, round(seconds))
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    if days:
        return f"{days} d {hours:02} h"
    if hours:
        return f"{hours} h {minutes:02} min"
    if minutes:
        return f"{minutes} min {secs:02} s"
    return f"{secs} s"
