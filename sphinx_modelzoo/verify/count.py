"""What was counted of a run, and the digest of all that was seen."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol as Interface

from sphinx_modelzoo.receipts.evidence_lines import item_key
from sphinx_modelzoo.verify.order import sorted_positions
from sphinx_modelzoo.verify.tally import Tally


class Lines(Interface):
    """Where the lines of predictions lie, such as a journal."""

    def lines(self, offsets: Iterator[int]) -> Iterator[bytes]:
        """Give the lines at some offsets, each with its newline."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted over ``n`` readable items.

    ``correct`` gives for each k how many items had their label among their first k classes;
    ``unreadable`` the ids of the other items, in the order in which items go, with what was wrong;
    ``unsettled`` which of them only lack a reference to decide between close scores; ``digest`` is
    that of all predictions, in hex.
    """

    n: int
    correct: Mapping[int, int]
    unreadable: Mapping[str, str]
    digest: str
    unsettled: Collection[str] = ()


def counts_of(tally: Tally, where: Lines, n: int) -> Counts:
    """Give what a tally counted, with the digest of the first ``n`` predictions of the order."""
    digest = lines_digest(sorted_lines(tally, where, n))
    readable = tally.n - len(tally.unreadable)
    unsettled = frozenset(tally.unsettled)
    return Counts(readable, dict(tally.correct), dict(tally.unreadable), digest, unsettled)


def sorted_lines(tally: Tally, where: Lines, n: int) -> Iterator[bytes]:
    """Give the lines of the first ``n`` predictions of the order, sorted by their bytes."""
    items = tally.items
    positions = sorted_positions(n, lambda index: item_key(items.ids[items.order[index]]))
    return where.lines(tally.offsets[index] for index in positions)


def lines_digest(lines: Iterator[bytes]) -> str:
    """Give the digest of predictions: SHA-256 of their lines, in hex."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()
