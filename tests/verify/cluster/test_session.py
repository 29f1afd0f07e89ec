from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import DataSource, Open
from sphinx_modelzoo.verify.cluster.answers import INSTALL
from sphinx_modelzoo.verify.cluster.paths import needed_paths
from sphinx_modelzoo.verify.cluster.session import (
    GoneError,
    Moved,
    Opening,
    open_session,
    predict_piece,
    versions,
)
from sphinx_modelzoo.verify.recognizer.process import Command


def opening(folder: Path, **fields: object) -> Opening:
    source = DataSource("items", str(folder), str(folder / "items.txt"))
    request = Open("net", "net", "", 8, source, {})
    command = Command("net", ("/no/python", "tool.py"), folder)
    values = {
        "command": command,
        "tops": (1,),
        "request": request,
        "timeout": 1.0,
        "topic": "t",
        "echo": False,
        "paths": needed_paths(command, request),
        "versions": versions(),
        **fields,
    }
    return Opening(**values)  # type: ignore[arg-type]


def test_all_that_a_worker_lacks_is_named_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    with pytest.raises(UndecidedError) as caught:
        open_session(opening(folder))
    assert str(caught.value) == (
        f"there is no {folder}/items.txt and no {folder}; "
        "every machine of a cluster needs the same files at the same paths"
    )


@pytest.mark.parametrize("name", ["sphinx-modelzoo", "distributed", "Python"])
def test_a_worker_of_another_version_says_so(tmp_path: Path, name: str) -> None:
    wrong = {**versions(), name: "0.1"}
    with pytest.raises(UndecidedError) as caught:
        open_session(opening(tmp_path, versions=wrong))
    here = versions()[name]
    assert str(caught.value) == f"{name} is {here} there and 0.1 here; {INSTALL}"


def test_the_programs_files_are_among_what_a_worker_needs(tmp_path: Path) -> None:
    folder = tmp_path / "tools"
    folder.mkdir()
    python, script, other = tmp_path / "python", folder / "tool.py", tmp_path / "other.py"
    listed = tmp_path / "items.txt"
    for path in (python, script, other, listed):
        path.touch()
    command = Command("net", (str(python), "tool.py", str(other), "/no/such", "--fast"), folder)
    reference = replace(command, argv=(str(script),))
    source = DataSource("items", "", str(listed))
    found = needed_paths(replace(command, reference=reference), Open("n", "n", "", 8, source, {}))
    assert found == tuple(map(str, (listed, python, other, folder, script)))


def test_an_opening_can_be_sent(tmp_path: Path) -> None:
    made = opening(tmp_path)
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - our own


def test_a_session_that_was_moved_says_so() -> None:
    with pytest.raises(GoneError):
        predict_piece(Moved(), {"a": 0})
