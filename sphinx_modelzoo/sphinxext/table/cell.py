"""What a cell shows, before it is known for which builder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text within a cell, perhaps a link.

    At most one of these is given: ``url`` leads out of the documentation, ``file`` is a download
    as the build calls it, ``target`` is a page and an id on it, ``paper`` is the key of a paper
    whose number the text is. ``formula`` stands for the text in LaTeX, whose fonts lack it.
    ``label`` says in words what the text is a sign for.
    """

    text: str
    classes: tuple[str, ...] = ()
    url: str = ""
    file: str = ""
    target: tuple[str, str] | None = None
    paper: str = ""
    formula: str = ""
    label: str = ""

    @property
    def is_plain(self) -> bool:
        """Tell whether it is a text and nothing else."""
        return not (self.classes or self.url or self.file or self.target or self.paper)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its lines, each of some pieces.

    ``sort`` is what it is sorted by and ``choices`` what readers choose it by, where its text is
    neither; ``title`` is a remark that shows when the pointer rests on it.
    """

    lines: tuple[tuple[Piece, ...], ...] = ()
    sort: str = ""
    choices: tuple[str, ...] = ()
    title: str = ""

    @property
    def text(self) -> str:
        """The cell's text, its lines with a space between."""
        return " ".join("".join(piece.text for piece in line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row of cells. ``target`` is its id, ``load`` the line that loads its model."""

    cells: tuple[Cell, ...]
    target: str = ""
    load: str = ""


@dataclass(frozen=True, slots=True)
class BodyGroup:
    """Rows under a title, which is empty where the table has no groups."""

    title: str
    rows: tuple[BodyRow, ...]
