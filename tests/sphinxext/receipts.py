"""Receipts for the tests, as verify-zoo would write them."""

from __future__ import annotations

from pathlib import Path

from sphinx_modelzoo.manifest.numbers import band, tolerance
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.claims import claim, observed
from sphinx_modelzoo.receipts.model import Receipt, Verdict
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.receipts.store import write_receipt


def verify(
    manifest: Path, folder: Path, entry_key: str, *, correct: int, metric: str = "top1"
) -> Path:
    """Write the receipt of a full run that counted ``correct`` items."""
    zoo = read_zoo(manifest)
    entry = next(entry for entry in zoo.entries if entry.key == entry_key)
    result = entry.results[0]
    dataset = zoo.datasets[result.dataset]
    number = result.numbers[metric]
    total = dataset.samples or 0
    counts = band(number, zoo.metrics[metric], total, tolerance(zoo.metrics[metric], dataset.media))
    receipt = Receipt(
        number=number_key(entry, result, metric),
        listed=number.text,
        correct=correct,
        n=total,
        total=total,
        band=(counts.low, counts.high),
        verdict=Verdict.CONFIRMED if correct in counts else Verdict.REFUTED,
        depends=claim(zoo, entry, result, zoo.metrics[metric]) | observed(zoo, entry, result),
        predictions="0" * 64,
        started="2026-11-23T10:00:00Z",
        duration=1.0,
        tool="verify-zoo",
    )
    return write_receipt(folder, receipt)
