"""Receipts of spot checks stand beside those of full runs, and are checked by the rule itself."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import ModelZooError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.numbers import correct_band
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.pipe.versions import GLUONCV_ACTION, VERSIONS
from sphinx_modelzoo.receipts.claims import (
    EVIDENCE,
    RECOGNIZER,
    SCRIPT,
    SCRIPT_SHA256,
    claim,
    file_sha256,
    observed,
)
from sphinx_modelzoo.receipts.evidence import make_evidence, write_evidence
from sphinx_modelzoo.receipts.evidence_lines import Origin
from sphinx_modelzoo.receipts.model import FULL, SPOT, NumberKey, Receipt, StatusKind, Verdict
from sphinx_modelzoo.receipts.rule import HIGHER, LOWER, NOT_HIGHER, NOT_LOWER, spot_verdict
from sphinx_modelzoo.receipts.status import number_key, statuses
from sphinx_modelzoo.receipts.store import read_receipt, receipt_path, write_receipt

MANIFEST = """\
zoo: 1
datasets:
  shapes: {samples: 400, classes: 2}
protocols:
  p: {recognizer: gluoncv-action, segments: 3}
models:
  - {name: net, hashtag: ab12, dataset: shapes, protocol: p, top1: 75.0, evidence: e.jsonl}
