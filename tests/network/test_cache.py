from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.network.cache import Journal, cache_folder


def journal(path: Path, max_age: float = 60) -> Journal:
    made = Journal(path, max_age)
    made.load()
    return made


def test_what_was_put_is_there_for_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "links.jsonl"
    first = journal(path)
    first.put("http://a", state="ok")
    first.put("http://a", state="broken")
    second = journal(path)
    fact = second.get("http://a")
    assert fact is not None
    assert fact["state"] == "broken"
    assert second.get("http://b") is None
    assert len(path.read_text().splitlines()) == 2
    second.tidy()
    assert len(path.read_text().splitlines()) == 1


def test_a_line_that_a_kill_cut_off_takes_no_other_with_it(tmp_path: Path) -> None:
    path = tmp_path / "links.jsonl"
    journal(path).put("http://a", state="ok")
    with path.open("a") as file:
        file.write('{"address": "http://b", "ti')
    journal(path).put("http://c", state="ok")
    after = journal(path)
    assert [after.get(f"http://{name}") is not None for name in "abc"] == [True, False, True]


def test_what_is_too_old_or_from_the_future_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "links.jsonl"
    lines = [{"address": "old", "time": 1}, {"address": "new", "time": 1e12}, {"time": 5}, 7]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    made = journal(path)
    assert made.get("old") is None
    assert made.get("new") is None


def test_a_cache_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match=r"the cache cannot be used: .*name another folder"):
        journal(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(UndecidedError, match="the cache cannot be used"):
        Journal(tmp_path / "file" / "links.jsonl", 60).put("a")


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/sphinx-modelzoo"),
        ("linux", {}, "/home/me/.cache/sphinx-modelzoo"),
        ("darwin", {}, "/home/me/Library/Caches/sphinx-modelzoo"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/sphinx-modelzoo/Cache"),
    ],
)
def test_the_cache_lies_where_the_platform_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], folder: str
) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder() == Path(folder)
