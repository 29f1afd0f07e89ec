"""Small helpers for the text of messages."""

from __future__ import annotations

import re
from collections.abc import Sequence

NAMED = 10

_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


def printable(text: str, limit: int = 300) -> str:
    """Give text from elsewhere as one line that is safe to print, cut to ``limit`` characters.

    Terminal escapes are left out. Other control characters become spaces; so do lone surrogates,
    which no terminal can show.
    """
    plain = _ESCAPE.sub("", text[: 4 * limit])
    line = "".join(char if char.isprintable() else " " for char in plain)
    line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def first_named(names: Sequence[str], limit: int = NAMED) -> str:
    """Name the first of many and count the rest: ``a, b, c and 7 more``."""
    shown = ", ".join(printable(name) for name in names[:limit])
    rest = len(names) - limit
    return f"{shown} and {rest} more" if rest > 0 else shown
