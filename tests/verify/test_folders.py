"""Looking whether a folder can be written disturbs no one who looks at the same time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.verify.folders import check_writable

LOOK = """\
import sys
from pathlib import Path
from sphinx_modelzoo.verify.folders import check_writable
print(flush=True)
input()
for index in range(400):
    check_writable(Path(sys.argv[1]) / str(index), "--shards")
"""


def test_processes_that_look_at_the_same_folders_at_once_all_find_them_writable(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", LOOK, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, text=True, **pipes) for _ in range(4)]
    for each in started:
        each.stdout.readline()
    for each in started:
        each.stdin.write("\n")
        each.stdin.flush()
    assert [each.communicate(timeout=60)[1] for each in started] == [""] * 4


def test_a_folder_that_cannot_be_is_named_with_the_option(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder", encoding="utf-8")
    with pytest.raises(CallError, match=r"cannot be written: .*; name another with --shards"):
        check_writable(tmp_path / "taken" / "shards", "--shards")
    with pytest.raises(CallError, match="cannot be written: "):
        check_writable(Path("/proc/nowhere"), "--receipts")


def test_looking_leaves_nothing_behind_and_follows_no_link_to_nowhere(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b" / "c", "--shards")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(CallError, match="cannot be written: no such file"):
        check_writable(tmp_path / "link" / "shards", "--shards")
