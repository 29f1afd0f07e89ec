"""Evidence is the same to the byte, and never believed when it was changed."""

from __future__ import annotations

import gzip
import hashlib
import os
import resource
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction, fingerprint
from sphinx_modelzoo.receipts.evidence import (
    Evidence,
    correct_ids,
    make_evidence,
    open_evidence,
    read_evidence,
    write_evidence,
)
from sphinx_modelzoo.receipts.evidence_lines import Origin, item_line, read_item_line

ORIGIN = Origin(
    name="net",
    hashtag="ab12",
    dataset="clips",
    protocol="p",
    classes=5,
    items=0,
    fingerprint="",
    recognizer="any 1",
    predictions="",
    settings={"segments": 3, "mode": "fast"},
)


def evidence_of(count: int = 30) -> Evidence:
    made = [
        Prediction(f"class/clip {index:02}é", index % 5, ((index % 3, 0.75), (4, 0.125)))
        for index in range(count)
    ]
    return make_evidence(ORIGIN, made)


@pytest.mark.parametrize("name", ["e.jsonl", "e.jsonl.gz"])
def test_evidence_reads_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    evidence = evidence_of()
    write_evidence(tmp_path / name, evidence)
    again = read_evidence(tmp_path / name)
    assert again == evidence
    assert again.digest == open_evidence(tmp_path / name).digest
    assert (again.origin.items, again.origin.settings) == (30, {"segments": 3, "mode": "fast"})
    assert again.fingerprint == fingerprint((f"class/clip {i:02}é", i % 5) for i in range(30))


@given(st.permutations(range(12)))
def test_equal_predictions_in_any_order_give_equal_bytes(order: list[int]) -> None:
    made = list(evidence_of(12).predictions.values())
    shuffled = make_evidence(ORIGIN, [made[index] for index in order])
    assert shuffled == evidence_of(12)
    assert shuffled.digest == evidence_of(12).digest


@pytest.mark.parametrize("name", ["e.jsonl", "e.jsonl.gz"])
def test_the_file_holds_neither_time_nor_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "other").mkdir()
    write_evidence(tmp_path / name, evidence_of())
    write_evidence(tmp_path / "other" / f"x{name}", evidence_of())
    os.utime(tmp_path / name, (0, 0))
    assert (tmp_path / name).read_bytes() == (tmp_path / "other" / f"x{name}").read_bytes()


def test_the_digest_is_that_of_the_text_and_predictions_that_of_the_items(tmp_path: Path) -> None:
    write_evidence(tmp_path / "e.jsonl", evidence_of())
    text = (tmp_path / "e.jsonl").read_bytes()
    head, items = text.split(b"\n", 1)
    file = open_evidence(tmp_path / "e.jsonl")
    assert file.digest == hashlib.sha256(text).hexdigest()
    assert file.origin.predictions == hashlib.sha256(items).hexdigest()
    assert items.splitlines() == sorted(items.splitlines())
    assert b'"evidence":1' in head


def test_there_is_room_for_the_scores_of_every_view() -> None:
    views = (((1, 0.5), (0, 0.25)), ((2, 0.75),))
    prediction = Prediction("a", 1, ((1, 0.5),), views=views)
    assert item_line(prediction) == b'["a",1,[[1,0.5]],"",[[[1,0.5],[0,0.25]],[[2,0.75]]]]\n'
    assert read_item_line(item_line(prediction)) == prediction


def test_an_item_whose_scores_were_close_says_so() -> None:
    for views in ((), (((1, 0.5),),)):
        prediction = Prediction("a", 1, ((1, 0.5),), views=views, close=True)
        line = item_line(prediction)
        assert line.endswith(b",true]\n")
        assert read_item_line(line) == prediction
        for other in (b"false", b"1", b'"true"', b"true,true"):
            assert read_item_line(line.replace(b"true", other)) is None
    unsettled = Prediction("a", 1, error="too close", close=True)
    assert read_item_line(item_line(unsettled)) == unsettled


def test_evidence_of_another_engine_says_so(tmp_path: Path) -> None:
    origin = replace(ORIGIN, engine="mnn 3.6.1", disagreement=4e-5)
    write_evidence(tmp_path / "e.jsonl", make_evidence(origin, evidence_of().predictions.values()))
    text = (tmp_path / "e.jsonl").read_bytes()
    assert b'"disagreement":4e-05,"engine":"mnn 3.6.1"' in text
    read = read_evidence(tmp_path / "e.jsonl").origin
    assert (read.engine, read.disagreement) == ("mnn 3.6.1", 4e-5)
    for found, wrong in ((b"4e-05", b"1.5"), (b"4e-05", b"0.0"), (b'"mnn 3.6.1"', b"7")):
        (tmp_path / "e.jsonl").write_bytes(text.replace(found, wrong))
        with pytest.raises(UndecidedError):
            read_evidence(tmp_path / "e.jsonl")
    write_evidence(tmp_path / "e.jsonl", evidence_of())
    assert b"engine" not in (tmp_path / "e.jsonl").read_bytes()


