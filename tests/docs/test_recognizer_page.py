"""The page on running any program: its commands and listings are what really happens."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sphinx_modelzoo.verify.printed.measure import batch_size
from sphinx_modelzoo.verify.printed.printers import Printer
from sphinx_modelzoo.verify.recognizer.commands import configured

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGES = DOCS / "examples" / "languages"
PAGE = "recognizer.md"
VERIFY = str(Path(sys.executable).with_name("verify-zoo"))


@pytest.fixture
def blocks(all_blocks: Any) -> list[Any]:
    return [block for block in all_blocks if block.page == PAGE]


@pytest.fixture
def zoo(tmp_path: Path) -> Path:
    folder = tmp_path / "zoo"
    shutil.copytree(LANGUAGES, folder, ignore=shutil.ignore_patterns("receipts"))
    return folder


def type_in(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    words = line.split()
    assert words[0] == "verify-zoo"
    command = [VERIFY, *words[1:]]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)


def test_the_check_of_the_example_prints_what_the_page_shows(blocks: Any, zoo: Path) -> None:
    typed = next(block.text for block in blocks if block.language == "sh")
    shown = next(block.text for block in blocks if block.language == "text")
    done = type_in(zoo, typed)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(shown)


def test_a_failed_check_is_explained_as_the_page_shows(blocks: Any, zoo: Path) -> None:
    script = zoo / "recognizer.py"
    said = """print("Downloading the weights ...", file=pipe, flush=True)"""
    text = script.read_text(encoding="utf-8").replace(
        "    try:\n        for", f"    {said}\n    try:\n        for"
    )
    assert said in text
    script.write_text(text, encoding="utf-8")
    typed = next(block.text for block in blocks if block.language == "sh")
    _, shown = (block.text for block in blocks if block.language == "text")
    done = type_in(zoo, typed)
    assert (done.returncode, done.stderr) == (1, shown)


def test_a_fast_program_has_its_reference_as_the_page_says(blocks: Any, tmp_path: Path) -> None:
    listing, _ = (block.text for block in blocks if block.language == "toml")
    path = tmp_path / "modelzoo.toml"
    path.write_text(listing, encoding="utf-8")
    command = configured(path, sys.executable)["my-net"]
    assert command.reference
    assert command.argv == (*command.reference.argv, "--half-precision")


def test_the_script_that_prints_is_read_as_the_page_says(blocks: Any, tmp_path: Path) -> None:
    _, listing = (block.text for block in blocks if block.language == "toml")
    path = tmp_path / "modelzoo.toml"
    path.write_text(listing, encoding="utf-8")
    printer = configured(path, sys.executable)["my-script"]
    assert isinstance(printer, Printer)
    match = printer.accuracy["top1"].search("top-1: 83.40 %")
    assert match
    assert match[1] == "83.40"


def test_gluoncvs_batches_are_as_the_page_says() -> None:
    text = (DOCS / "howto" / PAGE).read_text(encoding="utf-8")
    said = re.search(
        r"`\{batch\}` is (\d+), the largest number up to (\d+) that divides (\d+)", text
    )
    assert said
    batch, largest, total = map(int, said.groups())
    assert batch_size(total, largest) == batch
    assert f"--batch-size {batch} " in text
    assert f"`Load {total} test samples in {total // batch} iterations.`" in text
