"""Findings for other programs: JSON, and the commands of GitHub's runners."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sphinx_modelzoo.lint.finding import Finding


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
    """Give a workflow command for each finding, which GitHub shows beside the manifest's line.

    See https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions.
    """
    return "".join(f"{_command(finding)}\n" for finding in findings)


def _command(finding: Finding) -> str:
    fields = {"file": finding.path, "line": finding.line, "col": finding.column}
    fields["title"] = finding.code
    given = ",".join(
        f"{key}={_property(str(value))}" for key, value in fields.items() if value is not None
    )
    return f"::{finding.severity} {given}::{_escaped(finding.message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