"""


@pytest.fixture
def zoo(tmp_path: Path) -> Zoo:
    (tmp_path / "zoo.yaml").write_text(MANIFEST)
    return read_zoo(tmp_path / "zoo.yaml")


def receipt_of(zoo: Zoo, tier: str = SPOT, **changes: object) -> Receipt:
    (entry, result), metric = next(zoo.rows()), zoo.metrics["top1"]
    near = correct_band(result.numbers["top1"], metric, 400, "")
    made = Receipt(
        number=number_key(entry, result, "top1"),
        listed="75.0",
        correct=75 if tier == SPOT else 300,
        n=100 if tier == SPOT else 400,
        total=400,
        band=(near.low, near.high),
        verdict=Verdict.CONFIRMED,
        depends=claim(zoo, entry, result, metric)
        | {RECOGNIZER: f"{GLUONCV_ACTION} {VERSIONS[GLUONCV_ACTION]}"},
        predictions="0" * 64,
        started="2026-11-20T08:00:00Z",
        duration=1.5,
        tool="sphinx-modelzoo 0",
        tier=tier,
    )
    if tier == SPOT:
        e_values = {NOT_LOWER: "20.5", NOT_HIGHER: "inf", LOWER: "1.0", HIGHER: "0.5"}
        made = replace(made, alpha=0.05, delta=0.5, e_values=e_values)
    return replace(made, **changes)  # type: ignore[arg-type]


def kind(zoo: Zoo, *folders: Path) -> StatusKind:
    (status,) = statuses(read_zoo(zoo.path), folders).values()
    return status.kind


def test_both_kinds_stand_side_by_side(zoo: Zoo, tmp_path: Path) -> None:
    full, part = receipt_of(zoo, FULL), receipt_of(zoo)
    paths = [write_receipt(tmp_path / "r", receipt) for receipt in (full, part)]
    assert [path.name for path in paths] == ["shapes.p.top1.json", "shapes.p.top1.spot.json"]
    assert [read_receipt(path) for path in paths] == [full, part]


def test_a_metric_of_the_tiers_name_shares_no_path() -> None:
    numbers = [
        NumberKey("net", "", "a", "b", "spot"),
        NumberKey("net", "", "a", "", "b"),
        NumberKey("net", "", "a", "b", "%73pot"),
    ]
    paths = [receipt_path(Path(), number, tier) for number in numbers for tier in (FULL, SPOT)]
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize(
    ("full", "part", "expected"),
    [
        (None, "confirmed 09", StatusKind.SPOT),
        (None, "refuted 09", StatusKind.REFUTED),
        ("confirmed 08", "confirmed 09", StatusKind.VERIFIED),
        ("confirmed 08", "refuted 09", StatusKind.REFUTED),
        ("confirmed 08", "refuted 07", StatusKind.VERIFIED),
        ("refuted 08", "confirmed 09", StatusKind.REFUTED),
        ("stale 08", "confirmed 07", StatusKind.SPOT),
        ("confirmed 08", "stale 09", StatusKind.VERIFIED),
        ("stale 08", "stale 09", StatusKind.STALE),
    ],
)
def test_all_items_go_before_a_part_that_does_not_refute_later(
    zoo: Zoo, tmp_path: Path, full: str | None, part: str, expected: StatusKind
) -> None:
    for tier, what in ((FULL, full), (SPOT, part)):
        if what is None:
            continue
        word, hour = what.split()
        receipt = receipt_of(zoo, tier, started=f"2026-11-20T{hour}:00:00Z")
        if word == "refuted":
            receipt = replace(receipt, verdict=Verdict.REFUTED, correct=20)
            if tier == SPOT:
                receipt = replace(receipt, e_values={LOWER: "41.0"})
        if word == "stale":
            receipt = replace(receipt, depends={**receipt.depends, "claim.split": "other"})
        write_receipt(tmp_path / "r", receipt)
    assert kind(zoo, tmp_path / "r") is expected


def test_a_spot_check_that_refutes_says_on_how_many_items(zoo: Zoo, tmp_path: Path) -> None:
    refuted = receipt_of(zoo, verdict=Verdict.REFUTED, correct=20, e_values={LOWER: "41.0"})
    write_receipt(tmp_path / "r", refuted)
    (status,) = statuses(zoo, [tmp_path / "r"]).values()
    assert status.reason == "measured 20.00 on 100 of 400"


TAMPERED = {
    "verdict": ("refuted", "its verdict does not follow from its e-values"),
    "alpha": (0.01, "its verdict does not follow from its e-values"),
    "e_values": ({NOT_LOWER: "19.9", NOT_HIGHER: "inf"}, "its verdict does not follow"),
    "tier": ("full", "its tier is 'full', and it counted 100 of 400 items"),
    "evidence": ("1" * 64, "its evidence is not what it depends on"),
    "n": (74, "its counts are impossible"),
    "unreadable": (1, "it decides nothing"),
    "band": ([0, 1], "its verdict cannot be true of its counts"),
    "total": (100_000, "its counts are impossible"),
}


@pytest.mark.parametrize(("field", "change"), TAMPERED.items())
def test_one_that_contradicts_itself_is_named(
    zoo: Zoo, tmp_path: Path, field: str, change: tuple[object, str]
) -> None:
    path = write_receipt(tmp_path / "r", receipt_of(zoo))
    path.write_text(json.dumps({**json.loads(path.read_text()), field: change[0]}))
    with pytest.raises(ModelZooError, match=f"the receipt was changed: {change[1]}"):
        read_receipt(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [("e_values", []), ("e_values", {"x": 1}), ("alpha", "0.05"), ("unreadable", 0.5)],
)
def test_a_field_of_another_kind_is_an_error_with_its_name(
    zoo: Zoo, tmp_path: Path, field: str, value: object
) -> None:
    path = write_receipt(tmp_path / "r", receipt_of(zoo))
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    with pytest.raises(ModelZooError, match=field):
        read_receipt(path)


def test_receipts_of_before_there_were_spot_checks_are_read(zoo: Zoo, tmp_path: Path) -> None:
    path = write_receipt(tmp_path / "r", receipt_of(zoo, FULL))
    data = json.loads(path.read_text())
    for name in ("alpha", "delta", "e_values", "detectable", "unreadable", "evidence"):
        del data[name]
    path.write_text(json.dumps(data))
    assert read_receipt(path) == receipt_of(zoo, FULL)


def test_the_rule() -> None:
    both = {NOT_LOWER: 20.0, NOT_HIGHER: 20.0}
    assert spot_verdict(both, 0.05) is Verdict.CONFIRMED
    assert spot_verdict(both, 0.049) is Verdict.UNDECIDED
    assert spot_verdict({NOT_LOWER: math.inf}, 0.05) is Verdict.UNDECIDED
    assert spot_verdict({LOWER: 40.0}, 0.05) is Verdict.REFUTED
    assert spot_verdict({HIGHER: 39.9}, 0.05) is Verdict.UNDECIDED
    assert spot_verdict(both | {HIGHER: math.inf}, 0.05) is Verdict.REFUTED


def test_another_version_of_the_packages_own_recognizer_makes_a_number_stale(
    zoo: Zoo, tmp_path: Path
) -> None:
    entry, result = next(zoo.rows())
    assert observed(zoo, entry, result)[RECOGNIZER] == f"gluoncv-action {VERSIONS[GLUONCV_ACTION]}"
    receipt = receipt_of(zoo)
    older = {**receipt.depends, RECOGNIZER: "gluoncv-action 0"}
    write_receipt(tmp_path / "old", replace(receipt, depends=older))
    (status,) = statuses(zoo, [tmp_path / "old"]).values()
    assert status.reason.startswith(
        "the recognizer changed from gluoncv-action 0 to gluoncv-action"
    )
    # A configured program may stand in for it under the same name.
    other = {**receipt.depends, RECOGNIZER: "my-own 7"}
    write_receipt(tmp_path / "own", replace(receipt, depends=other))
    assert kind(zoo, tmp_path / "own") is StatusKind.SPOT


def test_another_program_or_other_evidence_makes_a_number_stale(zoo: Zoo, tmp_path: Path) -> None:
    script = tmp_path / "own.py"
    script.write_text("1")
    evidence = make_evidence(
        Origin("net", "ab12", "shapes", "p", 2, 0, "", "any 1", ""),
        [Prediction("a", 0, ((0, 0.5),))],
    )
    write_evidence(tmp_path / "e.jsonl", evidence)
    receipt = receipt_of(zoo, evidence=evidence.digest)
    depends = {SCRIPT: "own.py", SCRIPT_SHA256: file_sha256(script), EVIDENCE: evidence.digest}
    receipt = replace(receipt, depends={**receipt.depends, **depends})
    write_receipt(tmp_path / "r", receipt)
    assert kind(zoo, tmp_path / "r") is StatusKind.SPOT
    script.write_text("2")
    (status,) = statuses(zoo, [tmp_path / "r"]).values()
    assert status.reason.startswith("the recognizer's program changed from")
    script.write_text("1")
    write_evidence(tmp_path / "e.jsonl", make_evidence(evidence.origin, []))
    (status,) = statuses(zoo, [tmp_path / "r"]).values()
    assert status.reason.startswith("the evidence changed from")


def test_an_undecided_one_says_nothing(zoo: Zoo, tmp_path: Path) -> None:
    write_receipt(tmp_path / "r", receipt_of(zoo, verdict=Verdict.UNDECIDED, e_values={}))
    assert kind(zoo, tmp_path / "r") is StatusKind.CLAIMED


@pytest.mark.parametrize("value", ["nan", "-1.0"])
def test_an_e_value_is_a_number_from_0(zoo: Zoo, tmp_path: Path, value: str) -> None:
    write_receipt(tmp_path / "r", receipt_of(zoo, e_values={NOT_LOWER: "inf", NOT_HIGHER: value}))
    assert kind(zoo, tmp_path / "r") is StatusKind.CLAIMED


def test_an_error_rate_above_a_half_is_none(zoo: Zoo, tmp_path: Path) -> None:
    write_receipt(tmp_path / "r", receipt_of(zoo, alpha=0.6))
    assert kind(zoo, tmp_path / "r") is StatusKind.CLAIMED
