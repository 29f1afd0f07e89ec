"""What one run saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.pipe.messages import DataSource, Opened
from sphinx_modelzoo.verify.count import Counts, Lines, counts_of, sorted_lines
from sphinx_modelzoo.verify.journal import Journal
from sphinx_modelzoo.verify.reruns import Reruns
from sphinx_modelzoo.verify.shards.file import ShardFile
from sphinx_modelzoo.verify.spot import Spot
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Tier


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run saw of ``total`` items, from ``started`` (UTC) on, in ``duration`` seconds.

    Of the tier ``full``, ``counts`` are over all items. Of ``spot``, ``spots`` gives how each
    metric's number stands, and ``spent`` whether the time was over first. Of ``golden``, ``golden``
    is what is wrong with the scores. ``evidence`` is the digest of what predictions were compared
    with; ``kept`` is how many items came from a former run's journal. ``lines`` gives the line of
    each item, sorted; ``journal`` is to be removed when all is written, or closed. ``reruns`` is
    how many items were run again in the reference; None of the reference itself. ``shard`` is the
    file that the items of this machine were written to, where others have the rest; ``advice`` is
    what to do about numbers that are undecided still.
    """

    tier: Tier
    total: int
    fingerprint: str
    opened: Opened
    source: DataSource
    seed: str
    started: str
    duration: float
    counts: Counts = field(default_factory=lambda: Counts(0, {}, {}, ""))
    spots: Mapping[str, Spot] = field(default_factory=dict)
    golden: Problem | None = None
    spent: bool = False
    evidence: str = ""
    files: str = ""
    kept: int = 0
    journal: Journal | None = None
    reruns: Reruns | None = None
    shard: ShardFile | None = None
    advice: str = ""
    lines: Callable[[], Iterator[bytes]] = field(default=lambda: iter(()))


def with_counts(measured: Measured, tally: Tally, where: Lines) -> Measured:
    """Add what a tally counted; of a spot check, up to the item that decided the last number."""
    n = tally.n
    if measured.tier is Tier.SPOT:
        spots = {test.metric.key: test.spot() for test in tally.tests}
        n = max(spot.n for spot in spots.values())
        measured = replace(measured, spots=spots)
    counts = counts_of(tally, where, n)
    return replace(measured, counts=counts, lines=partial(sorted_lines, tally, where, n))
