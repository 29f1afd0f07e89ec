"""A change of an input reads again exactly the pages that use it."""

from __future__ import annotations

import os
import re
import time
from itertools import count
from pathlib import Path

import pytest

from .conftest import Build, Project
from .receipts import verify

PAGES = {
    "index": "Index\n=====\n\n.. toctree::\n   :glob:\n\n   *\n",
    "table": "Table\n=====\n\n.. zoo:table:: ucf101\n",
    "papers": "Papers\n======\n\n.. zoo:papers::\n",
    "usage": "Usage\n=====\n\n.. zoo:usage::\n",
    "status": "Status\n======\n\n.. zoo:table:: ucf101\n   :columns: name status\n",
    "roles": "Roles\n=====\n\n:tsntag:`a` and :greytag:`b`\n",
    "other": (
        "Other\n=====\n\n.. zoo:table::\n   :manifest: ../second/zoo.yaml\n"
        "   :columns: name top1 log status\n"
    ),
    "plain": "Plain\n=====\n\nNothing of a zoo.\n",
}
OF_THE_FIRST = {"table", "papers", "usage", "status"}
SECOND = """
    zoo: 1
    datasets:
      birds: {title: Birds, samples: 100, list: birds.txt}
    links:
      log: {title: Log, text: log, file: "{name}.log"}
    include: [more/*.yaml]
    models:
      - {name: wren, hashtag: 11111111, dataset: birds, top1: 90.0, weights: wren.params}
"""
MORE = """
    models:
      - {name: finch, hashtag: 22222222, dataset: birds, top1: 80.0}
"""


@pytest.fixture
def two_zoos(project: Project) -> Project:
    for name, text in PAGES.items():
        project.page(text, f"{name}.rst")
    project.write("second/zoo.yaml", SECOND)
    project.write("second/more/finch.yaml", MORE)
    for name in ("wren.log", "finch.log", "wren.params"):
        project.write(f"second/{name}", name)
    project.write("second/birds.txt", "a 0\n")
    return project


@pytest.fixture
def built(two_zoos: Project) -> Project:
    first = two_zoos.build(zoo_receipts=["../shared-receipts"])
    assert first.warnings == []
    assert first.read == set(PAGES)
    return two_zoos


def again(project: Project, **config: object) -> Build:
    return project.build(**{"zoo_receipts": ["../shared-receipts"], **config})  # type: ignore[arg-type]


def test_an_unchanged_project_reads_and_writes_nothing(built: Project) -> None:
    build = again(built)
    assert "0 added, 0 changed, 0 removed" in build.status
    assert build.read == build.written == set()


def test_a_new_time_of_the_manifest_alone_reads_nothing(built: Project) -> None:
    later = time.time() + 60
    os.utime(built.manifest, (later, later))
    assert again(built).read == set()


def test_a_changed_number_reads_the_pages_of_that_manifest(built: Project) -> None:
    built.edit("zoo.yaml", "top1: 83.4", "top1: 83.5")
    build = again(built)
    assert build.read == OF_THE_FIRST
    assert "83.5" in build.text("table.html")


