"""Receipts as files: one JSON file a number, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx_modelzoo.errors import ModelZooError, Problem, UndecidedError
from sphinx_modelzoo.receipts.claims import digest
from sphinx_modelzoo.receipts.model import FORMAT, FULL, NumberKey, Receipt, Verdict

# File systems end names at 255 bytes; the temporary name beside a file is longer than its own.
_NAME_LIMIT = 180


def receipt_path(folder: Path, number: NumberKey) -> Path:
    """Give where a number's receipt lies: ``NAME@HASHTAG/DATASET.PROTOCOL.METRIC.json``.

    No two numbers share a path: what could be mistaken is percent-encoded, and of a name that is
    too long for a file the end gives way to a digest.
    """
    entry = f"{number.name}@{number.hashtag}" if number.hashtag else number.name
    parts = (number.dataset, number.protocol, number.metric)
    safe = ".".join(_safe(part).replace(".", "%2E") for part in parts if part)
    name = _safe(entry)
    name = f"%2E{name[1:]}" if name.startswith(".") else name  # neither hidden nor a folder above
    return folder / _cut(name) / f"{_cut(safe)}.json"


def write_receipt(folder: Path, receipt: Receipt) -> Path:
    """Write a receipt in place of the number's former one, and give its path.

    Raises:
        UndecidedError: the file cannot be written.
    """
    path = receipt_path(folder, receipt.number)
    fields = {"receipt": FORMAT, "key": digest(receipt.depends), **asdict(receipt)}
    text = json.dumps(fields, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text)
    except OSError as error:
        problem = Problem(
            f"the receipt cannot be written: {error.strerror}",
            "name a writable folder with --receipts",
            str(path),
        )
        raise UndecidedError(problem) from error
    return path


def write_atomically(path: Path, text: str) -> None:
    """Write a file under a temporary name beside it, and rename it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def receipt_files(folder: Path) -> list[Path]:
    """Give the receipts' files of a folder, sorted; none where the folder does not exist."""
    return sorted(path for path in folder.glob("*/*.json") if path.is_file())


def read_receipt(path: Path) -> Receipt:
    """Read a receipt and check that it agrees with itself.

    Raises:
        ModelZooError: the file is not a receipt of this format, or was changed by hand.
    """
    remedy = "run verify-zoo again, or remove the file"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.get("receipt") != FORMAT:
            problem = Problem(f"this is not a receipt of format {FORMAT}", remedy, str(path))
            raise ModelZooError(problem)
        receipt = _receipt(data)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        problem = Problem(f"the receipt cannot be read: {error}", remedy, str(path))
        raise ModelZooError(problem) from error
    fault = _fault(receipt, data.get("key"))
    if fault:
        raise ModelZooError(Problem(f"the receipt was changed: {fault}", remedy, str(path)))
    return receipt


def _receipt(data: Mapping[str, Any]) -> Receipt:
    fields = {name: data[name] for name in Receipt.__dataclass_fields__}
    fields["number"] = NumberKey(**_mapping(data, "number", str))
    low, high = (int(count) for count in data["band"])
    fields["band"] = (low, high)
    fields["verdict"] = Verdict(data["verdict"])
    for name in ("correct", "n", "total"):
        if type(fields[name]) is not int:
            message = f"{name!r} is not a whole number"
            raise TypeError(message)
    for name in ("listed", "predictions", "started", "tool", "tier", "seed"):
        if not isinstance(fields[name], str):
            message = f"{name!r} is not text"
            raise TypeError(message)
    fields["depends"] = _mapping(data, "depends", str)
    fields["weights"] = _mapping(data, "weights", (str, int))
    fields["environment"] = _mapping(data, "environment", str)
    return Receipt(**fields)


def _mapping(data: Mapping[str, Any], name: str, kinds: type | tuple[type, ...]) -> dict[str, Any]:
    """Give a field that is a mapping with values of some kinds."""
    value = data[name]
    if not isinstance(value, dict) or not all(isinstance(part, kinds) for part in value.values()):
        message = f"{name!r} is not a mapping of texts"
        raise TypeError(message)
    return value


def _fault(receipt: Receipt, key: object) -> str:
    """Say in what a receipt contradicts itself; empty where it does not."""
    low, high = receipt.band
    holds = receipt.n == receipt.total and low <= receipt.correct <= high
    samples = receipt.depends.get("claim.samples", str(receipt.total))
    if key != digest(receipt.depends):
        return "its key does not fit what it depends on"
    if not 0 <= receipt.correct <= receipt.n <= receipt.total or samples != str(receipt.total):
        return "its counts are impossible"
    if receipt.listed != receipt.depends.get("claim.listed"):
        return "its listed number is not the one that was verified"
    if receipt.tier != FULL:
        return f"its tier is {receipt.tier!r}, where only {FULL!r} is known"
    if holds != (receipt.verdict is Verdict.CONFIRMED):
        return "its verdict does not follow from its counts"
    return ""


def _safe(text: str) -> str:
    return quote(text, safe="@+=,~")


def _cut(name: str) -> str:
    if len(name) <= _NAME_LIMIT:
        return name
    return f"{name[: _NAME_LIMIT - 17]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
