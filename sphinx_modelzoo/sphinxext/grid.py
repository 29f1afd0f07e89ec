"""Cells as a docutils table, with widths that fit."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes

from sphinx_modelzoo.sphinxext.columns import Column
from sphinx_modelzoo.sphinxext.nodes import column_heading

_WIDEST = 60
_LATEX_LINE = 80
_GAP = 2


def grid(
    columns: Sequence[Column], body: list[list[nodes.entry]], widths: Sequence[int], form: str
) -> nodes.table:
    """Give a table as docutils makes one of a grid table with these widths.

    Without widths the reader's program finds them; only LaTeX, which lets the columns of a wide
    table run into each other, is told some.
    """
    head = [column_heading("", nodes.paragraph(column.title, column.title)) for column in columns]
    texts = [[cell.astext() for cell in cells] for cells in zip(head, *body, strict=True)]
    natural = [min(_WIDEST, max(map(len, column))) for column in texts]
    given = list(widths)
    if not given and form == "latex" and sum(natural) + _GAP * len(natural) > _LATEX_LINE:
        given = fitted(natural, [_longest_word(column) for column in texts], _LATEX_LINE)
    group = nodes.tgroup("", cols=len(columns))
    group += [nodes.colspec("", colwidth=width) for width in given or natural]
    group += nodes.thead("", nodes.row("", *head))
    group += nodes.tbody("", *(nodes.row("", *cells) for cells in body))
    return nodes.table("", group, classes=["colwidths-given" if given else "colwidths-auto"])


def fitted(natural: Sequence[int], words: Sequence[int], line: int) -> list[int]:
    """Give widths in characters that share a line.

    Each column gets its longest word and a gap; what is left goes to those whose texts are
    longer than that, in proportion to how much they lack.
    """
    least = [word + _GAP for word in words]
    lacking = [max(0, whole - word) for whole, word in zip(natural, words, strict=True)]
    left = max(0, line - sum(least))
    total = sum(lacking) or 1
    return [width + left * lack // total for width, lack in zip(least, lacking, strict=True)]


def _longest_word(texts: Sequence[str]) -> int:
    return min(_WIDEST, max(len(word) for text in texts for word in text.split() or [""]))