def test_a_change_that_keeps_the_manifests_time_is_seen(built: Project) -> None:
    stat = built.manifest.stat()
    built.edit("zoo.yaml", "top1: 83.4", "top1: 83.5")
    os.utime(built.manifest, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert again(built).read == OF_THE_FIRST


def test_a_changed_new_or_removed_included_file_is_seen(built: Project) -> None:
    built.edit("second/more/finch.yaml", "80.0", "80.1")
    build = again(built)
    assert build.read == {"other"}
    assert "80.1" in build.text("other.html")

    new = built.write("second/more/gull.yaml", MORE.replace("finch", "gull"))
    built.write("second/gull.log", "gull")
    build = again(built)
    assert build.read == {"other"}
    assert "gull" in build.text("other.html")

    new.unlink()
    build = again(built)
    assert build.read == {"other"}
    assert "gull" not in build.text("other.html")


def test_a_changed_removed_or_returning_script_is_seen(built: Project) -> None:
    script = built.root / "scripts" / "action-recognition" / "train_recognizer.py"
    script.write_text("print('changed')\n", encoding="utf-8")
    build = again(built)
    assert build.read == {"usage"}
    copied = next(iter(build.output.glob("_downloads/*/train_recognizer.py")))
    assert copied.read_text(encoding="utf-8") == "print('changed')\n"

    script.unlink()
    build = again(built)
    assert build.read == {"usage"}
    assert "[zoo.file]" in build.warnings[0]

    script.write_text("print('back')\n", encoding="utf-8")
    build = again(built)
    assert build.read == {"usage"}
    assert build.warnings == []


def test_a_changed_file_of_a_link_is_copied_again(built: Project) -> None:
    log = built.root / "second" / "wren.log"
    log.write_text("better", encoding="utf-8")
    build = again(built)
    assert build.read == {"other"}
    copied = next(iter(build.output.glob("_downloads/*/wren.log")))
    assert copied.read_text(encoding="utf-8") == "better"


@pytest.mark.parametrize("folder", ["receipts", "shared-receipts"])
def test_a_new_changed_or_removed_receipt_is_seen(built: Project, folder: str) -> None:
    receipt = verify(built.manifest, built.root / folder, "vgg16_ucf101@d6dc1bba", correct=3155)
    build = again(built)
    assert build.read == {"status"}
    assert "verified 2026-11-23, 3155 of 3783" in build.soup("status.html").get_text()

    verify(built.manifest, built.root / folder, "vgg16_ucf101@d6dc1bba", correct=3000)
    build = again(built)
    assert build.read == {"status"}
    assert "refuted 2026-11-23" in build.soup("status.html").get_text()

    receipt.unlink()
    build = again(built)
    assert build.read == {"status"}
    assert "verified" not in build.soup("status.html").get_text()
    assert again(built).read == set()


def test_local_weights_that_change_make_the_status_stale(built: Project) -> None:
    second = built.root / "second"
    verify(second / "zoo.yaml", second / "receipts", "wren@11111111", correct=90)
    assert "verified" in again(built).text("other.html")
    (second / "wren.params").write_text("other weights", encoding="utf-8")
    build = again(built)
    assert build.read == {"other"}
    assert "stale: the weights" in build.soup("other.html").get_text()


def test_a_nearer_manifest_takes_over(built: Project) -> None:
    nearer = built.root / "docs" / "zoo.yaml"
    nearer.write_text(built.manifest.read_text(encoding="utf-8").replace("83.4", "11.1"), "utf-8")
    build = again(built)
    assert build.read == OF_THE_FIRST
    assert "11.1" in build.text("table.html")


def test_a_manifest_that_breaks_and_is_mended_is_seen(built: Project) -> None:
    built.edit("zoo.yaml", "top1: 83.4", "top1: much")
    build = again(built)
    assert build.read == OF_THE_FIRST
    assert len(build.warnings) == 1

    build = again(built)
    assert build.read == set()
    assert len(build.warnings) == 1, "the problem is still there, and still said"

    built.edit("zoo.yaml", "top1: much", "top1: 83.4")
    build = again(built)
    assert build.read == OF_THE_FIRST
    assert build.warnings == []


def test_numbers_follow_papers_that_move_to_another_page(built: Project) -> None:
    assert 'href="papers.html#zoo-paper-wang2016temporal"' in again(built).text("table.html")
    built.page(PAGES["papers"].replace("zoo:papers", "zoo:usage"), "papers.rst")
    built.page(f"{PAGES['plain']}\n.. zoo:papers::\n", "plain.rst")
    build = again(built)
    assert build.read == {"papers", "plain"}
    assert 'href="plain.html#zoo-paper-wang2016temporal"' in build.text("table.html")


def test_a_page_that_another_builder_read_again_is_written_again(built: Project) -> None:
    shared = {"output": "", "zoo_receipts": ["../shared-receipts"]}
    built.edit("zoo.yaml", "top1: 83.4", "top1: 83.5")
    assert built.build("text", **shared).read == OF_THE_FIRST  # type: ignore[arg-type]
    build = again(built)
    assert build.read == set()
    assert "83.5" in build.text("table.html")


def outputs(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.html"))
    }


def test_four_processes_write_what_one_writes(two_zoos: Project) -> None:
    for number in range(12):
        two_zoos.page(PAGES["table" if number % 2 else "status"], f"more{number}.rst")
    verify(two_zoos.manifest, two_zoos.root / "receipts", "vgg16_ucf101@d6dc1bba", correct=3155)
    one = two_zoos.build(output="one")
    four = two_zoos.build(output="four", jobs=4)
    assert one.warnings == four.warnings == []
    assert len(outputs(one.output)) > 20
    assert outputs(one.output) == outputs(four.output)
    assert one.app.env.get_domain("zoo").data == four.app.env.get_domain("zoo").data

    two_zoos.edit("zoo.yaml", "top1: 83.4", "top1: 83.5")
    again = two_zoos.build(output="four", jobs=4)
    assert "0 added, 16 changed, 0 removed" in again.status


def everything(folder: Path) -> dict[str, bytes]:
    """Give what a builder wrote, but for Sphinx's own record of what it had to write."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".buildinfo"
    }


def test_cards_plots_and_statuses_are_the_same_from_four_processes(two_zoos: Project) -> None:
    text = two_zoos.manifest.read_text(encoding="utf-8")
    numbers = count(1)
    text = re.sub("    hashtag:", lambda found: f"    size: {next(numbers)}\n{found[0]}", text)
    two_zoos.write("zoo.yaml", text)
    verify(two_zoos.manifest, two_zoos.root / "receipts", "vgg16_ucf101@d6dc1bba", correct=3155)
    plot = ".. zoo:plot:: ucf101\n"
    for number in range(6):
        two_zoos.page(f"{PAGES['status']}\n{plot}", f"both{number}.rst")
    two_zoos.page("Cards\n=====\n\n.. zoo:cards::\n", "cards.rst")
    one = two_zoos.build(output="one")
    four = two_zoos.build(output="four", jobs=4)
    assert one.warnings == four.warnings == []
    written = everything(one.output)
    assert {"both5.html", "models/vgg16_ucf101.html", "searchindex.js"} <= written.keys()
    assert any(name.endswith(".csv") for name in written)
    assert written == everything(four.output)

    again = two_zoos.build(output="four", jobs=4)
    assert again.read == again.written == set()


@pytest.mark.parametrize("config", [{}, {"zoo_manifest": "zoo.yaml"}])
def test_a_manifest_that_is_a_link_has_its_receipts_beside_the_link(
    project: Project, config: dict[str, str]
) -> None:
    link = project.root / "docs" / "zoo.yaml"
    link.symlink_to(project.manifest)
    verify(link, link.parent / "receipts", "vgg16_ucf101@d6dc1bba", correct=3155)
    project.page(".. zoo:table:: ucf101\n   :columns: hashtag status\n")
    build = project.build(**config)
    assert "verified 2026-11-23" in build.soup().select("tbody tr")[0].get_text()
