"""Which items one machine takes, and where it writes their predictions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sphinx_modelzoo.verify.order import Items
from sphinx_modelzoo.verify.plan import Run

ENDING = ".shard.jsonl"


@dataclass(frozen=True, slots=True)
class Part:
    """The shard ``number``, from 1, of ``of``: every so many-th item of the seeded order.

    All shards are alike in difficulty that way, and what they have in common goes through the order
    from its beginning. ``folder`` is where the shards' files are; ``items`` is up to which item of
    the order all of them together go in a spot check, None where its plan says it.
    """

    number: int
    of: int
    folder: Path
    items: int | None = None

    def __str__(self) -> str:
        """Give ``K/N``."""
        return f"{self.number}/{self.of}"

    def share(self, items: Items) -> Items:
        """Give the items of this shard, in the order in which they go."""
        return replace(items, order=items.order[self.number - 1 :: self.of])

    def within(self, items: int) -> int:
        """Give how many of the first ``items`` of the seeded order are of this shard."""
        return len(range(self.number - 1, items, self.of))

    def file_name(self, run: Run) -> str:
        """Give the beginning of the names of files that are of this shard of a run alone."""
        return f"{run.file_name}.{self.number}-of-{self.of}"

    def path(self, run: Run) -> Path:
        """Give where the shard of a run is written."""
        return self.folder / f"{self.file_name(run)}{ENDING}"
