"""A report on listed numbers in each of its forms, as text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.reports import junit, sarif
from sphinx_modelzoo.reports.github import annotation
from sphinx_modelzoo.reports.numbers import Level, ListedNumber, Report, place_of
from sphinx_modelzoo.reports.summary import markdown_report

# What a number that needs attention is called, and what that means.
_RULES = (
    sarif.Rule(
        "refuted",
        "refuted-number",
        "A listed number was measured, and it is another.",
        "All that the number stands for was counted, and the count lies outside.",
        "error",
    ),
    sarif.Rule(
        "undecided",
        "undecided-number",
        "A listed number could not be decided.",
        "The weights, the data set or the recognizer failed before enough items were counted.",
        "error",
    ),
    sarif.Rule(
        "stale",
        "stale-number",
        "Something that a listed number depends on has changed since it was verified.",
        "Its receipt no longer fits the weights, the protocol, the data set or the number.",
        "warning",
    ),
    sarif.Rule(
        "unverified",
        "unverified-number",
        "A listed number is not verified as it should be.",
        "It has no receipt, or none that is as strong or signed as the call asks for.",
        "warning",
    ),
    sarif.Rule(
        "problem",
        "problem",
        "The manifest, the call or a file is wrong.",
        "No single number is meant; the message says what to do.",
        "error",
    ),
)
_KNOWN = {rule.id for rule in _RULES}
_ATTENTION = (Level.WARNING, Level.ERROR)
_FINE = (junit.Result.PASSED, junit.Result.SKIPPED)


def json_report(report: Report) -> str:
    """Give an object with ``numbers``, one object a listed number."""
    data = {
        "manifest": report.manifest,
        "exit": report.exit_code,
        "problems": [
            {"place": problem.place, "what": problem.what, "remedy": problem.remedy}
            for problem in report.problems
        ],
        "numbers": [number.fields for number in report.numbers],
    }
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


def junit_report(report: Report) -> str:
    """Give JUnit's XML: a suite with a case for each number, and one for each problem."""
    cases = [_number_case(number) for number in report.numbers]
    for problem in report.problems:
        path, line, _ = place_of(problem)
        where = problem.place or report.manifest
        case = junit.Case(report.manifest, where, junit.Result.ERROR, "problem", problem.what)
        cases.append(replace(case, text=str(problem), path=path, line=line))
    if report.exit_code and all(case.result in _FINE for case in cases):
        # A run that was broken off must not look like one in which all is well.
        what = f"{report.command} ended with exit code {report.exit_code}"
        cases.append(junit.Case(report.manifest, "exit code", junit.Result.ERROR, "exit", what))
    return junit.junit(report.command, {report.manifest: cases})


def sarif_report(report: Report) -> str:
    """Give SARIF: a result for each number that needs attention, on its line, and each problem."""
    results = [*map(_number_result, _attention(report)), *map(_problem_result, report.problems)]
    return sarif.sarif(report.command, report.version, _RULES, results)


def github_report(report: Report) -> str:
    """Give a workflow command for each number that needs attention, and each problem."""
    lines = [*map(_number_annotation, _attention(report))]
    lines += [_problem_annotation(problem, report.command) for problem in report.problems]
    return "".join(f"{line}\n" for line in lines)


FORMS: Mapping[str, Callable[[Report], str]] = {
    "json": json_report,
    "junit": junit_report,
    "sarif": sarif_report,
    "github": github_report,
    "markdown": markdown_report,
}


def _attention(report: Report) -> Iterator[ListedNumber]:
    return (number for number in report.numbers if number.level in _ATTENTION)


def _said(problem: Problem) -> str:
    return str(replace(problem, place=""))


def _number_case(number: ListedNumber) -> junit.Case:
    case = junit.Case(
        group=number.entry,
        name=number.which,
        path=number.path,
        line=number.line,
        seconds=number.seconds,
    )
    seen = f"listed {number.listed}, {number.word}"
    seen += f", measured {number.measured}" if number.measured else ""
    seen += f" ({number.counted})" if number.counted else ""
    text = f"{seen}\n{number.text}".strip()
    if number.level is Level.ERROR:
        failed = number.word == "undecided"
        result = junit.Result.ERROR if failed else junit.Result.FAILURE
        message = number.message.partition("\n")[0] or seen
        return replace(case, result=result, kind=number.word, message=message, text=text)
    if number.level is Level.NOTE:
        return replace(case, result=junit.Result.SKIPPED, message=number.message or number.word)
    return replace(case, text=text)


def _number_annotation(number: ListedNumber) -> str:
    return annotation(
        number.level.value,
        number.text or number.word,
        title=f"{number.entry}: {number.which} is {number.word}",
        path=number.path,
        line=number.line,
        column=number.column,
    )


def _problem_annotation(problem: Problem, title: str) -> str:
    path, line, column = place_of(problem)
    return annotation("error", _said(problem), title=title, path=path, line=line, column=column)


def _number_result(number: ListedNumber) -> sarif.Result:
    rule = number.word if number.word in _KNOWN else "unverified"
    identity = f"{rule}|{number.entry}|{number.which}"
    return sarif.Result(
        rule=rule,
        level=number.level.value,
        message=number.text or number.word,
        path=number.path,
        line=number.line,
        column=number.column,
        logical=f"{number.entry}: {number.which}",
        fingerprint=hashlib.sha256(identity.encode()).hexdigest(),
    )


def _problem_result(problem: Problem) -> sarif.Result:
    path, line, column = place_of(problem)
    return sarif.Result("problem", "error", _said(problem), path, line, column)
