"""Receipts are written whole, checked when read, and hold as long as nothing changed."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import ModelZooError, Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.numbers import band, tolerance
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.claims import FINGERPRINT, RECOGNIZER, WEIGHTS, claim, observed
from sphinx_modelzoo.receipts.model import NumberKey, Receipt, Status, StatusKind, Verdict
from sphinx_modelzoo.receipts.status import number_key, statuses
from sphinx_modelzoo.receipts.store import (
    read_receipt,
    receipt_files,
    receipt_path,
    write_atomically,
    write_receipt,
)

MANIFEST = """\
zoo: 1
datasets:
  shapes: {samples: 4, classes: 2, root: clips, list: list.txt, media: videos}
protocols:
  p: {recognizer: any, segments: 3}
models:
  - {name: org/net, hashtag: ab12, weights: net.params, dataset: shapes, protocol: p, top1: 75.0}
"""


@pytest.fixture
def zoo(tmp_path: Path) -> Zoo:
    (tmp_path / "zoo.yaml").write_text(MANIFEST)
    (tmp_path / "net.params").write_bytes(b"weights")
    (tmp_path / "list.txt").write_text("a 1 0\nb 1 0\nc 1 1\nd 1 1\n")
    return read_zoo(tmp_path / "zoo.yaml")


def receipt_of(zoo: Zoo, correct: int = 3, started: str = "2026-11-20T08:00:00Z") -> Receipt:
    (entry, result), metric = next(zoo.rows()), zoo.metrics["top1"]
    found = band(result.numbers["top1"], metric, 4, tolerance(metric, "videos"))
    return Receipt(
        number=number_key(entry, result, "top1"),
        listed="75.0",
        correct=correct,
        n=4,
        total=4,
        band=(found.low, found.high),
        verdict=Verdict.CONFIRMED if correct in found else Verdict.REFUTED,
        depends=claim(zoo, entry, result, metric) | observed(zoo, entry, result)
        | {RECOGNIZER: "any 1"},
        predictions="0" * 64,
        started=started,
        duration=1.5,
        tool="sphinx-modelzoo 0",
    )  # fmt: skip


def only_status(zoo: Zoo, *folders: Path) -> Status:
    (status,) = statuses(read_zoo(zoo.path), folders).values()
    return status


def test_a_receipt_reads_back_as_it_was_written(zoo: Zoo, tmp_path: Path) -> None:
    receipt = receipt_of(zoo)
    path = write_receipt(tmp_path / "receipts", receipt)
    assert path == tmp_path / "receipts" / "org%2Fnet@ab12" / "shapes.p.top1.json"
    assert read_receipt(path) == receipt
    assert receipt_files(tmp_path / "receipts") == [path]


def test_what_a_number_depends_on_is_all_there(zoo: Zoo) -> None:
    depends = receipt_of(zoo).depends
    assert depends["claim.listed"] == "75.0"
    assert depends["claim.protocol.segments"] == "3"
    assert depends["claim.tolerance"] == "1/2"
    assert len(depends[WEIGHTS]) == len(depends[FINGERPRINT]) == 64


def test_a_number_without_receipt_is_claimed(zoo: Zoo, tmp_path: Path) -> None:
    assert only_status(zoo, tmp_path / "receipts") == Status(StatusKind.CLAIMED)


def test_a_confirmed_number_is_verified_with_date_and_counts(zoo: Zoo, tmp_path: Path) -> None:
    path = write_receipt(tmp_path / "r", receipt_of(zoo))
    assert only_status(zoo, tmp_path / "r") == Status(
        StatusKind.VERIFIED, "2026-11-20", n=4, correct=3, total=4, receipt=path
    )


def test_a_refuted_number_says_what_was_measured(zoo: Zoo, tmp_path: Path) -> None:
    write_receipt(tmp_path / "r", receipt_of(zoo, correct=1))
    status = only_status(zoo, tmp_path / "r")
    assert (status.kind, status.reason) == (StatusKind.REFUTED, "measured 25.00")


CHANGES = {
    ("zoo.yaml", "top1: 75.0", "top1: 75.5"): "the listed number changed from 75.0 to 75.5",
    ("zoo.yaml", "segments: 3", "segments: 5"): "protocol segments changed from 3 to 5",
    ("zoo.yaml", "segments: 3", "segments: 3, crops: 3"): "protocol crops changed from nothing to",
    ("zoo.yaml", "samples: 4", "samples: 5"): "the data set's number of items changed from 4 to 5",
    ("zoo.yaml", "classes: 2", "classes: 2, split: b"): "split changed from nothing to b",
    ("zoo.yaml", "list: list.txt", "list: other.txt"): "the data set's list changed from list.txt",
    ("zoo.yaml", "root: clips", "root: others"): "the data set's folder changed from clips",
    ("zoo.yaml", "media: videos", "media: frames"): "media changed from videos to frames",
    ("zoo.yaml", "media: videos", "media: videos, template: flow_%d.jpg"): "frame's file changed",
    ("zoo.yaml", "weights: net.params", "weights: other.params"): "the path of the weights changed",
    ("zoo.yaml", "weights: net.params", "weights: https://example.org/net"): "path of the weights",
    (
        "zoo.yaml",
        "protocols:",
        "metrics: {top1: {direction: lower}}\nprotocols:",
    ): "which is better",
    ("zoo.yaml", "protocols:", "metrics: {top1: {top: 2}}\nprotocols:"): "top changed from 1 to 2",
    ("zoo.yaml", "protocols:", "metrics: {top1: {tolerance: 9}}\nprotocols:"): "tolerance changed",
    ("net.params", "weights", "weighty"): "the weights' file changed from",
    ("list.txt", "a 1 0", "a 1 1"): "the data set's list of items changed from",
    ("list.txt", "a 1 0", "a"): "the data set's list of items changed from",
}


@pytest.mark.parametrize(("change", "reason"), CHANGES.items())
def test_a_receipt_goes_stale_by_itself_and_says_why(
    zoo: Zoo, tmp_path: Path, change: tuple[str, str, str], reason: str
) -> None:
    write_receipt(tmp_path / "r", receipt_of(zoo))
    file, before, after = change
    path = tmp_path / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    status = only_status(zoo, tmp_path / "r")
    assert status.kind is StatusKind.STALE
    assert reason in status.reason


def test_weights_that_are_not_at_hand_do_not_make_a_number_stale(zoo: Zoo, tmp_path: Path) -> None:
    write_receipt(tmp_path / "r", receipt_of(zoo))
    (tmp_path / "net.params").unlink()
    (tmp_path / "list.txt").unlink()
    assert only_status(zoo, tmp_path / "r").kind is StatusKind.VERIFIED


def test_files_of_the_same_content_may_move(zoo: Zoo, tmp_path: Path) -> None:
    write_receipt(tmp_path / "r", receipt_of(zoo))
    (tmp_path / "net.params").rename(tmp_path / "moved.params")
    (tmp_path / "list.txt").rename(tmp_path / "moved.txt")
    moved = MANIFEST.replace("net.params", "moved.params").replace("list.txt", "moved.txt")
    zoo.path.write_text(moved)
    assert only_status(zoo, tmp_path / "r").kind is StatusKind.VERIFIED


def test_a_receipt_with_a_wider_band_than_the_number_has_is_stale(zoo: Zoo, tmp_path: Path) -> None:
    wide = replace(receipt_of(zoo, correct=1), band=(0, 4), verdict=Verdict.CONFIRMED)
    write_receipt(tmp_path / "r", wide)
    status = only_status(zoo, tmp_path / "r")
    assert status.kind is StatusKind.STALE
    assert status.reason == "the counts for which it holds changed from 0 to 4 to 3 to 3"


def test_no_two_numbers_share_a_receipts_path(tmp_path: Path) -> None:
    numbers = [
        NumberKey("my net", "", "a", "b", "top1"),
        NumberKey("my_net", "", "a", "b", "top1"),
        NumberKey("my%20net", "", "a", "b", "top1"),
        NumberKey("net", "", "a.b", "c", "top1"),
        NumberKey("net", "", "a", "b.c", "top1"),
        NumberKey("net", "", "a.b", "", "top1"),
        NumberKey("net", "", "a", "b", "top1"),
        NumberKey("..", "", "a", "b", "top1"),
        NumberKey(".net", "", "a", "b", "top1"),
        NumberKey("é" * 300, "aa", "a", "b", "top1"),
        NumberKey("é" * 300, "bb", "a", "b", "top1"),
        NumberKey("net", "", "d" * 300, "b", "top1"),
        NumberKey("net", "", "d" * 300, "c", "top1"),
    ]
    paths = [receipt_path(tmp_path / "r", number) for number in numbers]
    assert len(set(paths)) == len(numbers)
    assert {path.parent.parent.resolve() for path in paths} == {tmp_path / "r"}
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, "{}")
    assert receipt_files(tmp_path / "r") == sorted(paths)


def test_titles_and_papers_do_not_make_a_number_stale(zoo: Zoo, tmp_path: Path) -> None:
    write_receipt(tmp_path / "r", receipt_of(zoo))
    path = zoo.path
    path.write_text("title: New\n" + MANIFEST.replace("samples: 4", "title: Shapes, samples: 4"))
    assert only_status(zoo, tmp_path / "r").kind is StatusKind.VERIFIED


def test_the_newest_receipt_that_fits_wins(zoo: Zoo, tmp_path: Path) -> None:
    write_receipt(tmp_path / "old", receipt_of(zoo, started="2026-01-01T00:00:00Z"))
    later = receipt_of(zoo, correct=1, started="2026-06-01T00:00:00Z")
    write_receipt(tmp_path / "new", later)
    folders = (tmp_path / "old", tmp_path / "new")
    assert only_status(zoo, *folders).kind is StatusKind.REFUTED
    stale = replace(later, depends={**later.depends, WEIGHTS: "f" * 64})
    write_receipt(tmp_path / "new", stale)
    assert only_status(zoo, *folders).date == "2026-01-01"


TAMPERED = {
    "listed": ("74.0", "its listed number is not the one that was verified"),
    "correct": (1, "its verdict does not follow from its counts"),
    "n": (3, "its tier is 'full', and it counted 3 of 4 items"),
    "total": (2, "its counts are impossible"),
    "verdict": ("refuted", "its verdict does not follow from its counts"),
    "key": ("0" * 64, "its key does not fit what it depends on"),
    "tier": ("weights", "its tier is 'weights', where 'full' and 'spot' are known"),
}


@pytest.mark.parametrize(("field", "change"), TAMPERED.items())
def test_a_receipt_that_contradicts_itself_is_named_and_not_believed(
    zoo: Zoo, tmp_path: Path, field: str, change: tuple[object, str]
) -> None:
    path = write_receipt(tmp_path / "r", receipt_of(zoo))
    data = json.loads(path.read_text())
    data[field] = change[0]
    path.write_text(json.dumps(data))
    with pytest.raises(ModelZooError, match=f"{path}: the receipt was changed: {change[1]}"):
        read_receipt(path)
    reported: list[Problem] = []
    (status,) = statuses(zoo, [tmp_path / "r"], reported.append).values()
    assert status.kind is StatusKind.CLAIMED
    assert [problem.place for problem in reported] == [str(path)]


def test_a_receipt_of_another_number_of_items_is_not_believed(zoo: Zoo, tmp_path: Path) -> None:
    receipt = receipt_of(zoo)
    path = write_receipt(tmp_path / "r", replace(receipt, correct=1, n=1, total=1, band=(1, 1)))
    with pytest.raises(ModelZooError, match="its counts are impossible"):
        read_receipt(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", []),
        ("number", {"name": "org/net"}),
        ("depends", {"claim.samples": 4}),
        ("depends", "x"),
        ("started", None),
        ("band", [1]),
        ("band", 5),
        ("verdict", []),
        ("weights", 5),
        ("environment", None),
    ],
)
def test_a_receipt_with_a_field_of_another_kind_is_an_error_with_its_name(
    zoo: Zoo, tmp_path: Path, field: str, value: object
) -> None:
    path = write_receipt(tmp_path / "r", receipt_of(zoo))
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    with pytest.raises(ModelZooError, match=f"{path}: .*; run verify-zoo again"):
        read_receipt(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"receipt": 2}', '{"receipt": 1}', '"x"', "\ud800", "[" * 100_000]
)
def test_a_file_that_is_no_receipt_is_an_error_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ModelZooError, match=f"{path}: .*; run verify-zoo again"):
        read_receipt(path)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)


@pytest.mark.usefixtures("full_disk")
def test_a_receipt_is_written_whole_or_not_at_all(zoo: Zoo, tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match=r"cannot be written: No space left on device"):
        write_receipt(tmp_path / "r", receipt_of(zoo))
    assert [path for path in (tmp_path / "r").rglob("*") if path.is_file()] == []
