"""Findings as JUnit's XML: a suite a manifest, a case a rule or finding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from sphinx_modelzoo.lint.finding import Finding, Severity
from sphinx_modelzoo.lint.rule import Rule

# XML 1.0 has no way to write other characters than these, not even escaped. (A text and not a
# compiled pattern, which would take as long as all other imports of a lint without this report.)
_FORBIDDEN = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def junit_report(
    found: Mapping[str, Sequence[Finding]], rules: Sequence[Rule], *, strict: bool
) -> str:
    """Give the report on manifests, by their paths: each rule that found nothing is a case passed.

    A warning is a failure only when ``strict``; else it is the output of a case that passed.
    """
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<testsuites name="modelzoo lint">']
    for path, findings in found.items():
        lines += _suite(path, findings, rules, strict=strict)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suite(
    path: str, findings: Sequence[Finding], rules: Sequence[Rule], *, strict: bool
) -> Iterator[str]:
    broken = {finding.code for finding in findings}
    clean = [rule for rule in rules if rule.code not in broken]
    failures = sum(strict or finding.severity is Severity.ERROR for finding in findings)
    yield (
        f'  <testsuite name={_attribute(path)} tests="{len(findings) + len(clean)}" '
        f'failures="{failures}" errors="0" skipped="0">'
    )
    for rule in clean:
        yield f"    <testcase classname={_attribute(path)} name={_attribute(_name(rule))}/>"
    names = {rule.code: _name(rule) for rule in rules}
    for finding in findings:
        yield from _case(finding, names[finding.code], path, strict=strict)
    yield "  </testsuite>"


def _name(rule: Rule) -> str:
    return f"{rule.code} {rule.name}"


def _case(finding: Finding, name: str, path: str, *, strict: bool) -> Iterator[str]:
    named = f"{name} {finding.line}:{finding.column}" if finding.line else name
    file = f" file={_attribute(finding.path)}"
    line = f' line="{finding.line}"' if finding.line else ""
    yield f"    <testcase classname={_attribute(path)} name={_attribute(named)}{file}{line}>"
    text = f"{finding.place}: {finding.message}"
    if strict or finding.severity is Severity.ERROR:
        told = f"message={_attribute(finding.message)} type={_attribute(finding.severity)}"
        yield f"      <failure {told}>{_escaped(text)}</failure>"
    else:
        yield f"      <system-out>{_escaped(text)}</system-out>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return escape(re.sub(_FORBIDDEN, "\ufffd", text))
