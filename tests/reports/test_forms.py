"""Reports on listed numbers: each form is well formed, whatever the texts in it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.reports.forms import FORMS
from sphinx_modelzoo.reports.numbers import Level, ListedNumber, Report, place_of

REFUTED = ListedNumber(
    entry="net|<b>`x`@aaaaaaaa",
    dataset="clips",
    protocol="plain",
    metric="top1",
    listed="80.50",
    word="refuted",
    level=Level.ERROR,
    path="zoo.yaml",
    line=15,
    column=11,
    measured="75.00",
    counted="30 of 40",
    message="50%, not: ]]> & \x00\nsecond line @someone",
    reasons=("weights: `other` file", "preprocessing: crops"),
    artefacts=("receipts/a.json", "journal,1"),
    seconds=1.5,
    fields={"entry": "net", "verdict": "refuted"},
)
HOLDS = replace(
    REFUTED, entry="good", word="confirmed", level=Level.HOLDS, message="", reasons=(), artefacts=()
)
STALE = replace(HOLDS, entry="old", word="stale", level=Level.WARNING, message="it changed")
LISTED = replace(HOLDS, entry="map", word="unverifiable", level=Level.NOTE, message="no top")
UNDECIDED = replace(REFUTED, entry="dead", word="undecided", measured="", counted="")
PROBLEM = Problem("a receipt was changed", "verify again", "receipts/x.json")
REPORT = Report(
    "verify-zoo",
    "0.1.0",
    "zoo.yaml",
    (REFUTED, HOLDS, STALE, LISTED, UNDECIDED),
    (PROBLEM,),
    1,
)


def form(kind: str, report: Report = REPORT) -> str:
    return FORMS[kind](report)


def test_junit_counts_what_it_holds() -> None:
    suite = ET.fromstring(form("junit")).find("testsuite")  # noqa: S314 - our own text
    assert suite is not None
    counts = {key: int(suite.attrib[key]) for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": 6, "failures": 1, "errors": 2, "skipped": 1}
    assert counts["tests"] == len(suite.findall("testcase"))
    assert counts["failures"] == len(suite.findall("testcase/failure"))
    assert counts["errors"] == len(suite.findall("testcase/error"))
    assert counts["skipped"] == len(suite.findall("testcase/skipped"))
    first = suite[0]
    assert first.attrib == {
        "classname": "net|<b>`x`@aaaaaaaa",
        "name": "top1 on clips under plain",
        "file": "zoo.yaml",
        "line": "15",
        "time": "1.500",
    }
    assert first[0].attrib == {"message": "50%, not: ]]> & \ufffd", "type": "refuted"}
    text = first[0].text or ""
    assert "1. weights: `other` file\n2. preprocessing: crops\nKept: receipts/a.json" in text


def test_junit_of_a_run_that_was_broken_off_is_no_success() -> None:
    suite = ET.fromstring(form("junit", replace(REPORT, numbers=(HOLDS,), problems=())))  # noqa: S314
    error = suite.find("testsuite/testcase/error")
    assert error is not None
    assert error.attrib["message"] == "verify-zoo ended with exit code 1"


def test_junit_of_nothing_is_an_empty_suite() -> None:
    text = form("junit", Report("verify-zoo", "0.1.0", "zoo.yaml"))
    suite = ET.fromstring(text).find("testsuite")  # noqa: S314
    assert suite is not None
    assert suite.attrib["tests"] == "0"


def test_sarif_has_a_result_for_what_needs_attention() -> None:
    run = json.loads(form("sarif"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    named = [rules[result["ruleIndex"]]["id"] for result in run["results"]]
    assert named == [result["ruleId"] for result in run["results"]]
    assert named == ["refuted", "stale", "undecided", "problem"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "error", "error"]


def test_a_number_keeps_its_fingerprint_when_its_line_moves() -> None:
    moved = replace(REPORT, numbers=(replace(REFUTED, line=99, measured="1"),), problems=())
    prints = [
        json.loads(form("sarif", report))["runs"][0]["results"][0]["partialFingerprints"]
        for report in (REPORT, moved)
    ]
    assert prints[0] == prints[1]


def test_github_commands_escape_what_would_end_them() -> None:
    lines = form("github").splitlines()
    assert len(lines) == 4
    assert lines[0].startswith(
        "::error file=zoo.yaml,line=15,col=11,"
        "title=net|<b>`x`@aaaaaaaa%3A top1 on clips under plain is refuted::50%25, not: ]]> & "
    )
    assert "%0Asecond line @someone%0ALikely reasons:%0A1. weights" in lines[0]
    assert lines[1].startswith("::warning file=zoo.yaml,line=15,col=11,title=old%3A top1")
    assert lines[3] == (
        "::error file=receipts/x.json,title=verify-zoo::a receipt was changed; verify again"
    )


def test_markdown_shows_what_fails_first_and_escapes_it() -> None:
    text = form("markdown")
    assert text.startswith("### ✗ verify-zoo: 2 of 5 numbers failed\n\n`zoo.yaml`: 1 refuted, 1 c")
    table = [line for line in text.splitlines() if line.startswith("| ")]
    assert "| ✗ | ``net\\|<b>`x`@aaaaaaaa`` | `clips` (`plain`) | `top1` | 80.50 |" in table[2]
    assert all(line.replace("\\|", "").count("|") == 9 for line in table)
    assert "1. `` weights: `other` file ``" not in text
    assert "1. ``weights: `other` file``" in text
    assert "```text\nzoo.yaml:15:11: 50%, not" in text
    assert text.index("refuted |") < text.index("<details>") < text.index("`good`")


@pytest.mark.parametrize(
    ("report", "title"),
    [
        (replace(REPORT, numbers=(HOLDS,), problems=(), exit_code=0), "✓ verify-zoo: 1 number, no"),
        (replace(REPORT, numbers=(), exit_code=2), "✗ verify-zoo: exit code 2"),
        (replace(REPORT, numbers=(STALE, HOLDS), problems=(), exit_code=0), "△ verify-zoo: 1 of 2"),
    ],
)
def test_the_title_of_markdown_says_how_it_went(report: Report, title: str) -> None:
    assert form("markdown", report).startswith(f"### {title}")


def test_json_has_the_fields_of_each_number() -> None:
    data = json.loads(form("json"))
    assert data["numbers"][0] == {"entry": "net", "verdict": "refuted"}
    assert data["problems"] == [
        {
            "place": "receipts/x.json",
            "what": "a receipt was changed",
            "remedy": "verify again",
        }
    ]


def test_places_are_paths_with_or_without_a_line() -> None:
    places = ["a.yaml:3:4", "a.yaml:3", "c:/a b.yaml", "", "x:y:7:8"]
    assert [place_of(Problem("", "", place)) for place in places] == [
        ("a.yaml", 3, 4),
        ("a.yaml", 3, 1),
        ("c:/a b.yaml", None, None),
        ("", None, None),
        ("x:y", 7, 8),
    ]
