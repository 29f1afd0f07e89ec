"""Findings as text, with the line of the manifest that each is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sphinx_modelzoo.lint.finding import Finding, Severity

_WIDTH = 100
_BEFORE = 30  # characters shown before the place, where a line is too long to show
_COLOURS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}
_CARET = "\x1b[1;32m"
_RESET = "\x1b[0m"

_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,:\[\]{}]+(?::(?=\S)[^\s,\[\]{}]+)*")


class Sources:
    """The lines of the files that findings are about, each file read once.

    ``texts`` holds what was not read from a file, such as standard input.
    """

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._texts = dict(texts)
        self._lines: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str:
        """Give a line by its number from 1; empty where it cannot be read."""
        if path not in self._lines:
            self._lines[path] = self._read(path)
        lines = self._lines[path]
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def _read(self, path: str) -> list[str]:
        try:
            data = self._texts[path] if path in self._texts else Path(path).read_bytes()
        except OSError:
            return []
        # YAML's line breaks, in which the reader counts; str.splitlines knows further ones.
        return re.split(r"\r\n|[\n\r\x85\u2028\u2029]", data.decode("utf-8-sig", "replace"))


def text_report(findings: Iterable[Finding], sources: Sources, *, coloured: bool) -> Iterator[str]:
    """Give the lines of the report: a message, the manifest's line, and a caret under the place."""
    for finding in findings:
        mark = f"{finding.severity} {finding.code}"
        if coloured:
            mark = f"{_COLOURS[finding.severity]}{mark}{_RESET}"
        yield f"{_shown(finding.place)}: {mark}: {_shown(finding.message)}"
        if finding.line is not None and finding.column is not None:
            line = sources.line(finding.path, finding.line)
            if line.strip():
                yield from _excerpt(line, finding.line, finding.column - 1, coloured=coloured)


def summary(findings: Iterable[Finding], manifests: int) -> str:
    """Give the closing line."""
    severities = [finding.severity for finding in findings]
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    parts = [
        f"{count} {noun}{'' if count == 1 else 's'}"
        for count, noun in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    what = " and ".join(parts) or "nothing found"
    return f"{what} in {manifests} manifests" if manifests > 1 else what


def _excerpt(line: str, number: int, column: int, *, coloured: bool) -> Iterator[str]:
    start = 0
    if len(line) > _WIDTH:
        start = max(0, min(column - _BEFORE, len(line) - _WIDTH))
    match = _TOKEN.match(line, column)
    length = min(match.end() - column if match else 1, start + _WIDTH - column)
    shown = _shown(line[start : start + _WIDTH])
    ahead, behind = "…" if start else "", "…" if start + _WIDTH < len(line) else ""
    caret = "^" * max(1, length)
    if coloured:
        caret = f"{_CARET}{caret}{_RESET}"
    yield f"{number:>6} | {ahead}{shown}{behind}"
    yield f"{'':>6} | {' ' * (len(ahead) + column - start)}{caret}"


def _shown(text: str) -> str:
    """Give text without characters that would move or colour a terminal's output."""
    return "".join(char if char.isprintable() else " " for char in text)
