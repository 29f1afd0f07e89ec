"""Statuses that count only where the receipt is signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.manifest.model import Entry, Result, Zoo
from sphinx_modelzoo.receipts.claims import WEIGHTS, file_sha256, local_file
from sphinx_modelzoo.receipts.model import NumberKey, Receipt, Status, StatusKind
from sphinx_modelzoo.receipts.signing import PublicKey, signature_fault
from sphinx_modelzoo.receipts.status import number_key


def trusted(
    zoo: Zoo, found: Mapping[NumberKey, Status], keys: Sequence[PublicKey]
) -> tuple[dict[NumberKey, Status], list[Problem]]:
    """Check the signature of each receipt that a status comes from.

    Returns:
        The statuses, where a receipt that is not as it was signed by one of the keys says nothing:
        its number is claimed, or as stale as before, with what is wrong as its reason. And all that
        is wrong, each once.
    """
    statuses = dict(found)
    faults: dict[Problem, None] = {}
    for entry, result in zoo.rows():
        files: dict[str, str] | None = None
        for metric in result.numbers:
            number = number_key(entry, result, metric)
            status = found.get(number)
            if status is None or status.receipt is None:
                continue
            files = local_files(zoo, entry, result) if files is None else files
            fault = signature_fault(status.receipt, files, keys)
            if fault is not None:
                faults[fault] = None
                statuses[number] = _untrusted(status, fault)
    return statuses, list(faults)


def local_files(zoo: Zoo, entry: Entry, result: Result) -> dict[str, str]:
    """Give the SHA-256 of the weights and the evidence beside the manifest, by their paths in it.

    What is not there is left out.
    """
    paths = [path for path in (entry.weights_file, result.evidence) if path]
    files = {path: local_file(zoo, path) for path in paths}
    return {path: file_sha256(file) for path, file in files.items() if file is not None}


def signed_files(zoo: Zoo, entry: Entry, result: Result, receipt: Receipt) -> dict[str, str]:
    """Give the SHA-256 of the files that a receipt's signature vouches for, by name.

    Weights that are not beside the manifest are named as the recognizer named them.
    """
    files = local_files(zoo, entry, result)
    weights = receipt.depends.get(WEIGHTS, "")
    if weights and weights not in files.values():
        files[str(receipt.weights.get("file") or entry.weights or entry.key)] = weights
    return files


def _untrusted(status: Status, fault: Problem) -> Status:
    if status.kind is StatusKind.STALE:
        return replace(status, reason=f"{status.reason}; {fault.what}")
    return Status(StatusKind.CLAIMED, reason=fault.what)
