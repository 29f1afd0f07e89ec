"""The page on cards: what it shows works."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from sphinx_modelzoo.cards import model
from sphinx_modelzoo.cards.environment import OURS
from sphinx_modelzoo.cli.modelzoo import main

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"


def test_the_template_that_is_shown_adds_to_its_block(tmp_path: Path) -> None:
    shutil.copytree(DOCS / "examples" / "cards", tmp_path / "docs")
    shutil.copy(REPOSITORY / "zoo.yaml", tmp_path)
    text = (tmp_path / "zoo.yaml").read_text(encoding="utf-8")
    text = text.replace("    hashtag: d6dc1bba\n", "    hashtag: d6dc1bba\n    license: MIT\n")
    (tmp_path / "zoo.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "docs" / "index.rst").write_text("Zoo\n===\n\n.. zoo:cards::\n", encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html"]
    command += [str(tmp_path / "docs"), str(tmp_path / "html")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "html" / "models" / "vgg16_ucf101.html").read_text(encoding="utf-8")
    section = BeautifulSoup(page, "html.parser").find("section", id="license")
    assert section is not None
    assert "MIT" in section.get_text()
    assert "Ask us before you sell it." in section.get_text()


def test_the_commands_that_are_shown_print_a_card(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert main(["card", "vgg16_ucf101"]) == 0
    assert capsys.readouterr().out.startswith("# vgg16_ucf101\n")


def test_both_templates_have_the_same_blocks() -> None:
    def blocks(name: str) -> list[str]:
        lines = (OURS / "zoo" / name).read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.startswith("{% block ")]

    assert blocks("card.rst") == blocks("card.md")


def test_the_reference_has_every_field_and_property_of_a_card(documentation: Any) -> None:
    text = (documentation.folder / "reference" / "cards.html").read_text(encoding="utf-8")
    shown = {code.text for code in BeautifulSoup(text, "html.parser").select("td code")}
    for kind in (model.Card, model.Weights, model.Measurement, model.Dataset, model.Paper):
        properties = {key for key, each in vars(kind).items() if isinstance(each, property)}
        assert {each.name for each in fields(kind)} | properties <= shown
