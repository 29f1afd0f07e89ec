"""JUnit's XML, which services of continuous integration read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

# XML 1.0 has no way to write other characters than these, not even escaped. (A text and not a
# compiled pattern, which would take as long as all other imports of a lint without this report.)
_FORBIDDEN = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


class Result(StrEnum):
    """What became of a case; the values are the names of JUnit's elements."""

    PASSED = "system-out"
    FAILURE = "failure"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """A test case: its group and name, what became of it, and what is to be said.

    ``kind`` is a word for a failure's kind, ``message`` its one line and ``text`` all of it; of a
    case that passed ``text`` is the output. ``path`` and ``line`` (from 1) say where it stands.
    """

    group: str
    name: str
    result: Result = Result.PASSED
    kind: str = ""
    message: str = ""
    text: str = ""
    path: str = ""
    line: int | None = None
    seconds: float | None = None


def junit(name: str, suites: Mapping[str, Sequence[Case]]) -> str:
    """Give the report: suites by their names."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<testsuites name={_attribute(name)}>"]
    for suite, cases in suites.items():
        lines += _suite(suite, cases)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suite(name: str, cases: Sequence[Case]) -> Iterator[str]:
    results = [case.result for case in cases]
    counts = {
        "tests": len(cases),
        "failures": results.count(Result.FAILURE),
        "errors": results.count(Result.ERROR),
        "skipped": results.count(Result.SKIPPED),
    }
    counted = " ".join(f'{key}="{count}"' for key, count in counts.items())
    yield f"  <testsuite name={_attribute(name)} {counted}>"
    for case in cases:
        yield from _case(case)
    yield "  </testsuite>"


def _case(case: Case) -> Iterator[str]:
    head = f"    <testcase classname={_attribute(case.group)} name={_attribute(case.name)}"
    head += f" file={_attribute(case.path)}" if case.path else ""
    head += f' line="{case.line}"' if case.line else ""
    head += f' time="{case.seconds:.3f}"' if case.seconds is not None else ""
    if case.result is Result.PASSED and not case.text:
        yield f"{head}/>"
        return
    yield f"{head}>"
    told = f" message={_attribute(case.message)}" if case.message else ""
    told += f" type={_attribute(case.kind)}" if case.kind else ""
    element = case.result.value
    yield f"      <{element}{told}>{_escaped(case.text)}</{element}>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return escape(re.sub(_FORBIDDEN, "\ufffd", text))
