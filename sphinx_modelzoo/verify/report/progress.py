"""A progress line on a terminal: items, rate and time left; silent anywhere else."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TextIO

REDRAW = 0.1  # seconds between two drawings
BAR = 20  # characters
CLEAR = "\r\x1b[K"


class Progress:
    """Draws on one line of a terminal what a run is doing, and removes it at the end.

    ``clock`` gives seconds that never run backwards.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._shown = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._title = ""
        self._note = ""
        self._begun = 0.0
        self._first = 0.0
        self._drawn = 0.0
        self._total = 0
        self._done = 0

    def begin(self, title: str) -> None:
        """Show that a run begins."""
        self._title, self._note = title, "opening"
        self._total = self._done = 0
        self._begun = self._clock()
        self._draw(now=True)

    def note(self, text: str) -> None:
        """Show what the recognizer says."""
        self._note = text
        self._draw()

    def expect(self, total: int) -> None:
        """Show from now on how many of ``total`` items are done."""
        self._total, self._note = total, ""
        self._first = self._clock()
        self._draw(now=True)

    def step(self) -> None:
        """Count one more item."""
        self._done += 1
        self._draw()

    def idle(self) -> None:
        """Draw anew, so that the clock is seen to run."""
        self._draw()

    def end(self) -> None:
        """Remove the line."""
        if self._shown:
            self._stream.write(CLEAR)
            self._stream.flush()

    def _draw(self, *, now: bool = False) -> None:
        if not self._shown or (not now and self._clock() - self._drawn < REDRAW):
            return
        self._drawn = self._clock()
        room = self._width() - 1
        text = f"{self._title}  {self._bar()}{self._state()}"
        if len(text) > room:
            text = f"{self._title}  {self._state()}"
        self._stream.write(CLEAR + text[:room])
        self._stream.flush()

    def _bar(self) -> str:
        if not self._total:
            return ""
        filled = BAR * self._done // self._total
        return f"[{'#' * filled}{'.' * (BAR - filled)}] "

    def _state(self) -> str:
        if not self._total:
            return f"{self._note} ({duration(self._clock() - self._begun)})"
        count = f"{self._done}/{self._total}"
        spent = self._clock() - self._first
        if not self._done or spent <= 0:
            return f"{count}  {self._note or 'first item'} ({duration(spent)})"
        rate = self._done / spent
        left = duration((self._total - self._done) / rate)
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
