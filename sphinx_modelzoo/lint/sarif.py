"""Findings as SARIF 2.1.0, which code scanners and editors read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sphinx_modelzoo.lint.finding import Finding
from sphinx_modelzoo.lint.rule import Rule
from sphinx_modelzoo.reports import sarif


def sarif_report(findings: Iterable[Finding], rules: Sequence[Rule], version: str) -> str:
    """Give a log of one run: the tool with all its rules, and a result for each finding.

    ``version`` is that of this package.
    """
    return sarif.sarif(
        "modelzoo lint", version, [_rule(rule) for rule in rules], map(_result, findings)
    )


def _rule(rule: Rule) -> sarif.Rule:
    level = rule.severity.value
    return sarif.Rule(rule.code, rule.name, rule.summary, rule.explanation, level)


def _result(finding: Finding) -> sarif.Result:
    return sarif.Result(
        rule=finding.code,
        level=finding.severity.value,
        message=finding.message,
        path=finding.path,
        line=finding.line,
        column=finding.column,
        logical=finding.entry,
    )