def test_what_is_correct_is_told_for_each_k() -> None:
    evidence = evidence_of(6)
    assert correct_ids(evidence, 1) == {f"class/clip {i:02}é" for i in (0, 1, 2)}
    assert correct_ids(evidence, 2) == {f"class/clip {i:02}é" for i in (0, 1, 2, 4)}


def unpacked(tmp_path: Path) -> tuple[Path, bytes]:
    path = tmp_path / "e.jsonl"
    write_evidence(path, evidence_of())
    return path, path.read_bytes()


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path, text = unpacked(tmp_path)
    for cut in [*range(0, len(text) - 1, 37), len(text) - 1]:
        path.write_bytes(text[:cut])
        with pytest.raises(UndecidedError, match=f"{path}.*verify-zoo --record"):
            read_evidence(path)


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    path, text = unpacked(tmp_path)
    whole = read_evidence(path)
    for position in range(0, len(text), 11):
        changed = bytearray(text)
        changed[position] ^= 1
        path.write_bytes(changed)
        try:
            again = read_evidence(path)
        except UndecidedError as error:
            assert str(path) in str(error)
        else:  # a letter in a name: another digest, which the receipts hold
            assert again.digest != whole.digest


def test_a_packed_file_that_is_cut_or_damaged_is_named(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl.gz"
    write_evidence(path, evidence_of())
    data = path.read_bytes()
    for broken in (data[:-20], data[: len(data) // 2], data[:20] + b"\xff" * 8 + data[28:]):
        path.write_bytes(broken)
        with pytest.raises(UndecidedError, match=f"{path}.*the evidence is damaged"):
            read_evidence(path)


DAMAGES = {
    "a label of its own accord": (b'00\\u00e9",0,', b'00\\u00e9",1,', "not those that were rec"),
    "an item less": (b'["class/clip 29', b'["', "not those that were recorded"),
    "another count": (b'"items":30', b'"items":31', "holds 30 of the 31 items"),
    "another number of classes": (b'"classes":5', b'"classes":4', "a class is not one of 0 to 3"),
    "another fingerprint": (b'"fingerprint":"', b'"fingerprint":"0', "not those that it speaks of"),
    "another format": (b'"evidence":1', b'"evidence":2', "this is no evidence of format 1"),
    "an unknown field": (b'"evidence":1', b'"evidence":1,"x":2', "this is no evidence"),
    "a head of another kind": (b'"classes":5', b'"classes":true', "this is no evidence"),
}


@pytest.mark.parametrize(("old", "new", "message"), DAMAGES.values(), ids=DAMAGES)
def test_what_was_changed_is_said(tmp_path: Path, old: bytes, new: bytes, message: str) -> None:
    path, text = unpacked(tmp_path)
    assert text.count(old) == 1
    path.write_bytes(text.replace(old, new))
    with pytest.raises(UndecidedError, match=f"{path}.*{message}"):
        read_evidence(path)


@pytest.mark.parametrize("content", [b"", b"\n", b"[]\n", b"{}\n", b"\xff\n", b"[" * 99999 + b"\n"])
def test_a_file_that_is_no_evidence_is_named(tmp_path: Path, content: bytes) -> None:
    for name, data in (("e.jsonl", content), ("e.jsonl.gz", gzip.compress(content))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UndecidedError, match=f"{tmp_path / name}.*evidence"):
            read_evidence(tmp_path / name)


def test_evidence_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match=r"gone\.jsonl: the evidence is not there"):
        read_evidence(tmp_path / "gone.jsonl")


def test_items_out_of_order_or_twice_are_named(tmp_path: Path) -> None:
    evidence = evidence_of(3)
    lines = [item_line(each) for each in evidence.predictions.values()]
    for order in ([1, 0, 2], [0, 1, 1]):
        text = b"".join(lines[index] for index in order)
        origin = replace(evidence.origin, predictions=hashlib.sha256(text).hexdigest())
        broken = Evidence(origin, {})
        write_evidence(tmp_path / "e.jsonl", broken)
        with (tmp_path / "e.jsonl").open("ab") as file:
            file.write(text)
        with pytest.raises(UndecidedError, match="is out of order"):
            read_evidence(tmp_path / "e.jsonl")


def test_a_full_disk_leaves_no_half_evidence(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, before[1]))
    try:
        with pytest.raises(UndecidedError, match="the evidence cannot be written: file too large"):
            write_evidence(tmp_path / "e.jsonl", evidence_of())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line",
    [
        b'["a",0,[[1,NaN]],""]\n',
        b'["a",0,[[1,1]],""]\n',
        b'["a",0,[[1,0.5]],"bad"]\n',
        b'["a",0,[],""]\n',
        b'["a",true,[[1,0.5]],""]\n',
        b'["a",0,[[1,0.50]],""]\n',
        b'["a", 0,[[1,0.5]],""]\n',
        b'["a",0,[[1,0.5]]]\n',
        b"null\n",
    ],
)
def test_a_line_that_was_not_written_so_is_none(line: bytes) -> None:
    assert read_item_line(line) is None
