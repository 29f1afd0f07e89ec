"""Plain text as Markdown, for repositories: CommonMark with GitHub's tables."""

from __future__ import annotations

import re
from urllib.parse import quote

from sphinx_modelzoo.cards.formats import make_format
from sphinx_modelzoo.cards.model import Link
from sphinx_modelzoo.cards.source import Source, lines_of, one_line
from sphinx_modelzoo.receipts.model import StatusKind
from sphinx_modelzoo.receipts.words import MARKS

# What begins or ends inline markup, or makes an address a link.
_SPECIAL = re.compile(r"[\\`*<>\[\]|~&:@$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=[wW]{3})\.")
_NUMBER = re.compile(r"([0-9]+)([.)])(?= |\Z)")
_CODE = re.compile(r"`([^`]+)`")
_SHORTEST_FENCE = 3


def escape(text: str) -> Source:
    """Give a text that reads as itself, at the beginning of a line too."""
    escaped = _SPECIAL.sub(r"\\\g<0>", one_line(text))
    if escaped and escaped[0] in "#+-=!":
        return Source(f"\\{escaped}")  # titles, lists, lines
    numbered = _NUMBER.match(escaped)
    if numbered:
        return Source(f"{numbered[1]}\\{escaped[numbered.start(2) :]}")
    return Source(escaped)


def heading(text: str, level: int = 1) -> Source:
    """Give a section's title; ``level`` is from 1 to 6."""
    title = escape(text)
    # A run of # at the end would be taken as the title's closing.
    return Source(f"{'#' * level} " + re.sub(r" (#+)\Z", r" \\\1", title))


def code(text: str) -> Source:
    """Give a text as inline code; nothing where there is none."""
    plain = one_line(text)
    if not plain:
        return Source("")
    ticks = "`" * (_longest_run(plain) + 1)
    space = " " if plain[0] == "`" or plain[-1] == "`" else ""
    return Source(f"{ticks}{space}{plain}{space}{ticks}")


def code_block(text: str, language: str = "") -> Source:
    """Give lines of code; nothing where there are none."""
    lines = lines_of(text)
    if not lines:
        return Source("")
    fence = "`" * max(_SHORTEST_FENCE, _longest_run("\n".join(lines)) + 1)
    return Source("\n".join((f"{fence}{language}", *lines, fence)))


def link(link: Link, text: str = "") -> Source:
    """Give a link to an address or a file; else its text alone."""
    shown = escape(text or link.text)
    target = link.url or link.file
    if not target:
        return shown
    return Source(f"[{shown}](<{_target(target)}>)" if shown else "")


def status(text: str) -> Source:
    """Give a status in words with its mark."""
    kind = next((kind for kind in StatusKind if text.startswith(kind.value)), None)
    return Source(f"{MARKS[kind]} {escape(text)}" if kind else escape(text))


def prose(text: str) -> Source:
    """Give a text on one line in which ```code``` is inline code."""
    pieces = _CODE.split(one_line(text))  # text and code by turns
    made: list[str] = []
    for position, piece in enumerate(pieces):
        if position % 2:
            made.append(code(piece) if piece.strip() else escape(f"`{piece}`"))
        else:
            before = " " if piece.startswith(" ") else ""
            after = " " if piece.endswith(" ") and piece.strip() else ""
            made.append(f"{before}{escape(piece)}{after}")
    return Source("".join(made).strip())


def cell(text: str) -> Source:
    """Give a text, or markup, for a cell of a table, where a pipe in code would end the cell."""
    markup = text if isinstance(text, Source) else escape(text)
    return Source(re.sub(r"(?<!\\)\|", r"\|", markup))


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _target(target: str) -> str:
    """Encode what would end the target; what is encoded already stays so."""
    return quote(target, safe="/:@!$&'()*+,;=-._~?#%[]")


MARKDOWN = make_format(
    "zoo/card.md", escape, 2, heading, code, code_block, link, status, prose, cell
)
