"""The Makefile and .ci/run, in folders of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

PASSING = "def test_this() -> None:\n    assert True\n"
MARKED = "import pytest\n\n@pytest.mark.{mark}\ndef test_that() -> None:\n    assert True\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a folder with what the Makefile needs, and tests of its own."""
    for name in ("Makefile", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, tmp_path)
    for name in (".ci", "sphinx_modelzoo"):
        ignored = shutil.ignore_patterns("__pycache__", "*.mp4", "*.avi", "*.params")
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=ignored)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_this.py").write_text(PASSING)
    return tmp_path


@pytest.fixture
def installed(clone: Path) -> Path:
    """Give such a folder, whose environment stands for this one."""
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    for stamp in (".demo", ".test"):
        (clone / ".venv" / stamp).touch()
    return clone


def call(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # The calling make hands its options to those below it; these stand for themselves.
    kept = {key: text for key, text in os.environ.items() if not key.startswith("MAKE")}
    kept.pop("MFLAGS", None)
    return subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_help_names_every_command() -> None:
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    done = call(REPOSITORY, "make", "--no-print-directory")
    shown = re.findall(r"^make (\w+)  ", done.stdout, re.MULTILINE)
    assert sorted([*shown, "help"]) == sorted(phony.split())


def test_without_python_the_message_says_what_to_install(clone: Path) -> None:
    done = call(clone, "make", "demo", "PYTHON=no-such-python")
    assert done.returncode != 0
    assert "Python 3.11 is needed, and none of these is it: no-such-python" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_failure_of_pip_stops_with_a_message(clone: Path) -> None:
    nowhere = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
    done = call(clone, "make", "demo", f"PYTHON={sys.executable}", **nowhere)
    assert done.returncode != 0
    assert "ERROR: " in done.stderr
    assert "make: pip could not install the packages; its message is above." in done.stderr
    assert not (clone / ".venv" / ".demo").exists()
    assert "verify-zoo" not in done.stdout


def test_tests_that_cannot_run_are_named_at_the_end(installed: Path) -> None:
    for mark in ("chromium", "latex"):
        (installed / "tests" / f"test_{mark}.py").write_text(MARKED.format(mark=mark))
    without = ("CHROMIUM=no-chromium", "LATEXMK=no-latexmk")
    done = call(installed, "make", "test", "PYTEST_WORKERS=0", *without)
    assert done.returncode == 0, done.stderr
    assert "1 passed, 2 deselected" in done.stdout
    last = done.stdout.splitlines()[-1]
    assert last == "Left out are the tests marked: chromium (no no-chromium) latex (no no-latexmk)"


def test_a_failing_test_fails_make_test(installed: Path) -> None:
    (installed / "tests" / "test_this.py").write_text(PASSING.replace("True", "False"))
    done = call(installed, "make", "test", "CHROMIUM=no-chromium")
    assert done.returncode != 0
    assert "1 failed" in done.stdout


@pytest.mark.chromium
@pytest.mark.latex
@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('import pytest\n\ndef test_that() -> None:\n    pytest.skip("no")\n', "1 skipped"),
        (
            "import pytest\n\n@pytest.mark.xfail\ndef test_that() -> None:\n    assert 0\n",
            "xfailed",
        ),
    ],
)
def test_the_pipeline_fails_when_a_test_is_left_out(installed: Path, body: str, why: str) -> None:
    (installed / "tests" / "test_that.py").write_text(body)
    done = call(installed, ".ci/run")
    assert done.returncode == 1
    message = done.stderr.splitlines()[-1]
    assert message.startswith(".ci/run: a test was left out or gave a warning: ")
    assert why in message
