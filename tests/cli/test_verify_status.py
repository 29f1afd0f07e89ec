"""``verify-zoo status``: each number's standing, without running anything."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

SECOND = """\
    top5: 100
  - {name: net_b, dataset: clips, protocol: plain, top1: 75.0}
"""


@pytest.fixture
def verified(zoo):
    """A zoo with two numbers verified, and one that was added since."""
    assert zoo.run().returncode == 0
    zoo.manifest(("    top5: 100\n", SECOND))
    zoo.recognizer(fault="dies-at-start")  # which nobody starts
    return zoo


def test_each_number_is_printed_with_its_status(verified):
    done = verified.run("status")
    assert done.returncode == 0
    head, *rows = done.stdout.splitlines()
    assert head.split() == ["entry", "data", "set", "protocol", "metric", "listed", "status"]
    assert [row.split(None, 5)[:5] for row in rows] == [
        ["net_a@aaaaaaaa", "clips", "plain", "top1", "75.0"],
        ["net_a@aaaaaaaa", "clips", "plain", "top5", "100"],
        ["net_b", "clips", "plain", "top1", "75.0"],
    ]
    assert rows[0].split()[5] == "verified"
    assert rows[0].endswith(", 30 of 40")
    assert rows[2].endswith("  claimed")
    assert done.stderr == "2 verified, 1 claimed\n"
    assert "\x1b" not in done.stdout


def test_a_stale_number_says_why(verified):
    verified.manifest(("segments: 3", "segments: 5"))
    done = verified.run("status", "--model", "net_a")
    assert done.returncode == 0
    assert done.stdout.count("stale: protocol segments changed from 3 to 5") == 2


def test_a_refuted_number_ends_with_1(verified):
    verified.manifest(("top1: 75.0", "top1: 80.0"))
    verified.recognizer()
    verified.run()
    done = verified.run("status")
    assert done.returncode == 1
    assert "refuted" in done.stdout
    assert "measured 75.00" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("--require", "verified"), 3),
        (("--require", "spot-checked"), 3),
        (("--require", "verified", "--model", "net_a"), 0),
    ],
)
def test_what_is_required_decides_the_exit_code(verified, arguments, code):
    assert verified.run("status", *arguments).returncode == code


def test_what_is_required_fails_in_the_reports(verified):
    done = verified.run(
        "status", "--require", "verified", "--report", "junit=-", "--report", "github=github"
    )
    assert done.returncode == 3
    cases = ET.fromstring(done.stdout).findall("testsuite/testcase")  # noqa: S314
    failures = [case.attrib["classname"] for case in cases if case.find("failure") is not None]
    assert failures == ["net_b"]
    (line,) = (verified.path / "github").read_text().splitlines()
    assert line.startswith("::error file=zoo.yaml,line=17,col=")
    assert line.endswith("there is no receipt; run verify-zoo --model net_b --dataset clips")
    assert "net_b" in done.stderr  # the table makes room for the report


def test_the_report_has_an_object_a_number(verified):
    data = json.loads(verified.run("status", "--report", "json=-").stdout)
    assert (data["manifest"], data["exit"]) == ("zoo.yaml", 0)
    first = data["numbers"][0]
    assert len(first.pop("date")) == 10
    assert first == {
        "entry": "net_a@aaaaaaaa",
        "dataset": "clips",
        "protocol": "plain",
        "metric": "top1",
        "listed": 75.0,
        "listed_text": "75.0",
        "status": "verified",
        "reason": "",
        "correct": 30,
        "n": 40,
        "N": 40,
        "path": "zoo.yaml",
        "line": 15,
        "column": 11,
        "receipt": "receipts/net_a@aaaaaaaa/clips.plain.top1.json",
    }
    assert data["numbers"][2]["status"] == "claimed"
    assert data["numbers"][2]["receipt"] is None


def test_a_damaged_receipt_is_named_and_not_believed(verified):
    path = verified.receipts[0]
    path.write_text(path.read_text().replace('"correct": 30', '"correct": 31'))
    done = verified.run("status", "--report", "github=github")
    assert done.returncode == 3
    assert f"{path.relative_to(verified.path)}: the receipt was changed" in done.stderr
    assert "::error file=receipts/" in (verified.path / "github").read_text()


def test_a_metric_that_is_not_counted_is_left_out_of_what_is_required(zoo):
    zoo.manifest(
        ("datasets:", "  speed: {title: Clips a second, unit: clips/s}\ndatasets:"),
        ("    top5: 100", "    speed: 12"),
    )
    zoo.run()
    done = zoo.run("status", "--require", "verified")
    assert done.returncode == 0, done.stdout
    assert "claimed: not counted item by item" in done.stdout


def test_receipts_of_several_folders_count(verified):
    (verified.path / "receipts").rename(verified.path / "mine")
    assert "verified" not in verified.run("status").stdout
    done = verified.run("status", "--receipts", "other", "--receipts", "mine")
    assert done.stdout.count("verified") == 2


def test_a_wrong_manifest_is_reported(zoo):
    zoo.manifest(("top1: 75.0", "top1: high"))
    done = zoo.run("status", "--report", "json=-")
    assert done.returncode == 2
    assert json.loads(done.stdout)["problems"][0]["place"] == "zoo.yaml:15:11"


def test_a_report_that_is_lost_is_no_success(verified):
    done = verified.run("status", "--report", "json=/dev/full")
    assert done.returncode == 3
    assert "the report cannot be written" in done.stderr


def test_a_manifest_with_a_commands_name_is_called_by_its_path(zoo):
    (zoo.path / "zoo.yaml").rename(zoo.path / "status")
    done = zoo.run("./status")
    assert done.returncode == 0
    assert "CONFIRMED" in done.stdout


def test_the_help_and_completion_know_the_commands(zoo):
    assert "  status  " in zoo.run("--help").stdout
    assert "usage: verify-zoo status" in zoo.run("status", "--help").stdout
    assert "--require" in zoo.run("--print-completion", "bash").stdout


def test_the_demo_zoo_has_a_status(zoo):
    done = zoo.run("status", "--demo")
    assert done.returncode == 0
    assert "claimed" in done.stdout
    done = zoo.run("status", "--demo", "zoo.yaml")
    assert done.returncode == 2
    assert "--demo and a manifest were both given" in done.stderr
