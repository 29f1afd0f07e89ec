"""Findings as JUnit's XML: a suite a manifest, a case a rule or finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sphinx_modelzoo.lint.finding import Finding, Severity
from sphinx_modelzoo.lint.rule import Rule
from sphinx_modelzoo.reports.junit import Case, Result, junit


def junit_report(
    found: Mapping[str, Sequence[Finding]], rules: Sequence[Rule], *, strict: bool
) -> str:
    """Give the report on manifests, by their paths: each rule that found nothing is a case passed.

    A warning is a failure only when ``strict``; else it is the output of a case that passed.
    """
    return junit(
        "modelzoo lint",
        {path: _cases(path, findings, rules, strict=strict) for path, findings in found.items()},
    )


def _cases(
    path: str, findings: Sequence[Finding], rules: Sequence[Rule], *, strict: bool
) -> list[Case]:
    broken = {finding.code for finding in findings}
    names = {rule.code: f"{rule.code} {rule.name}" for rule in rules}
    clean = [Case(path, name) for code, name in names.items() if code not in broken]
    return clean + [_case(path, names[each.code], each, strict=strict) for each in findings]


def _case(path: str, name: str, finding: Finding, *, strict: bool) -> Case:
    fails = strict or finding.severity is Severity.ERROR
    return Case(
        group=path,
        name=f"{name} {finding.line}:{finding.column}" if finding.line else name,
        result=Result.FAILURE if fails else Result.PASSED,
        kind=finding.severity if fails else "",
        message=finding.message if fails else "",
        text=f"{finding.place}: {finding.message}",
        path=finding.path,
        line=finding.line,
    )
