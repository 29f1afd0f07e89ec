"""The workers that work for a run: what each has open, and what it has to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from sphinx_modelzoo.verify.cluster.pace import Pace
from sphinx_modelzoo.verify.cluster.pieces import Piece


@dataclass(slots=True, eq=False)
class Hand:
    """A worker: its session's future, and the pieces that it has, in the order they came.

    ``ready`` says that its session is open, ``listing`` that it is to list the items, ``proven``
    that it has predicted something; ``futures`` are of all that it was asked for.
    """

    address: str
    session: Any
    ready: bool = False
    listing: bool = False
    proven: bool = False
    pieces: deque[Piece] = field(default_factory=deque)
    pace: Pace = field(default_factory=Pace)
    futures: dict[Any, Any] = field(default_factory=dict)


class Work(Enum):
    """What a worker is asked for."""

    CHECK = auto()
    OPEN = auto()
    ITEMS = auto()
    PREDICT = auto()
    CLOSE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A worker was asked for something, perhaps with a piece."""

    hand: Hand
    work: Work
    piece: Piece | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A worker has done what it was asked for."""

    job: Job
    value: Any


class Crew:
    """All workers of a run."""

    def __init__(self) -> None:
        self._hands: dict[str, Hand] = {}

    def __iter__(self) -> Iterator[Hand]:
        """Give the workers."""
        return iter(self._hands.values())

    def __len__(self) -> int:
        """Give how many workers there are."""
        return len(self._hands)

    def __contains__(self, hand: Hand) -> bool:
        """Tell whether a worker is still the one at its address."""
        return self._hands.get(hand.address) is hand

    @property
    def ready(self) -> list[Hand]:
        """The workers whose session is open; those that have least to do first."""
        return sorted((hand for hand in self if hand.ready), key=lambda hand: len(hand.pieces))

    def join(self, address: str, session: Any) -> Hand:
        """Add a worker."""
        hand = self._hands[address] = Hand(address, session)
        return hand

    def without(self, addresses: Collection[str]) -> list[str]:
        """Give which of some addresses have no worker yet."""
        return sorted(address for address in addresses if address not in self._hands)

    def gone(self, addresses: Collection[str]) -> list[Hand]:
        """Give the workers that are no longer among those that are there."""
        return [hand for hand in self if hand.address not in addresses]

    def leave(self, hand: Hand) -> None:
        """Remove a worker."""
        del self._hands[hand.address]

    def clear(self) -> list[Hand]:
        """Remove all workers, and give them."""
        hands = list(self)
        self._hands.clear()
        return hands
