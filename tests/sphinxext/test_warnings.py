"""Warnings have a place, a type and a subtype from a closed list; builds go on."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from sphinx.errors import ConfigError

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.sphinxext.messages import Subtype

from .conftest import CONF, Project
from .receipts import verify


@pytest.mark.parametrize(
    ("options", "message", "subtype"),
    [
        ("ucf100", "there is no data set 'ucf100'; did you mean 'ucf101'?", "dataset"),
        ("birds", "there is no data set 'birds'; known: ucf101", "dataset"),
        ("ucf101\n   :columns: name top2", "no column 'top2'; did you mean 'top", "column"),
        ("ucf101\n   :sort: -hashtags", "no column 'hashtags'; did you mean 'hashtag'?", "option"),
        ("ucf101\n   :widths: 1 2", "'widths' has 2 numbers for 5 columns", "option"),
        ("ucf101\n   :widths: 1 2 3 4 x", "'widths' takes whole numbers from 1", "option"),
        ("ucf101\n   :widths: 0 2 3 4 5", "'widths' takes whole numbers from 1", "option"),
    ],
)
def test_a_wrong_option_is_a_warning_at_the_directive(
    project: Project, options: str, message: str, subtype: str
) -> None:
    project.page(f"Models\n======\n\n.. zoo:table:: {options}\n\n.. zoo:papers::\n")
    build = project.build()
    assert len(build.warnings) == 1
    assert build.warnings[0].startswith(f"{project.root}/docs/index.rst:4: WARNING: ")
    assert message in build.warnings[0]
    assert build.warnings[0].endswith(f"[zoo.{subtype}]")
    assert (subtype == "dataset") == (build.soup().select_one("table") is None)


def test_every_problem_of_a_manifest_is_a_warning_at_its_own_line(
    project: Project, page: str
) -> None:
    project.edit("zoo.yaml", "top1: 83.4", "top1: much")
    project.edit("zoo.yaml", "hashtag: 05e319d4", "hashtg: 05e319d4")
    project.edit(
        "zoo.yaml", "dataset: ucf101\n    protocol: tsn-299", "dataset: ucf\n    protocol: tsn-299"
    )
    lines = project.manifest.read_text(encoding="utf-8").splitlines()
    project.page(page)
    project.page(f":orphan:\n\n{dedent(page)}", "second.rst")
    build = project.build()
    faults = ("much", "hashtg", "dataset: ucf")
    wrong = [
        number
        for number, line in enumerate(lines, start=1)
        if any(line.rstrip().endswith(fault) or f" {fault}:" in line for fault in faults)
    ]
    assert len(wrong) == 4
    places = [line.split(": WARNING: ")[0] for line in build.warnings]
    assert all(line.endswith("[zoo.manifest]") for line in build.warnings)
    assert {place.rsplit(":", 1)[0] for place in places} == {
        f"{project.manifest}:{number}" for number in wrong
    }
    assert "Models" in build.text("index.html"), "the page is there, without the zoo's parts"
    assert build.soup().select_one("table") is None


@pytest.mark.parametrize(
    "content", ["", "[", "- a\n", "zoo: 1\nmodels: &a [*a]\n", "\tzoo: 1\n", "zoo: 99\n", "\x00"]
)
def test_no_manifest_however_broken_stops_the_build(
    project: Project, page: str, content: str
) -> None:
    project.manifest.write_text(content, encoding="utf-8")
    project.page(page)
    build = project.build()
    assert build.warnings
    assert all(str(project.manifest) in line for line in build.warnings)
    assert "Traceback" not in "".join(build.warnings)
    assert "Models" in build.text("index.html")


def test_a_missing_manifest_is_a_warning_that_says_what_to_do(
    project: Project, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_above(folder: Path) -> Path:
        raise CallError(Problem("there is none", "", str(folder)))

    # There may be a manifest above the folder for temporary files.
    monkeypatch.setattr("sphinx_modelzoo.sphinxext.library.nearest_manifest", none_above)
    project.manifest.unlink()
    project.page(page)
    build = project.build()
    expected = (
        f"{project.root}/docs/zoo.yaml:1: WARNING: there is no such manifest, nor a zoo.yaml in a "
        "folder above conf.py's; write one, or name its path from conf.py's folder with "
        "zoo_manifest or :manifest: [zoo.manifest]"
    )
    assert build.warnings == [expected]


def test_a_manifest_that_the_configuration_names_wrongly(project: Project, page: str) -> None:
    project.page(page)
    build = project.build(zoo_manifest="../zo.yaml")
    assert len(build.warnings) == 1
    assert build.warnings[0].startswith(
        f"{project.root}/zo.yaml:1: WARNING: there is no such manifest; write"
    )


def test_a_damaged_receipt_is_a_warning_on_every_build(project: Project) -> None:
    folder = project.root / "receipts"
    receipt = verify(project.manifest, folder, "vgg16_ucf101@d6dc1bba", correct=3155)
    text = receipt.read_text(encoding="utf-8")
    receipt.write_text(text.replace('"correct": 3155', '"correct": 3156'), encoding="utf-8")
    receipt.with_name("other.json").write_text("{", encoding="utf-8")
    project.page(".. zoo:table:: ucf101\n   :columns: name status\n\n.. zoo:papers::\n")
    for read in ({"index"}, set()):
        build = project.build(suppress_warnings=["toc"])
        assert build.read == read
        assert [line.split("[")[-1] for line in build.warnings] == ["zoo.receipt]"]
        assert build.warnings[0].startswith(str(folder))


def test_warnings_can_be_silenced_by_subtype(project: Project) -> None:
    project.page(".. zoo:table:: ucf101\n   :columns: name top2\n")
    build = project.build(suppress_warnings=["toc", "zoo.column", "zoo.paper"])
    assert build.warnings == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("zoo_manifest = ['a']", "zoo_manifest is ['a']; write the manifest's path"),
        ("zoo_manifest = ''", "zoo_manifest is ''; write the manifest's path"),
        ("zoo_receipts = 'receipts'", "zoo_receipts is 'receipts'; write a list of folders"),
        ("zoo_receipts = [1]", "zoo_receipts is [1]; write a list of folders"),
        ("zoo_require = 'claimed'", "zoo_require is 'claimed'; write one of 'verified', 'spot"),
        ("zoo_require = ['verified']", "zoo_require is ['verified']; write one of 'verified'"),
    ],
)
def test_a_configuration_value_of_the_wrong_type_stops_the_build(
    project: Project, line: str, message: str
) -> None:
    project.write("docs/conf.py", f"{CONF}{line}\n")
    project.page("Empty\n=====\n")
    with pytest.raises(ConfigError) as caught:
        project.build()
    assert message in str(caught.value)


def test_receipts_folders_that_do_not_exist_are_fine(project: Project) -> None:
    project.page(".. zoo:table:: ucf101\n   :columns: name status\n\n.. zoo:papers::\n")
    build = project.build(suppress_warnings=["toc"], zoo_receipts=["nowhere", "../neither"])
    assert build.warnings == []


def test_the_list_of_subtypes_is_documented() -> None:
    assert {subtype.value for subtype in Subtype} == {
        "manifest",
        "receipt",
        "dataset",
        "column",
        "option",
        "model",
        "paper",
        "tag",
        "usage",
        "evidence",
        "limit",
        "card",
        "plot",
        "value",
        "require",
        "link",
        "file",
    }
