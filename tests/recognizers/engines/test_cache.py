"""Converted networks on disk: whole or not there, and seen through when they are not sound."""

from __future__ import annotations

import errno
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.recognizers.engines.cache import (
    Cache,
    DamagedError,
    cache_folder,
    read_record,
    write_record,
    writing,
)
from sphinx_modelzoo.recognizers.engines.engine import Network

NETWORK = Network("vgg16_ucf101", 101, (3, 224, 224))


def test_the_folder_depends_on_all_that_the_scores_depend_on(tmp_path):
    cache = Cache(tmp_path)
    folders = {
        cache.folder(NETWORK, "a" * 64),
        cache.folder(NETWORK, "b" * 64),
        cache.folder(Network("vgg16_hmdb51", 101, (3, 224, 224)), "a" * 64),
        cache.folder(Network("vgg16_ucf101", 51, (3, 224, 224)), "a" * 64),
        cache.folder(Network("vgg16_ucf101", 101, (3, 8, 224, 224)), "a" * 64),
    }
    assert len(folders) == 5
    assert cache.folder(NETWORK, "a" * 64) in folders


@pytest.mark.parametrize(
    ("given", "environment", "folder"),
    [
        ("/here", {"MODELZOO_ENGINES": "/there"}, "/here"),
        ("", {"MODELZOO_ENGINES": "/there", "XDG_CACHE_HOME": "/cache"}, "/there"),
        ("", {"XDG_CACHE_HOME": "/cache"}, "/cache/sphinx-modelzoo/engines"),
        ("", {}, "~/.cache/sphinx-modelzoo/engines"),
    ],
)
def test_where_the_cache_is(given, environment, folder):
    assert cache_folder(given, environment) == Path(folder).expanduser()


def test_a_record_gives_back_what_was_written(tmp_path):
    (tmp_path / "network").write_bytes(b"weights")
    write_record(tmp_path, "it.json", {"measured": 0.25}, "network")
    assert read_record(tmp_path, "it.json") == {"measured": 0.25}
    assert read_record(tmp_path, "another.json") is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["it.json", "network"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "network").write_bytes(b"weight"), "network is not as it was"),
        (lambda folder: (folder / "network").write_bytes(b"weightS"), "network is not as it was"),
        (lambda folder: (folder / "network").unlink(), "network cannot be read"),
        (lambda folder: (folder / "it.json").write_text(""), "it.json cannot be read"),
        (lambda folder: (folder / "it.json").write_text("[]"), "it.json cannot be read"),
        (
            lambda folder: (folder / "it.json").write_text(
                (folder / "it.json").read_text().replace("0.25", "0.05")
            ),
            "it.json is not as it was written",
        ),
    ],
)
def test_damage_is_noticed_and_named(tmp_path, damage, message):
    (tmp_path / "network").write_bytes(b"weights")
    write_record(tmp_path, "it.json", {"measured": 0.25}, "network")
    damage(tmp_path)
    with pytest.raises(DamagedError, match=f"^{re.escape(str(tmp_path))}.*{message}"):
        read_record(tmp_path, "it.json")


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path):
    cache, folder = Cache(tmp_path), tmp_path / "network"
    for text in ("old", "new"):
        with cache.new_folder(folder) as new:
            (new / "file").write_text(text)
            (new / text).touch()
    assert sorted(path.name for path in folder.iterdir()) == ["file", "new"]
    assert (folder / "file").read_text() == "new"
    assert list(tmp_path.iterdir()) == [folder]


def fail_half_way(cache: Cache, folder: Path) -> None:
    with cache.new_folder(folder) as new:
        (new / "file").write_text("half")
        raise ZeroDivisionError


def test_a_failure_leaves_the_old_folder_and_nothing_else(tmp_path):
    cache, folder = Cache(tmp_path), tmp_path / "network"
    with cache.new_folder(folder) as new:
        (new / "file").write_text("old")
    with pytest.raises(ZeroDivisionError):
        fail_half_way(cache, folder)
    assert (folder / "file").read_text() == "old"
    assert list(tmp_path.iterdir()) == [folder]


