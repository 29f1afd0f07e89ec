"""Receipts as files: one JSON file a number, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx_modelzoo.errors import ModelZooError, Problem, UndecidedError
from sphinx_modelzoo.receipts.atomic import write_atomically
from sphinx_modelzoo.receipts.bundle import bundle_path
from sphinx_modelzoo.receipts.claims import EVIDENCE, digest
from sphinx_modelzoo.receipts.model import FORMAT, FULL, SPOT, NumberKey, Receipt, Verdict
from sphinx_modelzoo.receipts.rule import MAX_ALPHA, spot_verdict

# File systems end names at 255 bytes; the temporary name beside a file is longer than its own.
_NAME_LIMIT = 180


def receipt_path(folder: Path, number: NumberKey, tier: str = FULL) -> Path:
    """Give where a number's receipt lies: ``NAME@HASHTAG/DATASET.PROTOCOL.METRIC.json``.

    The receipt of another tier than ``full`` stands beside it and ends in ``.spot.json``. No two
    numbers share a path: what could be mistaken is percent-encoded, and of a name that is too long
    for a file the end gives way to a digest.
    """
    parts = (number.dataset, number.protocol, number.metric)
    name = file_name(part for part in parts if part)
    ending = ".json" if tier == FULL else f".{tier}.json"
    return folder / entry_folder(number.name, number.hashtag) / f"{name}{ending}"


def entry_folder(name: str, hashtag: str) -> str:
    """Give the name of an entry's folder: ``NAME@HASHTAG``, nothing in it that a path means."""
    safe = _safe(f"{name}@{hashtag}" if hashtag else name)
    # Neither hidden nor a folder above.
    return _cut(f"%2E{safe[1:]}" if safe.startswith(".") else safe)


def file_name(parts: Iterable[str]) -> str:
    """Give the beginning of a file's name from its parts, with dots between."""
    safe = [_safe(part).replace(".", "%2E") for part in parts]
    if safe[-1] == SPOT:
        safe[-1] = f"%{ord(SPOT[0]):X}{SPOT[1:]}"  # a metric, not taken for the tier
    return _cut(".".join(safe))


def write_receipt(folder: Path, receipt: Receipt) -> Path:
    """Write a receipt in place of the number's former one of its tier, and give its path.

    Raises:
        UndecidedError: the file cannot be written.
    """
    path = receipt_path(folder, receipt.number, receipt.tier)
    fields = {"receipt": FORMAT, "key": digest(receipt.depends), **asdict(receipt)}
    text = json.dumps(fields, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        bundle_path(path).unlink(missing_ok=True)  # it signs the former receipt
        write_atomically(path, text)
    except OSError as error:
        problem = Problem(
            f"the receipt cannot be written: {error.strerror}",
            "name a writable folder with --receipts",
            str(path),
        )
        raise UndecidedError(problem) from error
    return path


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
    # What receipts of the first versions lack has its default.
    made = Receipt.__dataclass_fields__
    fields = {name: data[name] for name in made if name in data or name not in _LATER}
    fields["number"] = NumberKey(**_mapping(data, "number", str))
    low, high = (int(count) for count in data["band"])
    fields["band"] = (low, high)
    fields["verdict"] = Verdict(data["verdict"])
    for names, kinds, what in _KINDS:
        for name in names:
            if name in fields and type(fields[name]) not in kinds:
                message = f"{name!r} is not {what}"
                raise TypeError(message)
    fields["depends"] = _mapping(data, "depends", str)
    if "e_values" in fields:
        fields["e_values"] = _mapping(data, "e_values", str)
    fields["weights"] = _mapping(data, "weights", (str, int))
    fields["environment"] = _mapping(data, "environment", str)
    return Receipt(**fields)


_LATER = frozenset({"alpha", "delta", "e_values", "detectable", "unreadable", "evidence"})
_KINDS = (
    (("correct", "n", "total", "unreadable"), {int}, "a whole number"),
    (("listed", "predictions", "started", "tool", "tier", "seed", "evidence"), {str}, "text"),
    (("duration", "alpha", "delta", "detectable"), {int, float}, "a number"),
)


def _mapping(data: Mapping[str, Any], name: str, kinds: type | tuple[type, ...]) -> dict[str, Any]:
    """Give a field that is a mapping with values of some kinds."""
    value = data[name]
    if not isinstance(value, dict) or not all(isinstance(part, kinds) for part in value.values()):
        message = f"{name!r} is not a mapping of texts"
        raise TypeError(message)
    return value


def _fault(receipt: Receipt, key: object) -> str:
    """Say in what a receipt contradicts itself; empty where it does not."""
    samples = receipt.depends.get("claim.samples", str(receipt.total))
    if key != digest(receipt.depends):
        return "its key does not fit what it depends on"
    if not 0 <= receipt.correct <= receipt.n <= receipt.total or samples != str(receipt.total):
        return "its counts are impossible"
    if receipt.listed != receipt.depends.get("claim.listed"):
        return "its listed number is not the one that was verified"
    if receipt.tier == SPOT:
        return _test_fault(receipt) or _spot_fault(receipt)
    if receipt.tier == FULL:
        return _full_fault(receipt)
    return f"its tier is {receipt.tier!r}, where {FULL!r} and {SPOT!r} are known"


def _full_fault(receipt: Receipt) -> str:
    """Say in what the receipt of all items contradicts itself; empty where it does not."""
    if receipt.n != receipt.total:
        return f"its tier is {FULL!r}, and it counted {receipt.n} of {receipt.total} items"
    low, high = receipt.band
    right = Verdict.CONFIRMED if low <= receipt.correct <= high else Verdict.REFUTED
    return "" if receipt.verdict is right else "its verdict does not follow from its counts"


def _test_fault(receipt: Receipt) -> str:
    """Say in what the test of a part contradicts itself; empty where it does not."""
    try:
        found = {name: float(value) for name, value in receipt.e_values.items()}
    except ValueError:
        return "an e-value is no number"
    if not all(value >= 0 for value in found.values()):
        return "an e-value is no number from 0"
    if not 0 < receipt.alpha <= MAX_ALPHA:
        return "its alpha is no error rate"
    if receipt.depends.get(EVIDENCE, "") != receipt.evidence:
        return "its evidence is not what it depends on"
    if spot_verdict(found, receipt.alpha) is not receipt.verdict:
        return "its verdict does not follow from its e-values"
    return ""


def _spot_fault(receipt: Receipt) -> str:
    """Say in what a verdict of a part contradicts its counts; empty where it does not."""
    if receipt.unreadable or receipt.verdict is Verdict.UNDECIDED:
        return "it decides nothing"
    # What the count of all items can still be, whatever the others are.
    least, most = receipt.correct, receipt.correct + receipt.total - receipt.n
    low, high = receipt.band
    if receipt.verdict is Verdict.CONFIRMED:
        possible = least <= high and low <= most
    else:
        possible = least < low or high < most
    return "" if possible else "its verdict cannot be true of its counts"


def _safe(text: str) -> str:
    return quote(text, safe="@+=,~")


def _cut(name: str) -> str:
    if len(name) <= _NAME_LIMIT:
        return name
    return f"{name[: _NAME_LIMIT - 17]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
