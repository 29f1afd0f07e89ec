"""The canonical style of a manifest's text. Only blanks change, never a word or a comment.

- Each level is indented by two spaces; lists are indented below their key; ``- `` has one space.
- Entries that take more than one line are apart by one blank line.
- There is never more than one blank line at a time, and none at the start or the end.
- No line ends in blanks; the last one ends in a line break.

What stands inside a scalar of several lines stays, as do line endings, quotes, the order of keys,
and a byte order mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import yaml

from sphinx_modelzoo.editing.document import (
    BYTE_ORDER_MARK,
    Document,
    is_flow,
    models,
    open_document,
)
from sphinx_modelzoo.editing.layout import Layout, lay_out
from sphinx_modelzoo.editing.save import Change, reread
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.facts import facts
from sphinx_modelzoo.manifest.model import Zoo

_BLANKS = " \t"


def format_zoo(zoo: Zoo) -> list[Change]:
    """Give the changes that bring each of a manifest's files into the canonical style.

    Raises:
        CallError: a file is written in a way that cannot be told apart; nothing is changed.
    """
    changes = []
    for path in zoo.files:
        document = open_document(path)
        changes.append(Change(path, document.data, formatted(document)))
    changes = [change for change in changes if change.after != change.before]
    if changes:
        after = reread(zoo.path, {change.path: change.after for change in changes})
        if facts(after) != facts(zoo):
            what = "the canonical style would change what the manifest means; nothing was written"
            raise CallError(Problem(what, "report this manifest", str(zoo.path)))
    return changes


def formatted(document: Document) -> bytes:
    """Give a file's bytes in the canonical style.

    Raises:
        CallError: something is written in a way that is not known here.
    """
    layout = lay_out(document)
    apart = set(_apart(document, layout))
    newline = document.newline(0)
    parts: list[str] = []
    blank = True
    waiting = ""
    for number, line in enumerate(layout.lines):
        text = _line(layout, number)
        if not text and number not in layout.kept:
            waiting = waiting or line.ending or newline
            continue
        if (waiting or number in apart) and not blank:
            parts.append(waiting or newline)
        waiting, blank = "", False
        parts += [text, line.ending]
    if parts and not parts[-1]:
        parts.append(newline)
    data = "".join(parts).encode()
    return BYTE_ORDER_MARK + data if document.data.startswith(BYTE_ORDER_MARK) else data


def _line(layout: Layout, number: int) -> str:
    """Give a line in the canonical style, without its line break."""
    text = layout.lines[number].text
    kept = number in layout.kept
    if number in layout.prefixes:
        length, prefix = layout.prefixes[number]
        text = prefix + text[length:]
    elif number in layout.shifts:
        text = _shifted(text, layout.shifts[number], kept=kept)
    elif text.lstrip(_BLANKS).startswith("#"):
        text = " " * _comment_column(layout, number) + text.lstrip(_BLANKS)
    return text if kept else text.rstrip(_BLANKS)


def _shifted(text: str, shift: int, *, kept: bool) -> str:
    """Move a line that continues another one; blanks in a blank line of a scalar stay in step."""
    if shift >= 0:
        return text if kept and not text else " " * shift + text
    room = len(text) - len(text.lstrip(" "))
    return text[min(room, -shift) :]


def _comment_column(layout: Layout, number: int) -> int:
    """Give where a comment of its own lines belongs: with the line that it stood even with."""
    column = layout.lines[number].column
    if not column and not any(n in layout.prefixes for n in range(number, len(layout.lines))):
        return 0
    following = next(
        (n for n in range(number + 1, len(layout.lines)) if n in layout.prefixes), None
    )
    if following is not None and layout.lines[following].column == column:
        return _new_column(layout, following)
    for before in range(number - 1, -1, -1):
        if before in layout.prefixes and layout.lines[before].column <= column:
            return _new_column(layout, before) + column - layout.lines[before].column
    return column


def _new_column(layout: Layout, number: int) -> int:
    prefix = layout.prefixes[number][1]
    return len(prefix) - len(prefix.lstrip(" "))


def _apart(document: Document, layout: Layout) -> Iterator[int]:
    """Give the lines in front of which a blank line belongs: entries with their comments."""
    for former, node in pairwise(models(document)):
        first, end = _extent(document, layout, former)
        start, last = _extent(document, layout, node)
        long = (end > first and not is_flow(former)) or (last > start and not is_flow(node))
        if start not in layout.prefixes or not long:
            continue
        between = range(end + 1, start)
        if any(not layout.lines[number].text.strip() for number in between):
            continue
        column = layout.lines[start].column
        while start - 1 in between and layout.lines[start - 1].column == column:
            start -= 1
        yield start


def _extent(document: Document, layout: Layout, node: yaml.Node) -> tuple[int, int]:
    """Give the first line of an item, that of its dash, and its last."""
    start = layout.number(node.start_mark.index)
    while start > 0 and not layout.lines[start].text.lstrip(_BLANKS).startswith("-"):
        start -= 1
    return start, layout.number(document.content_end(node) - 1)
