"""Results of checks as lines for people, as JSON and as JUnit's XML."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sphinx_modelzoo.reports.junit import Case, junit
from sphinx_modelzoo.reports.junit import Result as Outcome
from sphinx_modelzoo.verify.conformance.checks import CHECKS, Result, State

_NAME = "verify-zoo conformance"
_WIDTH = max(map(len, CHECKS))
_COLOURS = {State.PASSED: "32", State.FAILED: "1;31", State.UNTRIED: "33", State.SKIPPED: "2"}
_OUTCOMES = {
    State.PASSED: Outcome.PASSED,
    State.FAILED: Outcome.FAILURE,
    State.UNTRIED: Outcome.ERROR,
    State.SKIPPED: Outcome.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class Conformance:
    """What was found of a recognizer, tried with ``run``; ``exit_code`` is the command's."""

    recognizer: str
    run: str
    results: Sequence[Result]
    exit_code: int


def line(result: Result, *, colour: bool) -> str:
    """Give a result's line: what became of the check, its name, and what it asks for."""
    word = f"{result.state.upper():7}"
    if colour:
        word = f"\x1b[{_COLOURS[result.state]}m{word}\x1b[0m"
    return f"{word}  {result.name.ljust(_WIDTH)}  {result.title}"


def explanation(recognizer: str, result: Result) -> str:
    """Say why a check did not pass, and what to do."""
    subject = f"recognizer {recognizer!r} " if result.state is State.FAILED else ""
    what = result.what.removeprefix(subject)
    return f"{result.name}: {subject}{what}" + (f"; {result.remedy}" if result.remedy else "")


def json_report(found: Conformance) -> str:
    """Give an object with ``checks``, one object a check."""
    checks = [{**asdict(result), "title": result.title} for result in found.results]
    data = {
        "recognizer": found.recognizer,
        "run": found.run,
        "exit": found.exit_code,
        "checks": checks,
    }
    return json.dumps(data, indent=2) + "\n"


def junit_report(found: Conformance) -> str:
    """Give JUnit's XML: a case for each check."""
    cases = [
        Case(
            group=found.recognizer,
            name=result.name,
            result=_OUTCOMES[result.state],
            kind="" if result.state is State.PASSED else result.state.value,
            message="" if result.state is State.PASSED else result.what,
            text=result.title
            if result.state is State.PASSED
            else explanation(found.recognizer, result),
        )
        for result in found.results
    ]
    return junit(_NAME, {found.recognizer: cases})


FORMS: Mapping[str, Callable[[Conformance], str]] = {"json": json_report, "junit": junit_report}
