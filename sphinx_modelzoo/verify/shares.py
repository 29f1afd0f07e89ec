"""What each run has to itself: its journal, its share of the budget, and its former pace."""

from __future__ import annotations

from pathlib import Path

from sphinx_modelzoo.errors import ModelZooError
from sphinx_modelzoo.receipts.model import FULL, SPOT
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.receipts.store import read_receipt, receipt_path
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.record import CLUSTER, KEPT
from sphinx_modelzoo.verify.shards.part import Part

JOURNALS = ".journals"


def journal_path(receipts: Path, run: Run, part: Part | None = None) -> Path:
    """Give where a run's journal lies: in a folder of the receipts' that versioning passes over.

    Each shard, a ``part`` of a run, has its own.
    """
    name = part.file_name(run) if part else run.file_name
    return receipts / JOURNALS / f"{name}.journal"


def former_pace(receipts: Path, run: Run, *, cluster: bool) -> float | None:
    """Give the seconds an item that a receipt of this run tells of; None where there is none.

    What a ``cluster`` took says nothing of one machine, nor the other way round.
    """
    for metric in run.counted:
        number = number_key(run.entry, run.result, metric.key)
        for tier in (FULL, SPOT):
            path = receipt_path(receipts, number, tier)
            if not path.is_file():
                continue
            try:
                receipt = read_receipt(path)
                predicted = receipt.n - int(receipt.environment.get(KEPT, "0"))
            except (ModelZooError, ValueError):
                continue
            if predicted > 0 and cluster == (CLUSTER in receipt.environment):
                return receipt.duration / predicted
    return None
