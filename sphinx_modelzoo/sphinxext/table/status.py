"""The standing of a number, as words and a shape, never as colour alone."""

from __future__ import annotations

import re

from sphinx_modelzoo.receipts.model import Status, StatusKind
from sphinx_modelzoo.receipts.words import MARKS, status_text
from sphinx_modelzoo.sphinxext.table.cell import Piece

FORMULAS = {
    StatusKind.VERIFIED: r"\checkmark",
    StatusKind.SPOT: r"\odot",
    StatusKind.CLAIMED: r"\circ",
    StatusKind.STALE: r"\triangle",
    StatusKind.REFUTED: r"\times",
}
"""What stands for the marks in LaTeX, whose fonts lack them."""


def status_pieces(status: Status, receipt: str = "") -> list[Piece]:
    """Give a status; its kind and date lead to the receipt, where the build has a copy of it."""
    mark, formula = MARKS[status.kind], FORMULAS[status.kind]
    kind = (f"zoo-{status.kind.value}",)
    head, rest = _parted(status_text(status))
    pieces = [
        Piece(mark, classes=("zoo-mark", *kind), formula=formula),
        Piece(" "),
        Piece(head, classes=kind, file=receipt),
    ]
    return [*pieces, Piece(rest, classes=kind)] if rest else pieces


def _parted(text: str) -> tuple[str, str]:
    """Part the kind and the date from what follows them."""
    match = re.match(r"[^,:]*", text)
    end = match.end() if match else len(text)
    return text[:end], text[end:]