MAKE_SLOWLY = """
import signal, sys
from pathlib import Path
from sphinx_modelzoo.recognizers.engines.cache import Cache
root = Path(sys.argv[1])
cache, folder = Cache(root), root / "network"
with cache.lock(folder), cache.new_folder(folder) as new:
    (new / "file").write_text("half")
    print("writing", flush=True)
    signal.pause()
"""


def test_a_process_that_is_killed_while_it_writes_leaves_no_half_folder_and_no_lock(tmp_path):
    command = [sys.executable, "-c", MAKE_SLOWLY, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.kill()
    assert not (tmp_path / "network").exists()
    assert len(list(tmp_path.glob(".network.*"))) == 2
    with Cache(tmp_path).lock(tmp_path / "network"):
        # What it was writing may be as large as the weights, twice.
        assert [path.name for path in tmp_path.iterdir()] == [".network.lock"]


def test_what_another_process_makes_is_waited_for_and_told(tmp_path, monkeypatch):
    """Again and again: whoever waits for this process must see that it does not hang."""
    monkeypatch.setattr(f"{Cache.__module__}._TOLD_SECONDS", 0.0)
    command = [sys.executable, "-c", MAKE_SLOWLY, tmp_path]
    notes: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"

        def note(text: str) -> None:
            notes.append(text)
            if len(notes) == 3:
                process.kill()
                process.wait()

        with Cache(tmp_path).lock(tmp_path / "network", note):
            assert process.wait() != 0
    assert notes == ["waiting for another process that converts network"] * 3


@pytest.mark.parametrize("name", ["/etc/passwd", "../../up", "a/b", "x" * 300, "..", "\u00e4 \x7f"])
def test_a_folder_is_inside_the_cache_whatever_a_manifest_calls_the_network(tmp_path, name):
    folder = Cache(tmp_path).folder(Network(name, 101, (3, 224, 224)), "a" * 64)
    assert folder.parent == tmp_path
    with Cache(tmp_path).lock(folder), Cache(tmp_path).new_folder(folder):
        pass
    assert folder.is_dir()


MAKE_OFTEN = """
import sys
from pathlib import Path
from sphinx_modelzoo.recognizers.engines.cache import Cache, write_record
root = Path(sys.argv[1])
for turn in range(100):
    with Cache(root).new_folder(root / "network") as new:
        for name in ("one", "two"):
            (new / name).write_text(f"{sys.argv[2]} {turn}")
        write_record(new, "record.json", {"by": f"{sys.argv[2]} {turn}"}, "one", "two")
"""


def test_two_processes_that_make_the_same_at_once_leave_one_whole_folder(tmp_path):
    """Without the lock, as on a file system that has none."""
    command = [sys.executable, "-c", MAKE_OFTEN, tmp_path]
    processes = [subprocess.Popen([*command, name]) for name in ("a", "b")]
    assert [process.wait(60) for process in processes] == [0, 0]
    folder = tmp_path / "network"
    record = read_record(folder, "record.json")
    assert record is not None
    assert record["by"] in {"a 99", "b 99"}
    assert (folder / "one").read_text() == (folder / "two").read_text() == record["by"]
    assert list(tmp_path.iterdir()) == [folder]


def test_a_cache_that_cannot_be_written_is_told_with_the_variable(tmp_path):
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file" / "engines")
    with (
        pytest.raises(UndecidedError, match="MODELZOO_ENGINES=FOLDER"),
        cache.new_folder(cache.root / "network"),
    ):
        pytest.fail("a folder inside a file")


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "(No space left on device); make room,"),
        (OSError("4096 requested and 512 written"), "(4096 requested and 512 written); make room,"),
        (PermissionError(errno.EACCES, "Permission denied"), "(Permission denied); name another"),
    ],
)
def test_a_full_disk_is_told_with_its_place(tmp_path, error, what):
    with pytest.raises(UndecidedError) as caught, writing(tmp_path):
        raise error
    assert str(caught.value).startswith(f"{tmp_path}: the converted network cannot be written")
    assert what in str(caught.value)


def test_records_are_readable_json(tmp_path):
    write_record(tmp_path, "it.json", {"engine": "mnn"})
    assert json.loads((tmp_path / "it.json").read_text())["data"] == {"engine": "mnn"}
