"""A shard's file holds what was written, and whatever is lost or changed of it is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import Opened, Prediction
from sphinx_modelzoo.receipts.evidence_lines import item_line
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.shards.file import End, ShardFile, open_shard, write_shard
from sphinx_modelzoo.verify.shards.head import Head, on_any_machine, portable

PREDICTED = [Prediction(f"clip {index}é", index, ((index, 0.5),)) for index in range(4)]
REST = [("clip 4", 4), ("clip 5", 5)]


def head() -> Head:
    return Head(
        entry="net@aaaaaaaa",
        dataset="clips",
        protocol="plain",
        number=2,
        of=3,
        total=18,
        tier="spot",
        alpha=0.05,
        evidence="e" * 64,
        tool="sphinx-modelzoo 1",
        command='["python", "r.py"]',
        depends={"seed": "s", "weights": "w"},
        opened=Opened(
            18, "f" * 64, "fake", "1.0", environment={"python": "3", "cpu": "é"}, disagreement=0.001
        ),
        media="videos",
        item_list="clips.txt",
        started="2026-01-02T03:04:05Z",
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shards") / "deep" / "net.shard.jsonl"
    write_shard(path, head(), map(item_line, PREDICTED), REST, End(4, 5, 6, 1.5, 2))
    return path


def test_what_was_written_is_read_again(written: Path) -> None:
    file = open_shard(written)
    assert file == ShardFile(written, head(), End(4, 5, 6, 1.5, 2))
    assert list(file.head.opened.environment) == ["python", "cpu"]  # as a receipt has it
    rows = list(file.rows())
    assert [row.prediction for row in rows] == [*PREDICTED, None, None]
    assert [(row.id, row.label) for row in rows[4:]] == REST
    data = written.read_bytes()
    for row, line in zip(rows, data.splitlines(keepends=True)[1:], strict=False):
        assert data[row.offset :].startswith(line)
    assert not file.finished


def is_noticed(path: Path) -> bool:
    try:
        return open_shard(path).problem is not None
    except UndecidedError:
        return True


def test_a_file_that_was_cut_off_anywhere_is_noticed(written: Path, tmp_path: Path) -> None:
    data = written.read_bytes()
    path = tmp_path / "cut.shard.jsonl"
    for length in range(len(data)):
        path.write_bytes(data[:length])
        assert is_noticed(path), length


@settings(max_examples=150)
@given(place=st.integers(0, 10_000), byte=st.integers(1, 255))
def test_a_byte_that_was_changed_anywhere_is_noticed(
    written: Path, tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    data = bytearray(written.read_bytes())
    data[place % len(data)] ^= byte
    path = tmp_path_factory.getbasetemp() / "changed.shard.jsonl"
    path.write_bytes(data)
    assert is_noticed(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: lines[:-1], "it is cut off after line 7"),
        (lambda lines: [*lines[:3], *lines[4:]], "it was changed after it was written"),
        (lambda lines: [*lines, lines[-1]], "it was changed after it was written"),
    ],
)
def test_lost_lines_are_named(written: Path, tmp_path: Path, change, words: str) -> None:
    path = tmp_path / "lost.shard.jsonl"
    path.write_bytes(b"".join(change(written.read_bytes().splitlines(keepends=True))))
    problem = open_shard(path).problem
    assert problem is not None
    assert words in str(problem)


@pytest.mark.parametrize("text", ["", "{}\n", "[1]\n", '{"evidence":1}\n', "\0" * 99])
def test_another_file_is_no_shard(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.shard.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UndecidedError, match=r"this is no shard of format 1; .* or leave it out"):
        open_shard(path)


def test_a_shard_that_cannot_be_written_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder", encoding="utf-8")
    path = tmp_path / "taken" / "net.shard.jsonl"
    with pytest.raises(UndecidedError, match=r"cannot be written: .*; make room or name another"):
        write_shard(path, head(), map(item_line, PREDICTED), REST, End(4, 5, 6, 1.5, 2))


def test_what_differs_between_machines_does_not_tell_shards_apart() -> None:
    here = Command("net", ("/usr/bin/python3.11", "/home/a/tools/own.py", "--fast"))
    there = Command("net", ("/opt/venv/bin/python", "/data/tools/own.py", "--fast"))
    assert portable(here) == portable(there) == '["python", "own.py", "--fast"]'
    assert portable(here) != portable(Command("net", (*here.argv[:2], "--slow")))
    depends = {"command": "/home/a", "engine": "mnn 1e-5", "reference": "-", "seed": "s"}
    assert on_any_machine(depends) == {"seed": "s"}
