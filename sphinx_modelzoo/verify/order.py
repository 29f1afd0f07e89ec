"""The orders in which items go, worked out without a second copy of a million ids."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_PARTS = 64
_WHOLE = 20_000  # so many are sorted at once


@dataclass(frozen=True, slots=True)
class Items:
    """A data set's items: ``ids`` in the list's order, ``labels`` by id, and the order they go in.

    ``order`` holds positions in ``ids``.
    """

    ids: Sequence[str]
    labels: Mapping[str, int]
    order: Sequence[int]

    def in_order(self, start: int = 0, stop: int | None = None) -> list[str]:
        """Give the ids in the order they go in, from the one at ``start`` to before ``stop``."""
        return [self.ids[position] for position in self.order[start:stop]]


def seeded_items(labels: Mapping[str, int], seed: str) -> Items:
    """Order items by SHA-256 of ``seed|id``: an order that no one chose, the same every time."""
    ids = list(labels)
    order = sorted_positions(len(ids), lambda position: _key(ids[position], seed))
    return Items(ids, labels, array("I", order))


def seeded_order(ids: Iterable[str], seed: str) -> list[str]:
    """Give ids in the order of :func:`seeded_items`."""
    return seeded_items(dict.fromkeys(ids, 0), seed).in_order()


def _key(item: str, seed: str) -> bytes:
    return hashlib.sha256(f"{seed}|{item}".encode()).digest()


def sorted_positions(count: int, key: Callable[[int], bytes]) -> Iterator[int]:
    """Give the positions 0..count-1 sorted by their keys, which must all differ.

    A million keys at once would take a hundred megabytes: the positions are dealt into parts by a
    sample of the keys, and each part is sorted by itself.
    """
    if count <= _WHOLE:
        yield from sorted(range(count), key=key)
        return
    sample = sorted(key(index) for index in range(0, count, max(1, count // (8 * _PARTS))))
    cuts = sample[8::8]
    parts = [array("I") for _ in range(len(cuts) + 1)]
    for index in range(count):
        parts[bisect_right(cuts, key(index))].append(index)
    for part in parts:
        yield from sorted(part, key=key)
