"""The receipts of each model, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sphinx_modelzoo.errors import ModelZooError
from sphinx_modelzoo.receipts.model import Receipt
from sphinx_modelzoo.receipts.store import read_receipt, receipt_files

History = Mapping[str, tuple[tuple[Path, Receipt], ...]]
"""By a model's name: its receipts with their files."""


def read_history(folders: Iterable[Path]) -> History:
    """Read the receipts of some folders.

    Damaged ones are passed over: whoever reads the statuses reports them.
    """
    found: dict[str, list[tuple[Path, Receipt]]] = {}
    for folder in dict.fromkeys(folders):
        for path in receipt_files(folder):
            try:
                receipt = read_receipt(path)
            except ModelZooError:
                continue
            found.setdefault(receipt.number.name, []).append((path, receipt))
    for known in found.values():
        known.sort(key=lambda pair: (pair[1].started, pair[0]), reverse=True)
    return {name: tuple(known) for name, known in found.items()}
