"""Findings for other programs: JSON, and the commands of GitHub's runners."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sphinx_modelzoo.lint.finding import Finding
from sphinx_modelzoo.reports.github import annotation


def json_report(findings: Iterable[Finding]) -> str:
    """Give an array of objects with code, severity, message, path, line, column and entry.

    ``entry`` is null for a finding about no entry; ``line`` and ``column`` count from 1, and are
    null for a finding about a whole file.
    """
    return json.dumps([_fields(finding) for finding in findings], indent=2) + "\n"


def _fields(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "entry": finding.entry or None,
    }


def github_report(findings: Iterable[Finding]) -> str:
    """Give a workflow command for each finding, which GitHub shows beside the manifest's line."""
    return "".join(f"{_annotation(finding)}\n" for finding in findings)


def _annotation(finding: Finding) -> str:
    return annotation(
        finding.severity,
        finding.message,
        title=finding.code,
        path=finding.path,
        line=finding.line,
        column=finding.column,
    )
