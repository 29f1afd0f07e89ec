"""A receipt as an in-toto statement: what other tools can read of a verification.

The statement is of the type https://in-toto.io/Statement/v1 with the predicate *test result*
(https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sphinx_modelzoo.receipts.claims import FINGERPRINT, digest
from sphinx_modelzoo.receipts.model import Receipt, Verdict

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"

_SHA256 = re.compile(r"[0-9a-f]{64}")
# What the predicate calls each verdict, and the list that names the test.
_RESULTS = {
    Verdict.CONFIRMED: ("PASSED", "passedTests"),
    Verdict.UNDECIDED: ("WARNED", "warnedTests"),
    Verdict.REFUTED: ("FAILED", "failedTests"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What a signed statement says that a check needs.

    ``subjects`` are the SHA-256 of files by their names; ``test`` is the number that was verified,
    in words.
    """

    subjects: Mapping[str, str]
    test: str


def statement(receipt: Receipt, subjects: Mapping[str, str]) -> dict[str, Any]:
    """Give the statement about a receipt.

    Args:
        receipt: What was seen.
        subjects: The SHA-256 in hex of each file that the statement is about, by the file's name:
            the receipt's own, and the weights and the evidence that are known.
    """
    result, listed_in = _RESULTS[receipt.verdict]
    tests: dict[str, list[str]] = {"passedTests": [], "warnedTests": [], "failedTests": []}
    tests[listed_in].append(test_name(receipt))
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": sha}} for name, sha in subjects.items()],
        "predicateType": TEST_RESULT,
        "predicate": {"result": result, "configuration": _configuration(receipt), **tests},
    }


def statement_bytes(receipt: Receipt, subjects: Mapping[str, str]) -> bytes:
    """Give the statement as the bytes that are signed."""
    text = json.dumps(statement(receipt, subjects), ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def read_statement(payload_type: str, payload: bytes) -> Statement | None:
    """Read a statement as it was signed; None for one that is not about a test's result.

    Others may stand beside it, and are none of ours.
    """
    if payload_type != PAYLOAD_TYPE:
        return None
    try:
        data = json.loads(payload)
        if (data["_type"], data["predicateType"]) != (STATEMENT_TYPE, TEST_RESULT):
            return None
        subjects = {
            str(subject["name"]): str(subject["digest"]["sha256"]) for subject in data["subject"]
        }
        predicate = data["predicate"]
        tests = [str(test) for _, name in _RESULTS.values() for test in predicate.get(name, ())]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Statement(subjects, ", ".join(tests))


def test_name(receipt: Receipt) -> str:
    """Say which number a receipt is about, as the name of a test."""
    number = receipt.number
    entry = f"{number.name}@{number.hashtag}" if number.hashtag else number.name
    under = f" under {number.protocol}" if number.protocol else ""
    listed = f"{number.metric} {receipt.listed}"
    return f"{entry}: {listed} on {number.dataset}{under} ({receipt.tier})"


def _configuration(receipt: Receipt) -> list[dict[str, Any]]:
    """Give what the result depends on, and the data set's list, as in-toto resources."""
    depends = dict(receipt.depends)
    resources: list[dict[str, Any]] = [
        {"name": "depends", "digest": {"sha256": digest(depends)}, "annotations": depends}
    ]
    fingerprint = depends.get(FINGERPRINT, "")
    if _SHA256.fullmatch(fingerprint):
        resources.append({"name": receipt.number.dataset, "digest": {"sha256": fingerprint}})
    return resources
