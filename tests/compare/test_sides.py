"""Manifests come from files and from git revisions."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sphinx_modelzoo.compare.sides import open_new, open_old
from sphinx_modelzoo.errors import CallError, ManifestError

IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in {"NAME": "A", "EMAIL": "a@example.org"}.items()
}


def git(folder: Path, *arguments: str) -> None:
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **IDENTITY, **alone},
        check=True,
        capture_output=True,
        timeout=60,
    )


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder inside a repository: a manifest with includes, in two commits."""
    top = tmp_path / "repo"
    folder = top / "models zoo"
    (folder / "parts").mkdir(parents=True)
    git(top, "init", "-q")
    (top / "readme").write_text("x")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "nothing yet")
    (folder / "zoo.yaml").write_text("zoo: 1\ninclude: parts/*.yaml\n")
    (folder / "parts" / "ä.yaml").write_text("models: [{name: a}]\n")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "one")
    git(top, "tag", "one")
    (folder / "parts" / "b.yaml").write_text("models: [{name: b}]\n")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "two")
    (folder / "parts" / "b.yaml").write_text("models: [{name: c}]\n")
    monkeypatch.chdir(folder)
    return folder


def names(text: str | None) -> list[str]:
    return [entry.name for entry in open_new(text, lambda: Path("zoo.yaml")).zoo.entries]


def test_a_revision_is_read_with_its_includes(repository: Path) -> None:
    assert names("one") == ["a"]
    assert names("HEAD~1") == ["a"]
    assert names("HEAD") == ["b", "a"]
    assert names(None) == ["c", "a"]
    assert names("one:models zoo/zoo.yaml") == ["a"]
    assert names("one:./zoo.yaml") == ["a"]
    assert names(str(repository)) == ["c", "a"]


def test_a_revision_before_the_manifest_is_a_zoo_without_entries(repository: Path) -> None:
    del repository
    side = open_old("one~1", lambda: Path("zoo.yaml"))
    assert (side.missing, side.zoo.entries) == (True, ())
    with pytest.raises(CallError, match=r"one~1:models zoo/zoo.yaml: this revision has no such"):
        open_new("one~1", lambda: Path("zoo.yaml"))


def test_problems_in_a_revision_say_which_one(repository: Path) -> None:
    (repository / "zoo.yaml").write_text("zoo: 1\nmodel: []\n")
    git(repository, "commit", "-qam", "wrong")
    (repository / "zoo.yaml").write_text("zoo: 1\n")
    with pytest.raises(ManifestError, match=r"^HEAD:models zoo/zoo.yaml:2:1: unknown field"):
        names("HEAD")


def test_a_symbolic_link_in_a_revision_is_followed(repository: Path) -> None:
    (repository / "latest.yaml").symlink_to("parts/../zoo.yaml")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "link")
    assert names("HEAD:./latest.yaml") == ["c", "a"]


@pytest.mark.parametrize("text", ["nosuch", "--help", "HEAD:nosuch.yaml", "HEAD^{tree}", "-1"])
def test_what_is_neither_file_nor_revision_is_said(repository: Path, text: str) -> None:
    del repository
    with pytest.raises(CallError, match=r"neither a file nor a revision|has no such file"):
        names(text)


def test_a_file_wins_over_a_revision_of_its_name(repository: Path) -> None:
    (repository / "one").write_text("zoo: 1\nmodels: [{name: file}]\n")
    assert names("one") == ["file"]


def test_outside_a_repository_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CallError, match="'HEAD' is no revision, as this folder is in no git repo"):
        names("HEAD")
