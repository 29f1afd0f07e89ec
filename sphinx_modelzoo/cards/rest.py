"""Plain text as reStructuredText, for docutils and Sphinx."""

from __future__ import annotations

import re

from sphinx_modelzoo.cards.formats import make_format
from sphinx_modelzoo.cards.model import Link
from sphinx_modelzoo.cards.source import Source, lines_of, one_line, width_of

# What begins or ends inline markup, makes an address a link, or has quotes and dashes set in type.
_SPECIAL = re.compile(
    r"[\\`*|:@<>\"']|(?<=\\)[.-]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=-)-|-(?=-)|(?<=\.)\.|\.(?=\.)"
)
_ENUMERATOR = re.compile(r"\A(\w+)([.)])(?= |\Z)")
_CODE = re.compile(r"`([^`]+)`")
_UNDERLINES = "=-~^"


def escape(text: str) -> Source:
    """Give a text that reads as itself, at the beginning of a line too."""
    plain = one_line(text)
    escaped = _SPECIAL.sub(r"\\\g<0>", plain)
    if escaped and escaped[0] != "\\" and not escaped[0].isalnum():
        return Source(f"\\{escaped}")  # bullets, comments, options, adornments
    if set(escaped) == {"\\"}:
        return Source(f"\\ {escaped}")  # alone on a line it would be an adornment
    return Source(_ENUMERATOR.sub(r"\1\\\2", escaped))


def heading(text: str, level: int = 1) -> Source:
    """Give a section's title; ``level`` is from 1 to 4."""
    title = escape(text)
    return Source(f"{title}\n{_UNDERLINES[level - 1] * max(width_of(title), 3)}")


def code(text: str) -> Source:
    """Give a text as inline code; nothing where there is none."""
    plain = one_line(text)
    if not plain:
        return Source("")
    if "`" in plain:
        return Source(f":literal:`{_within(plain)}`")
    return Source(f"``{plain}``")


def code_block(text: str, language: str = "none") -> Source:
    """Give lines of code; nothing where there are none."""
    lines = lines_of(text)
    if not lines:
        return Source("")
    head = [f".. code-block:: {language}", "   :force:", ""]  # code that is not quite the language
    return Source("\n".join((*head, *(f"   {line}" if line else "" for line in lines))))


def link(link: Link, text: str = "") -> Source:
    """Give a link to an address, or to a file for download; else its text alone."""
    shown = text or link.text
    if link.url:
        return Source(f"`{escape(shown)} <{_within(link.url)}>`__")
    if link.file and not {"<", ">"}.intersection(link.file):
        return Source(f":download:`{escape(shown)} <{_within(link.file)}>`")
    return escape(shown)


def status(text: str) -> Source:
    """Give a status in words with its mark."""
    return Source(f":zoo:status:`{escape(text)}`")


def prose(text: str) -> Source:
    """Give a text on one line in which ```code``` is inline code."""
    made = ""
    for position, piece in enumerate(_CODE.split(one_line(text))):  # text and code by turns
        if position % 2:
            made += f"{_parting(made)}{code(piece)}" if piece.strip() else escape(f"`{piece}`")
        elif piece:
            shown = f"{' ' * piece.startswith(' ')}{escape(piece)}"
            made += f"{_parting(made)}{shown}" if position and shown[0] != " " else shown
            made += " " * (piece.endswith(" ") and bool(piece.strip()))
    return Source(made.strip())


def _parting(before: str) -> str:
    """Give what parts inline code from text beside it; docutils shows nothing of it."""
    return "\\ " if before and before[-1] != " " else ""


def _within(text: str) -> str:
    """Escape what would end inline markup, or make an address within it a name."""
    return re.sub(r"[\\`<>]|_\Z", r"\\\g<0>", text)


REST = make_format("zoo/card.rst", escape, 3, heading, code, code_block, link, status, prose)
