"""Reports for other programs."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET

import pytest


def test_the_report_has_an_object_a_number(zoo):
    zoo.manifest(("top1: 75.0", "top1: 80.50"))
    done = zoo.run("--report", "json=out/found.json", "--report", "json=-")
    assert "REFUTED" in done.stderr  # the table makes room for the report
    data = json.loads((zoo.path / "out" / "found.json").read_text())
    assert json.loads(done.stdout) == data
    assert data["exit"] == 1
    first, second = data["numbers"]
    message = first.pop("message")
    assert first.pop("seconds") > 0
    assert first.pop("seed").endswith("net_a@aaaaaaaa|clips|plain")
    assert message.startswith("zoo.yaml:15:11: ")
    assert first == {
        "entry": "net_a@aaaaaaaa",
        "dataset": "clips",
        "protocol": "plain",
        "metric": "top1",
        "listed": 80.5,
        "listed_text": "80.50",
        "measured": 75.0,
        "correct": 30,
        "n": 40,
        "N": 40,
        "band": [33, 32],
        "verdict": "refuted",
        "path": "zoo.yaml",
        "line": 15,
        "column": 11,
        "reasons": [],
        "artefacts": [
            "receipts/net_a@aaaaaaaa/clips.plain.top1.json",
            "receipts/.refuted/net_a@aaaaaaaa.clips.plain.jsonl",
        ],
        "receipt": "receipts/net_a@aaaaaaaa/clips.plain.top1.json",
        "tier": "full",
        "spot": None,
        "reruns": None,
    }
    assert "no count of 40 items gives 80.50" in message
    assert second["verdict"] == "confirmed"


def test_the_report_is_written_also_when_the_manifest_is_wrong(zoo):
    zoo.manifest(("top1: 75.0", "top1: high"))
    done = zoo.run("--report", "json=found.json")
    assert done.returncode == 2
    data = json.loads((zoo.path / "found.json").read_text())
    assert data["numbers"] == []
    assert data["exit"] == 2
    assert data["problems"][0]["place"] == "zoo.yaml:15:11"


@pytest.mark.parametrize(("listed", "code"), [("75.0", 3), ("10.0", 1)])
def test_a_report_that_is_lost_is_no_success_and_hides_no_refutation(zoo, listed, code):
    zoo.manifest(("top1: 75.0", f"top1: {listed}"))
    done = zoo.run("--report", "json=/dev/full", "--report", "json=found.json")
    assert done.returncode == code
    assert "/dev/full: the report cannot be written: no space left on device" in done.stderr
    assert len(json.loads((zoo.path / "found.json").read_text())["numbers"]) == 2


def test_a_report_to_the_output_device_goes_to_standard_output(zoo):
    done = zoo.run("--report", "json=/dev/stdout")
    assert len(json.loads(done.stdout)["numbers"]) == 2


KINDS = ("json", "junit", "sarif", "github", "markdown")


def reports(zoo, *arguments):
    """Run with a report of each kind; give their texts."""
    done = zoo.run(*arguments, *(word for kind in KINDS for word in ("--report", f"{kind}={kind}")))
    return done, {kind: (zoo.path / kind).read_text(encoding="utf-8") for kind in KINDS}


def test_each_kind_of_report_names_the_refuted_number_on_its_line(zoo):
    zoo.manifest(("top1: 75.0", "top1: 80.50"))
    done, texts = reports(zoo)
    assert done.returncode == 1
    failure = ET.fromstring(texts["junit"]).find("testsuite/testcase/failure")  # noqa: S314
    assert failure.attrib["type"] == "refuted"
    assert "measured 75.00 (30 of 40)" in failure.attrib["message"]
    (result,) = json.loads(texts["sarif"])["runs"][0]["results"]
    assert result["ruleId"] == "refuted"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "zoo.yaml"},
        "region": {"startLine": 15, "startColumn": 11},
    }
    assert texts["github"].startswith(
        "::error file=zoo.yaml,line=15,col=11,"
        "title=net_a@aaaaaaaa%3A top1 on clips under plain is refuted::net_a@aaaaaaaa lists"
    )
    assert "| ✗ | `net_a@aaaaaaaa` | `clips` (`plain`) | `top1` | 80.50 |" in texts["markdown"]


def test_each_kind_of_report_is_quiet_where_all_numbers_hold(zoo):
    done, texts = reports(zoo)
    assert done.returncode == 0
    suite = ET.fromstring(texts["junit"]).find("testsuite")  # noqa: S314
    assert [suite.attrib[key] for key in ("tests", "failures", "errors")] == ["2", "0", "0"]
    assert all(float(case.attrib["time"]) > 0 for case in suite)
    assert json.loads(texts["sarif"])["runs"][0]["results"] == []
    assert texts["github"] == ""
    assert "### ✓ verify-zoo: 2 numbers, no fault" in texts["markdown"]


def test_each_kind_of_report_says_what_befell_an_undecided_number(zoo):
    zoo.recognizer(fault="exits")
    done, texts = reports(zoo)
    assert done.returncode == 3
    errors = ET.fromstring(texts["junit"]).findall("testsuite/testcase/error")  # noqa: S314
    assert len(errors) == 2
    assert "MemoryError: out of memory" in errors[0].text  # its last words
    assert len(json.loads(texts["sarif"])["runs"][0]["results"]) == 2
    assert texts["github"].count("::error file=zoo.yaml,line=") == 2
    assert "MemoryError" in texts["github"]
    assert "MemoryError" in texts["markdown"]


def test_each_kind_of_report_says_what_is_wrong_with_the_manifest(zoo):
    zoo.manifest(("top1: 75.0", "top1: high"))
    done, texts = reports(zoo)
    assert done.returncode == 2
    error = ET.fromstring(texts["junit"]).find("testsuite/testcase/error")  # noqa: S314
    assert "'high'" in error.attrib["message"]
    (result,) = json.loads(texts["sarif"])["runs"][0]["results"]
    assert result["ruleId"] == "problem"
    assert texts["github"].startswith("::error file=zoo.yaml,line=15,col=11,title=verify-zoo::")
    assert "zoo.yaml:15:11: " in texts["markdown"]


def test_an_unknown_kind_of_report_is_a_wrong_call(zoo):
    done = zoo.run("--report", "junti=x.xml")
    assert done.returncode == 2
    assert "unknown kind 'junti'; did you mean 'junit'?" in done.stderr


def test_what_refuted_a_number_is_kept_until_it_holds(zoo):
    zoo.manifest(("top1: 75.0", "top1: 80.50"))
    zoo.run()
    (kept,) = (zoo.path / "receipts" / ".refuted").glob("*.jsonl")
    receipt = json.loads(zoo.receipts[0].read_text())
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == receipt["predictions"]
    assert len(kept.read_text().splitlines()) == 40
    zoo.manifest()
    assert zoo.run().returncode == 0
    assert not kept.exists()


def test_the_journal_of_a_run_that_was_broken_off_is_named(zoo):
    zoo.recognizer(fault="exits")
    zoo.run("--report", "json=found.json")
    number = json.loads((zoo.path / "found.json").read_text())["numbers"][0]
    (journal,) = number["artefacts"]
    assert journal.endswith(".journal")
    assert (zoo.path / journal).is_file()


def test_a_refuted_number_has_reasons_on_the_terminal_and_in_reports(zoo):
    zoo.run()
    zoo.manifest(("segments: 3", "segments: 5"))
    zoo.recognizer(share=0.5)
    done, texts = reports(zoo)
    since = "when 30 of 40 were right, protocol segments changed from 3 to 5"
    assert "lists top1 75.0 on clips; likely reasons:\n  1. preprocessing: since" in done.stderr
    assert since in done.stderr
    assert since in json.loads(texts["json"])["numbers"][0]["reasons"][0]
    for kind in ("junit", "sarif", "github", "markdown"):
        assert since in texts[kind]


def test_several_reports_are_not_mixed_on_standard_output(zoo):
    done = zoo.run("--report", "json=-", "--report", "github=/dev/stdout")
    assert (done.returncode, done.stdout) == (2, "")
    assert "several reports would be mixed on standard output" in done.stderr


def test_a_refuted_number_is_compared_with_the_evidence(zoo):
    zoo.run("--record")
    (evidence,) = (zoo.path / "evidence").rglob("*.jsonl.gz")
    inside = evidence.relative_to(zoo.path).as_posix()
    zoo.manifest(("    top1: 75.0", f"    evidence: {inside}\n    top1: 75.0"))
    zoo.recognizer(share=0.5)
    done = zoo.run("--tier", "full")
    assert done.returncode == 1
    found = "of 40 items 10 are right in the evidence and wrong here, 0 the other way round; half"
    assert found in done.stderr
