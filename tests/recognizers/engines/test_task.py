"""Work in another process: what is told when that process ends before its answer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sphinx_modelzoo.recognizers.engines.task import CrashError, run_task
from sphinx_modelzoo.recognizers.libraries import LibraryError


def program(folder: Path, *lines: str) -> str:
    path = folder / "python"
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("exit 3", "ended with status 3 and without an answer .* standard error"),
        ("kill -9 $$", "was ended by signal 9 and without an answer .* memory ran out"),
    ],
)
@pytest.mark.parametrize("said", ["", 'printf \'{"type": "done", "answ\''])
def test_a_process_that_ends_without_a_whole_answer_has_crashed(tmp_path, said, end, how):
    python = program(tmp_path, "read line", said, end)
    with pytest.raises(CrashError, match=f"^{python} {how}"):
        run_task("export", {"folder": "there"}, print, python)


def test_notes_come_before_the_answer(tmp_path):
    note, done = '{"type": "note", "text": "half"}', '{"type": "done", "answer": {"it": 1}}'
    python = program(tmp_path, "read line", f"echo '{note}'", f"echo '{done}'")
    notes: list[str] = []
    assert run_task("export", {}, notes.append, python) == {"it": 1}
    assert notes == ["half"]


def test_an_interpreter_that_does_not_start_is_named(tmp_path):
    with pytest.raises(LibraryError, match="nowhere does not start"):
        run_task("export", {}, print, str(tmp_path / "nowhere"))


@pytest.mark.parametrize("said", ["Welcome!", "[]", '{"type": []}'])
def test_what_is_no_interpreter_is_named(tmp_path, said):
    """As a wrapper that greets; it need not end by itself."""
    python = program(tmp_path, f"echo '{said}'", "exec cat")
    with pytest.raises(LibraryError) as caught:
        run_task("export", {}, print, python)
    what = f"{python} prints {said!r}, which is no answer (export); see that it is a Python"
    assert str(caught.value).startswith(what)


OLD = """import runpy, sys
sys.version_info, sys.version, sys.argv = (3, 8, 18), "3.8.18 (default)", sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_an_interpreter_that_is_too_old_is_named(tmp_path):
    (tmp_path / "old.py").write_text(OLD)
    python = program(tmp_path, f'exec "{sys.executable}" "{tmp_path / "old.py"}" "$@"')
    with pytest.raises(LibraryError, match=r"is Python 3.8.18, which is too old; use Python 3.10"):
        run_task("export", {}, print, python)
