"""SARIF 2.1.0, which code scanners and editors read.

See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of result; ``name`` is words with hyphens, ``level`` is error, warning or note."""

    id: str
    name: str
    summary: str
    explanation: str
    level: str


@dataclass(frozen=True, slots=True)
class Result:
    """A thing found: its rule, what to say, and where.

    ``line`` and ``column`` count from 1; ``logical`` is what it is about, such as an entry.
    ``fingerprint`` is the same for the same thing found again, wherever it stands then.
    """

    rule: str
    level: str
    message: str
    path: str = ""
    line: int | None = None
    column: int | None = None
    logical: str = ""
    fingerprint: str = ""


def sarif(tool: str, version: str, rules: Sequence[Rule], results: Iterable[Result]) -> str:
    """Give a log of one run of a tool: the tool with all its rules, and its results."""
    index = {rule.id: position for position, rule in enumerate(rules)}
    driver = {"name": tool, "version": version, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, index[result.rule]) for result in results],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "defaultConfiguration": {"level": rule.level},
    }


def _result(result: Result, index: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "ruleId": result.rule,
        "ruleIndex": index,
        "level": result.level,
        "message": {"text": result.message},
    }
    location: dict[str, Any] = {}
    if result.path:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(result.path)}}
        if result.line is not None:
            physical["region"] = {"startLine": result.line, "startColumn": result.column}
        location["physicalLocation"] = physical
    if result.logical:
        location["logicalLocations"] = [{"name": result.logical, "kind": "object"}]
    if location:
        fields["locations"] = [location]
    if result.fingerprint:
        fields["partialFingerprints"] = {"modelzoo/v1": result.fingerprint}
    return fields


def _uri(path: str) -> str:
    """Give a path as a reference: relative where the path is."""
    return Path(path).as_uri() if Path(path).is_absolute() else quote(Path(path).as_posix())
