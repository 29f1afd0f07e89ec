"""Workers that are lost: when an item, the model or the list is held to be the cause."""

from __future__ import annotations

from collections.abc import Collection

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.verify.cluster.crew import Hand
from sphinx_modelzoo.verify.cluster.pieces import LOSSES, Piece, Pieces
from sphinx_modelzoo.verify.text import printable


class Losses:
    """How many workers a run has lost."""

    def __init__(self) -> None:
        self._all = 0
        self._at_open = 0
        self._at_list = 0

    def none_at_open(self) -> None:
        """Take note that the model can be opened."""
        self._at_open = 0

    def count(
        self,
        hand: Hand,
        had: Collection[Piece],
        pieces: Pieces,
        *,
        alone: bool,
        cause: Problem | None,
    ) -> None:
        """Count a lost worker, and take its pieces back.

        Args:
            hand: The worker.
            had: What it had.
            pieces: Where that goes back to.
            alone: Whether no other worker has the model open.
            cause: What is known of it, where its recognizer was lost and not the worker.

        Raises:
            UndecidedError: an item, the model or the list was at work when too many were lost.
        """
        self._all += 1
        # By chance the same item is hit more often, the more are lost.
        limit = max(LOSSES, self._all.bit_length())
        over = ""
        for piece in had:
            if pieces.lost(piece, limit):
                over = f"the item {printable(pieces.ids(piece)[0])!r}"
        if not hand.ready:
            self._at_open += 1
            if alone and self._at_open >= limit:
                over = "no more than the model to open"
        if hand.listing:
            self._at_list += 1
            if self._at_list >= limit:
                over = "the items to list"
        if not over:
            return
        last = f"the last at {hand.address}"
        remedy = "see its log: the memory may have run out, or a library fails there"
        if cause is not None:
            last, remedy = f"the last time {cause.what}", cause.remedy
        what = f"{limit} workers were lost while they had {over}, {last}"
        raise UndecidedError(Problem(what, remedy))
