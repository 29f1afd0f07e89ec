"""A table's rows as docutils nodes, with widths that fit, for the builders other than HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from docutils import nodes

from sphinx_modelzoo.sphinxext.table.cell import BodyGroup, BodyRow, Cell, Piece
from sphinx_modelzoo.sphinxext.table.columns import Column

_WIDEST = 60
_LATEX_LINE = 80
_GAP = 2
_WITHOUT_SPANS = ("man", "texinfo")

MakeNode = Callable[[Piece], nodes.Node]
"""Makes the node of a piece: for its builder, and from its page."""


def grid(
    columns: Sequence[Column],
    groups: Sequence[BodyGroup],
    widths: Sequence[int],
    form: str,
    make: MakeNode,
) -> nodes.table:
    """Give a table as docutils makes one of a grid table with these widths.

    Without widths the reader's program finds them; only LaTeX, which lets the columns of a wide
    table run into each other, is told some.
    """
    head = [nodes.entry("", nodes.paragraph(column.title, column.title)) for column in columns]
    bodies = [cell.text for group in groups for row in group.rows for cell in row.cells]
    texts = [[column.title, *bodies[at :: len(columns)]] for at, column in enumerate(columns)]
    natural = [min(_WIDEST, max(map(len, column))) for column in texts]
    given = list(widths)
    if not given and form == "latex" and sum(natural) + _GAP * len(natural) > _LATEX_LINE:
        given = fitted(natural, [_longest_word(column) for column in texts], _LATEX_LINE)
    group = nodes.tgroup("", cols=len(columns))
    group += [nodes.colspec("", colwidth=width) for width in given or natural]
    group += nodes.thead("", nodes.row("", *head))
    group += nodes.tbody("", *_rows(groups, len(columns), form, make))
    return nodes.table("", group, classes=["colwidths-given" if given else "colwidths-auto"])


def _rows(
    groups: Sequence[BodyGroup], width: int, form: str, make: MakeNode
) -> Iterator[nodes.row]:
    for group in groups:
        if group.title:
            strong = form == "latex"  # plain text would show the stars that mark it
            text = nodes.strong("", group.title) if strong else nodes.Text(group.title)
            title = nodes.paragraph("", "", text)
            if form in _WITHOUT_SPANS:
                blank = (nodes.entry("") for _ in range(width - 1))
                yield nodes.row("", nodes.entry("", title), *blank)
            else:
                span = {"morecols": width - 1} if width > 1 else {}
                yield nodes.row("", nodes.entry("", title, **span))
        for row in group.rows:
            yield nodes.row("", *_entries(row, make))


def _entries(row: BodyRow, make: MakeNode) -> Iterator[nodes.entry]:
    for position, cell in enumerate(row.cells):
        entry = cell_node(cell, make)
        if row.target and position == 0:
            if not len(entry):
                entry += nodes.paragraph()
            line = entry[0]
            if isinstance(line, nodes.Element):
                line.insert(0, nodes.target("", "", ids=[row.target]))
        yield entry


def titled(
    title: nodes.Element | None, table: nodes.table, whole: nodes.Element, form: str
) -> list[nodes.Element]:
    """Give a table with its title; ``whole`` is the table, or what is around it.

    In man pages docutils makes a section of a table's title, so there it is a paragraph before.
    """
    if title is None:
        return [whole]
    if form == "man":
        return [nodes.paragraph("", "", nodes.strong("", "", *title.children)), whole]
    table.insert(0, title)
    return [whole]


def cell_node(cell: Cell, make: MakeNode) -> nodes.entry:
    """Give a cell: a paragraph a line."""
    return nodes.entry(
        "", *(nodes.paragraph("", "", *line_nodes(line, make)) for line in cell.lines)
    )


def line_nodes(line: Sequence[Piece], make: MakeNode) -> list[nodes.Node]:
    """Give the nodes of a line, with texts that stand side by side as one text."""
    joined: list[nodes.Node] = []
    for piece in line:
        node = make(piece)
        if isinstance(node, nodes.Text) and joined and isinstance(joined[-1], nodes.Text):
            joined[-1] = nodes.Text(joined[-1] + node)
        else:
            joined.append(node)
    return joined


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
