"""Handing out items in their order, in small pieces, each until it is answered.

Nothing here knows of machines or time: who asks for a piece gets the next one.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

LOSSES = 4
"""So many workers are lost with an item, all but the first with it alone, before the item is held
to be the cause: at least, since where many are lost there is a cause beside the items."""
PARTS = 8
"""Into so many parts a piece is broken up that a worker was lost with."""


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """Items that go to one worker at once: those from ``start`` to before ``end`` in the order.

    ``losses`` is how many workers were lost that had it: it is a suspect, if any. A part of a
    larger piece begins with one.
    """

    start: int
    end: int
    losses: int = field(default=0, compare=False)

    @property
    def size(self) -> int:
        """The number of its items."""
        return self.end - self.start


class Pieces:
    """Which items of an order are handed out, answered, or to be handed out again.

    ``front`` is how many items are answered without a gap, from the first on.
    """

    def __init__(self, order: Sequence[str]) -> None:
        self.order = order
        self.front = 0
        self.handed = 0
        self._out: set[Piece] = set()
        self._again: list[Piece] = []
        self._suspects: list[Piece] = []
        self._ahead: dict[int, int] = {}

    @property
    def done(self) -> bool:
        """Whether every item is answered."""
        return self.front == len(self.order)

    @property
    def beyond(self) -> int:
        """How many pieces that were handed out reach beyond the front, answered or not."""
        waiting = len(self._again) + len(self._suspects)
        return len(self._out) + len(self._ahead) + waiting

    @property
    def left(self) -> int:
        """How many items were never handed out."""
        return len(self.order) - self.handed

    def ids(self, piece: Piece) -> Sequence[str]:
        """Give the ids of a piece's items."""
        return self.order[piece.start : piece.end]

    def take(self, size: int, limit: int | None = None, *, suspects: bool = True) -> Piece | None:
        """Hand out the next piece; one that came back goes first, as it is.

        Args:
            size: The number of items, where they are new.
            limit: New items are handed out only while fewer pieces than this reach beyond the
                front: what a verdict leaves unused is then never more.
            suspects: Whether it may be a suspect. One should be all that its worker has, so that
                it is known what a worker was lost over.
        """
        if suspects and self._suspects:
            piece = heapq.heappop(self._suspects)
        elif self._again:
            piece = heapq.heappop(self._again)
        elif self.left and (limit is None or self.beyond < limit):
            piece = Piece(self.handed, min(self.handed + size, len(self.order)))
            self.handed = piece.end
        else:
            return None
        self._out.add(piece)
        return piece

    def answered(self, piece: Piece) -> None:
        """Count a piece as answered."""
        self._out.remove(piece)
        self._ahead[piece.start] = piece.end
        while self.front in self._ahead:
            self.front = self._ahead.pop(self.front)

    def back(self, piece: Piece) -> None:
        """Take a piece back that is not answered, through no fault of its items."""
        self._out.remove(piece)
        heapq.heappush(self._suspects if piece.losses else self._again, piece)

    def lost(self, piece: Piece, limit: int = LOSSES) -> bool:
        """Take a piece back whose worker was lost; tell whether its one item is to blame.

        A piece is broken up, so that it shows which item it is. Where workers are lost for other
        reasons, it is next to never the same single item again and again.

        Args:
            piece: What the worker had.
            limit: With how many losses an item is to blame, which no other worker then gets.
        """
        self._out.remove(piece)
        losses = piece.losses + 1 if piece.size == 1 else 1
        if losses >= limit:
            return True
        step = -(-piece.size // PARTS)
        for start in range(piece.start, piece.end, step):
            heapq.heappush(self._suspects, Piece(start, min(start + step, piece.end), losses))
        return False
