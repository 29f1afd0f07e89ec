"""Text that is markup already, told apart from text that still has to be escaped."""

from __future__ import annotations

import unicodedata


class Source(str):
    """Markup that stands in the output as it is.

    Whatever is done with it other than printing gives plain text, which is escaped when it is
    printed: a mistake in a template shows, and never lets a manifest's text become markup.
    """

    __slots__ = ()


def one_line(text: str) -> str:
    """Give a text on one line, its runs of white space as single spaces."""
    return _visible(" ".join(text.split()))


def lines_of(text: str) -> list[str]:
    """Give the lines of a text, without empty ones at its ends."""
    lines = [_visible(line.rstrip()) for line in text.expandtabs().splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def paragraphs_of(text: str) -> list[str]:
    """Give the paragraphs of a text, which empty lines part, each on one line."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [one_line(" ".join(block)) for block in blocks if block]


def indented(text: str, width: int) -> str:
    """Give a text with all its lines but the first moved to the right; empty ones stay empty."""
    first, *others = text.split("\n")
    return "\n".join((first, *(f"{' ' * width}{line}" if line else "" for line in others)))


def width_of(text: str) -> int:
    """Give the columns that a line takes on a terminal, at least as many as docutils counts."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _visible(text: str) -> str:
    """Replace the characters that HTML, XML or docutils cannot hold."""
    if text.isprintable():
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if _unfit(each) else each for each in text)


def _unfit(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff"
