"""When an object moves, the pages that lead to it are written again; when a value changes, read."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Build, Project

TABLE = ".. zoo:table:: ucf101\n   :columns: name top1\n\n.. zoo:papers::\n"
PAGES = {
    "index": "Index\n=====\n\n.. toctree::\n   :glob:\n\n   *\n",
    "m-table": f"Table\n=====\n\n{TABLE}",
    "model": "Model\n=====\n\n:zoo:model:`vgg16_ucf101`\n",
    "label": "Label\n=====\n\n:ref:`zoo-model-vgg16_ucf101`\n",
    "any": "Any\n===\n\n:any:`vgg16_ucf101`\n",
    "dataset": "Data\n====\n\n:zoo:dataset:`ucf101`\n",
    "paper": "Paper\n=====\n\n:zoo:paper:`wang2016temporal`\n",
    "value": "Value\n=====\n\n:zoo:value:`vgg16_ucf101 top1`\n",
    "plain": "Plain\n=====\n\n:ref:`search`\n",
}
REFERRING = {"model", "label", "any", "dataset", "paper"}


@pytest.fixture
def built(project: Project) -> Project:
    for name, text in PAGES.items():
        project.page(text, f"{name}.rst")
    first = project.build()
    assert first.warnings == []
    assert first.read == set(PAGES)
    return project


def move(project: Project, to: str) -> None:
    project.page("Nothing\n=======\n", "m-table.rst")
    project.page(f"{PAGES['plain']}\n{TABLE}", f"{to}.rst")


def leads(build: Build, name: str) -> str:
    link = build.soup(f"{name}.html").select("div.body p a")[-1]
    return str(link["href"])


def test_nothing_is_read_or_written_when_nothing_changed(built: Project) -> None:
    build = built.build()
    assert build.read == build.written == set()


def test_pages_that_refer_to_what_moved_are_written_and_not_read(built: Project) -> None:
    move(built, "plain")
    build = built.build()
    assert build.warnings == []
    assert build.read == {"m-table", "plain"}
    # A page with the manifest may link to it in other ways; its cells and numbers do.
    assert build.written - {"index"} == {"m-table", "plain", "value", *REFERRING}
    for name in ("model", "label", "any"):
        assert leads(build, name) == "plain.html#zoo-model-vgg16_ucf101"
    assert leads(build, "dataset") == "plain.html#zoo-dataset-ucf101"
    assert leads(build, "paper") == "plain.html#zoo-paper-wang2016temporal"
    assert built.build().written == set()


def test_another_builder_that_saw_the_move_does_not_hide_it(built: Project) -> None:
    move(built, "plain")
    built.build("text")
    build = built.build()
    assert build.read == set()
    assert build.written >= REFERRING
    assert leads(build, "model") == "plain.html#zoo-model-vgg16_ucf101"
    assert built.build().written == set()


def test_a_page_that_comes_before_takes_the_home_over_and_gives_it_back(built: Project) -> None:
    built.page(f"First\n=====\n\n{TABLE}", "a-first.rst")
    build = built.build()
    assert build.read == {"a-first", "index"}
    assert leads(build, "model") == "a-first.html#zoo-model-vgg16_ucf101"
    assert 'id="zoo-model-vgg16_ucf101"' not in build.text("m-table.html")

    (built.root / "docs" / "a-first.rst").unlink()
    build = built.build()
    assert build.read == {"index"}
    assert leads(build, "model") == "m-table.html#zoo-model-vgg16_ucf101"
    assert 'id="zoo-model-vgg16_ucf101"' in build.text("m-table.html")


def test_what_is_no_longer_anywhere_is_warned_of_where_it_is_referred_to(built: Project) -> None:
    built.page("Nothing\n=======\n", "m-table.rst")
    build = built.build()
    assert build.read == {"m-table"}
    places = {Path(line.split(":")[0]).stem for line in build.warnings}
    assert places == REFERRING


def test_a_new_title_of_a_data_set_reaches_references(built: Project) -> None:
    built.edit("zoo.yaml", "title: UCF101", "title: The UCF101")
    build = built.build()
    assert build.read == {"m-table", "value"}
    assert "The UCF101" in build.text("dataset.html")
    assert "label" not in build.written


def test_a_changed_value_reads_the_pages_that_show_values_of_the_manifest(built: Project) -> None:
    built.edit("zoo.yaml", "top1: 83.4", "top1: 83.5")
    build = built.build()
    assert build.read == {"m-table", "value"}
    assert build.written - {"index"} == {"m-table", "value"}, "references show nothing of it"
    assert "83.5" in build.text("value.html")


def test_a_value_of_another_manifest_depends_on_that_one(built: Project) -> None:
    built.write("second/zoo.yaml", built.manifest.read_text(encoding="utf-8"))
    built.page("Value\n=====\n\n:zoo:value:`../second/zoo.yaml#vgg16_ucf101 top1`\n", "value.rst")
    assert built.build().warnings == []
    built.edit("zoo.yaml", "top1: 83.4", "top1: 83.5")
    assert built.build().read == {"m-table"}
    built.edit("second/zoo.yaml", "top1: 83.4", "top1: 83.6")
    build = built.build()
    assert build.read == {"value"}
    assert "83.6" in build.text("value.html")


def test_four_processes_offer_the_objects_that_one_does(built: Project) -> None:
    for number in range(12):
        built.page(f"More\n====\n\n{TABLE}\n:zoo:model:`vgg16_ucf101`\n", f"more{number:02}.rst")
    one, four = (built.build(output=name, jobs=jobs) for name, jobs in (("one", 1), ("four", 4)))
    assert one.warnings == four.warnings == []
    for name in ("objects.inv", "searchindex.js", "model.html", "more03.html"):
        assert (one.output / name).read_bytes() == (four.output / name).read_bytes()
    domains = [build.app.env.get_domain("zoo") for build in (one, four)]
    assert domains[0].data == domains[1].data
    labels = [build.app.env.get_domain("std").data["labels"] for build in (one, four)]
    assert labels[0] == labels[1]

    built.page(PAGES["plain"], "m-table.rst")
    again = built.build(output="four", jobs=4)
    assert leads(again, "model") == "more00.html#zoo-model-vgg16_ucf101"
