"""Findings as SARIF 2.1.0, which code scanners and editors read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx_modelzoo.lint.finding import Finding
from sphinx_modelzoo.lint.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_report(findings: Iterable[Finding], rules: Sequence[Rule], version: str) -> str:
    """Give a log of one run: the tool with all its rules, and a result for each finding.

    ``version`` is that of this package.
    """
    index = {rule.code: position for position, rule in enumerate(rules)}
    driver = {
        "name": "modelzoo lint",
        "version": version,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index[finding.code]) for finding in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.path)}}
    if finding.line is not None:
        physical["region"] = {"startLine": finding.line, "startColumn": finding.column}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.entry:
        location["logicalLocations"] = [{"name": finding.entry, "kind": "object"}]
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": finding.message},
        "locations": [location],
    }


def _uri(path: str) -> str:
    """Give a path as a reference: relative where the path is."""
    return Path(path).as_uri() if Path(path).is_absolute() else quote(Path(path).as_posix())
