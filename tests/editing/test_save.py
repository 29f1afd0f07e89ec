"""A file is replaced whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sphinx_modelzoo.editing.save import Change, replace_file
from sphinx_modelzoo.errors import CallError, UndecidedError


def test_the_mode_stays_and_nothing_is_left_beside(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_bytes(b"a")
    path.chmod(0o640)
    Change(path, b"a", b"b").write()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"b", 0o640)
    assert list(tmp_path.iterdir()) == [path]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "zoo.yaml").write_bytes(b"a")
    link = tmp_path / "zoo.yaml"
    link.symlink_to(Path("real") / "zoo.yaml")
    replace_file(link, b"b", expected=b"a")
    assert link.is_symlink()
    assert (tmp_path / "real" / "zoo.yaml").read_bytes() == b"b"


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_bytes(b"theirs")
    with pytest.raises(CallError, match="was changed by another program; nothing was written"):
        replace_file(path, b"b", expected=b"a")
    assert path.read_bytes() == b"theirs"


def test_a_write_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_bytes(b"a")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UndecidedError, match="cannot be written: no space left on device"):
        replace_file(path, b"b", expected=b"a")
    assert path.read_bytes() == b"a"
    assert list(tmp_path.iterdir()) == [path]
