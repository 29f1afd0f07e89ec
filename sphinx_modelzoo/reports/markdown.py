"""Markdown that shows text from elsewhere as it is, so that it neither mentions nor links."""

from __future__ import annotations

import re
from collections.abc import Iterable


def code(text: str) -> str:
    """Give text as code, whatever is in it; line breaks become spaces."""
    line = " ".join(text.splitlines())
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}" if line else ""


def block(text: str) -> str:
    """Give text of several lines as a block of code."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def row(cells: Iterable[str]) -> str:
    """Give a row of a table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
