"""Where the signature of a receipt lies."""

from __future__ import annotations

from pathlib import Path


def bundle_path(receipt: Path) -> Path:
    """Give the path of a receipt's signatures, beside it: ``NAME.json.intoto.jsonl``."""
    return receipt.with_name(f"{receipt.name}.intoto.jsonl")
