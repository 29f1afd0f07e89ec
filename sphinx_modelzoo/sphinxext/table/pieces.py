"""A stretch of a cell's text as a docutils node."""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from sphinx import addnodes

from sphinx_modelzoo.sphinxext.table.cell import Piece


def piece_node(
    piece: Piece, form: str, link: Callable[[tuple[str, str]], nodes.Node] | None = None
) -> nodes.Node:
    """Give the node of a piece for builders of a format.

    ``link`` makes a link to a page and an id on it; LaTeX's shapes are formulas, which any font
    has.
    """
    node = _linked(piece, form, link)
    if not piece.classes:
        return node
    return nodes.inline("", "", node, classes=list(piece.classes))


def _linked(
    piece: Piece, form: str, link: Callable[[tuple[str, str]], nodes.Node] | None
) -> nodes.Node:
    text = piece.text
    if piece.url:
        return nodes.reference(text, text, name=text, refuri=piece.url, internal=False)
    if piece.file:
        return addnodes.download_reference(text, text, filename=piece.file, reftarget=piece.file)
    if piece.target and link:
        return link(piece.target)
    if piece.formula and form == "latex":
        return nodes.math(piece.formula, piece.formula)
    return nodes.Text(text)
