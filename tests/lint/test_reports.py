"""The reports that other programs read, and the text that people read."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from sphinx_modelzoo.lint.finding import Finding, Severity
from sphinx_modelzoo.lint.formats import github_report, json_report
from sphinx_modelzoo.lint.junit import junit_report
from sphinx_modelzoo.lint.pages import explained
from sphinx_modelzoo.lint.rules import RULES
from sphinx_modelzoo.lint.sarif import sarif_report
from sphinx_modelzoo.lint.text import Sources, summary, text_report

ERROR = Finding(
    "ZOO201", Severity.ERROR, "top1 is 834, <100%>", "mend it", "my zoo/a.yaml", 3, 11, "a@d6dc1bba"
)
WARNING = Finding("ZOO301", Severity.WARNING, "a,b: 50%\n\x1b[31m\x00", "", "a.yaml", 1, 1)
FILE = Finding(
    "ZOO000", Severity.ERROR, "cannot be read", "check the path", "/x/b.yaml", None, None
)
ALL = [ERROR, WARNING, FILE]


def test_json_is_an_array_of_objects_with_seven_members() -> None:
    data = json.loads(json_report(ALL))
    assert data[0] == {
        "code": "ZOO201",
        "severity": "error",
        "message": "top1 is 834, <100%>; mend it",
        "path": "my zoo/a.yaml",
        "line": 3,
        "column": 11,
        "entry": "a@d6dc1bba",
    }
    assert [(item["line"], item["entry"]) for item in data[1:]] == [(1, None), (None, None)]
    assert json.loads(json_report([])) == []


def test_github_commands_escape_what_would_end_them() -> None:
    lines = github_report(ALL).splitlines()
    assert lines[0] == (
        "::error file=my zoo/a.yaml,line=3,col=11,title=ZOO201::top1 is 834, <100%25>; mend it"
    )
    assert lines[1].startswith("::warning file=a.yaml,line=1,col=1,title=ZOO301::a,b: 50%25%0A")
    assert lines[2].startswith("::error file=/x/b.yaml,title=ZOO000::")


def test_sarif_has_a_result_a_finding_under_its_rule() -> None:
    data = json.loads(sarif_report(ALL, RULES, "0.1.0"))
    run = data["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [f.code for f in ALL]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places[0]["artifactLocation"]["uri"] == "my%20zoo/a.yaml"
    assert places[0]["region"] == {"startLine": 3, "startColumn": 11}
    assert places[2] == {"artifactLocation": {"uri": "file:///x/b.yaml"}}


def test_junit_is_well_formed_and_counts_what_it_holds() -> None:
    for strict, failures in ((False, 1), (True, 2)):
        text = junit_report({"a.yaml": [ERROR, WARNING], "c.yaml": []}, RULES, strict=strict)
        suites = list(ET.fromstring(text))  # noqa: S314 - our own text
        for suite in suites:
            assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
            assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert [int(suite.attrib["failures"]) for suite in suites] == [failures, 0]
        failure = suites[0].find("testcase/failure")
        assert failure.attrib["message"] == ERROR.message


def text_of(finding: Finding, data: bytes, *, coloured: bool = False) -> list[str]:
    return list(text_report([finding], Sources({finding.path: data}), coloured=coloured))


def test_text_shows_the_line_with_a_caret_under_the_value() -> None:
    data = b"zoo: 1\nmodels:\n  - {top1:  834, url: https://x.org/a.log}\n"
    finding = Finding("ZOO201", Severity.ERROR, "what", "remedy", "z.yaml", 3, 13)
    assert text_of(finding, data) == [
        "z.yaml:3:13: error ZOO201: what; remedy",
        "     3 |   - {top1:  834, url: https://x.org/a.log}",
        "       |             ^^^",
    ]
    longer = Finding("ZOO201", Severity.ERROR, "what", "remedy", "z.yaml", 3, 23)
    assert text_of(longer, data)[-1].count("^") == len("https://x.org/a.log")


def test_a_long_line_is_cut_around_the_place() -> None:
    data = b"x" * 500 + b" 834 " + b"y" * 500
    lines = text_of(Finding("ZOO201", Severity.ERROR, "w", "r", "z.yaml", 1, 502), data)
    assert max(map(len, lines)) < 120
    assert lines[1][lines[2].index("^") :].startswith("834")


def test_text_from_a_manifest_cannot_steer_a_terminal() -> None:
    lines = text_of(WARNING, b"\x1b[2J\x07 a\n")
    assert all(line.isprintable() for line in lines)
    assert "\x1b[1;33m" in text_of(WARNING, b"x\n", coloured=True)[0]


def test_lines_are_counted_as_yaml_counts_them() -> None:
    data = "a: 1\r\nb: 2\u2028c: 3\x0bx\n".encode()
    sources = Sources({"z": data})
    assert [sources.line("z", number) for number in (1, 2, 3, 9)] == [
        "a: 1",
        "b: 2",
        "c: 3\x0bx",
        "",
    ]


def test_the_closing_line_counts() -> None:
    assert summary([], 1) == "nothing found"
    assert summary(ALL, 1) == "2 errors and 1 warning"
    assert summary([WARNING], 3) == "1 warning in 3 manifests"


def test_a_rule_explained_holds_its_examples() -> None:
    for rule in RULES:
        text = explained(rule)
        assert text.startswith(f"{rule.code} {rule.name} ({rule.severity})\n")
        for line in (rule.wrong.manifest + rule.right.manifest).splitlines():
            assert line in text
