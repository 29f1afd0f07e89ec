from __future__ import annotations

import hashlib
from pathlib import Path

from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.script import script_digest, script_of


def test_the_first_word_that_is_a_file_in_the_folder_is_the_program(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    script = tmp_path / "tools" / "own.py"
    script.write_text("1")
    (tmp_path / "data.json").write_text("2")
    command = Command("own", ("/usr/bin/python3", "tools/own.py", "data.json"), tmp_path)
    assert script_of(command) == script.resolve()
    assert script_digest(command) == hashlib.sha256(b"1").hexdigest()


def test_a_program_outside_or_of_the_package_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("1")
    (tmp_path / "in").mkdir()
    for argv in (("python", "../own.py"), ("python", "-m", "own"), ("python", "in")):
        assert script_of(Command("own", argv, tmp_path / "in")) is None
    assert script_digest(Command("own", ("python", "own.py"))) == ""
