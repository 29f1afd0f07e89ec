"""Reports for other programs."""

from __future__ import annotations

import json

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
        "receipt": "receipts/net_a@aaaaaaaa/clips.plain.top1.json",
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
