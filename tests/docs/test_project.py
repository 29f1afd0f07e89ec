"""The project's papers agree with the package."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import yaml

import sphinx_modelzoo

REPOSITORY = Path(__file__).parents[2]


def test_the_version_is_the_same_everywhere() -> None:
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(.+?)\]", changes, re.MULTILINE)
    assert newest
    assert citation["version"] == newest[1] == sphinx_modelzoo.__version__


def test_the_citation_has_what_its_format_requires() -> None:
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation.keys() >= {"cff-version", "message", "title", "authors"}
    assert citation["license"] == metadata("sphinx-modelzoo")["License-Expression"]


def test_the_names_of_extras_stay() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {"mxnet", "onnxruntime", "mnn", "cluster", "edit", "plot", "docs", "test"}
    assert names <= project["optional-dependencies"].keys()


def test_the_files_that_the_readme_names_are_there() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert len(targets) > 8
    assert [target for target in targets if not (REPOSITORY / target).is_file()] == []
