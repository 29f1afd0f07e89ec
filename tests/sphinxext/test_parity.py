"""Our table of the seed's zoo equals the one that docutils makes of the seed's own source."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from docutils import nodes

from .conftest import Build, Project

SEED = Path(__file__).parent / "data" / "seed" / "action_recognition.rst"
PAPERS = {
    "Towards Good Practices for Very Deep Two-Stream ConvNets": "wang2015towards",
    "Temporal Segment Networks: Towards Good Practices for Deep Action": "wang2016temporal",
}


@pytest.fixture
def seed(project: Project, tmp_path: Path) -> Build:
    """The seed's page, built by Sphinx without any extension."""
    plain = Project(tmp_path / "seed")
    plain.write("docs/conf.py", 'project = "Seed"\nroot_doc = "model_zoo/action_recognition"\n')
    plain.write("docs/model_zoo/action_recognition.rst", "")
    shutil.copy(SEED, plain.root / "docs" / "model_zoo")
    shutil.copytree(project.root / "scripts", plain.root / "scripts")
    return plain.build()


@pytest.fixture
def ours(project: Project, page: str) -> Build:
    project.page(page)
    build = project.build()
    assert build.warnings == []
    return build


def table_of(document: nodes.document) -> nodes.table:
    return next(iter(document.findall(nodes.table)))


def without_tag_texts(table: nodes.table) -> nodes.table:
    copy = table.deepcopy()
    for node in list(copy.findall(nodes.inline)):
        if node["classes"] == ["zoo-tag"]:
            assert node.astext() == " (no TSN)"
            node.parent.remove(node)
    return copy


def paper_of(document: nodes.document, reference: nodes.footnote_reference) -> str:
    """Give the paper that a number leads to."""
    footnote = next(
        node for node in document.findall(nodes.footnote) if reference["refid"] in node["ids"]
    )
    assert set(reference["ids"]) <= set(footnote["backrefs"])
    assert footnote[0].astext() == reference.astext()
    text = " ".join(footnote.astext().split())
    return next(key for title, key in PAPERS.items() if title in text)


def parts_of(document: nodes.document, cell: nodes.Node) -> list[tuple[object, ...]]:
    """Give all that a cell consists of, in order."""
    parts: list[tuple[object, ...]] = []
    for node in cell.findall():
        match node:
            case nodes.Text():
                parts.append(("text", str(node)))
            case nodes.footnote_reference():
                parts.append(("paper", paper_of(document, node), node["classes"]))
            case nodes.reference():
                parts.append(("reference", node["refuri"], node["classes"]))
            case nodes.target():
                assert "refuri" in node, "a name for the link before it, which no output shows"
            case nodes.Element():
                parts.append((node.tagname, node["classes"]))
    return parts


def cells_of(document: nodes.document, table: nodes.table) -> list[list[object]]:
    return [[parts_of(document, cell) for cell in row.children] for row in table.findall(nodes.row)]


def test_each_cell_has_the_same_parts_links_papers_and_classes(seed: Build, ours: Build) -> None:
    theirs, mine = seed.doctree("model_zoo/action_recognition"), ours.doctree()
    expected = cells_of(theirs, table_of(theirs))
    found = cells_of(mine, without_tag_texts(table_of(mine)))
    heading = [[("column_heading", []), *cell[1:]] for cell in expected[0]]  # type: ignore[index]
    assert len(expected) == 5
    assert found == [heading, *expected[1:]]


def test_the_tables_classes_and_column_widths_are_the_same(seed: Build, ours: Build) -> None:
    tables = [table_of(seed.doctree("model_zoo/action_recognition")), table_of(ours.doctree())]
    widths = [[spec["colwidth"] for spec in table.findall(nodes.colspec)] for table in tables]
    assert widths == [[45, 10, 10, 10, 25]] * 2
    assert tables[0]["classes"] == tables[1]["classes"]


def markup(tag: Tag) -> list[tuple[object, ...]]:
    """Give what a browser is told, without the ids and the addresses inside the page."""
    found: list[tuple[object, ...]] = []
    for part in tag.descendants:
        if isinstance(part, Tag):
            address = part.get("href", "")
            inside = str(address).startswith("#")
            found.append((part.name, part.get("class"), part.get("style"), inside or address))
        elif part.strip():
            found.append(("text", part.strip()))
    return found


def test_the_written_tables_are_the_same_but_for_the_tags_texts(seed: Build, ours: Build) -> None:
    tables: list[Tag] = []
    for soup in (seed.soup("model_zoo/action_recognition.html"), ours.soup()):
        assert isinstance(soup, BeautifulSoup)
        table = soup.find("table")
        assert isinstance(table, Tag)
        tables.append(table)
    for text in tables[1].select(".zoo-tag"):
        text.decompose()
    assert markup(tables[0]) == markup(tables[1])
    assert tables[0]["class"] == tables[1]["class"]


def test_the_hint_shows_the_seeds_lines_and_scripts(seed: Build, ours: Build) -> None:
    hints = [
        build.doctree(name).next_node(nodes.hint)
        for build, name in ((seed, "model_zoo/action_recognition"), (ours, "index"))
    ]
    codes = [
        {node.astext() for node in hint.findall(nodes.literal)}
        for hint in hints
        if hint is not None
    ]
    lines = {
        "net = get_model('inceptionv3_ucf101', pretrained=True)",
        "net = get_model('inceptionv3_ucf101', pretrained='0c453da8')",
    }
    assert lines <= codes[0]
    assert lines <= codes[1]
    for build in (seed, ours):
        copied = {path.name for path in build.output.glob("_downloads/*/*")}
        assert copied == {"train_recognizer.py", "test_recognizer.py"}
