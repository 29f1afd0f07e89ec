"""The commands print completion scripts that the shells can read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ("verify_zoo", "modelzoo")


def completion(command: str, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    program = f"import sys; sys.path[:0] = {[path] if path else []}\n"
    program += f"from sphinx_modelzoo.cli.{command} import main\nsys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, "--print-completion", *arguments],
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_bash_reads_the_script_and_completes_options(command: str, tmp_path: Path) -> None:
    done = completion(command, "bash")
    assert done.returncode == 0
    script = tmp_path / "completion.bash"
    script.write_text(done.stdout)
    checked = subprocess.run(["bash", "-n", script], check=False, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "--version" in done.stdout


def test_another_shell_is_a_wrong_call() -> None:
    done = completion("verify_zoo", "cmd")
    assert done.returncode == 2
    assert "invalid choice: 'cmd'" in done.stderr


def test_without_shtab_the_message_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "shtab.py").write_text("raise ImportError('not here')\n")
    done = completion("modelzoo", "zsh", path=str(tmp_path))
    assert done.returncode == 2
    assert "pip install 'sphinx-modelzoo[completion]'" in done.stderr
