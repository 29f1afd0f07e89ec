"""Our table of the seed's zoo equals the one that docutils makes of the seed's own source."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bs4 import Tag
from docutils import nodes

from .conftest import Build, Project

SEED = Path(__file__).parent / "data" / "seed" / "action_recognition.rst"
PAPERS = {
    "Towards Good Practices for Very Deep Two-Stream ConvNets": "wang2015towards",
    "Temporal Segment Networks: Towards Good Practices for Deep Action": "wang2016temporal",
}


@pytest.fixture
def builder() -> str:
    return "html"


@pytest.fixture
def seed(project: Project, tmp_path: Path, builder: str) -> Build:
    """The seed's page, built by Sphinx without any extension."""
    plain = Project(tmp_path / "seed")
    plain.write("docs/conf.py", 'project = "Seed"\nroot_doc = "model_zoo/action_recognition"\n')
    plain.write("docs/model_zoo/action_recognition.rst", "")
    shutil.copy(SEED, plain.root / "docs" / "model_zoo")
    shutil.copytree(project.root / "scripts", plain.root / "scripts")
    return plain.build(builder)


@pytest.fixture
def ours(project: Project, page: str, builder: str) -> Build:
    project.page(page)
    build = project.build(builder)
    assert build.warnings == []
    return build


def table_of(document: nodes.document) -> nodes.table:
    return next(iter(document.findall(nodes.table)))


def without_ours(table: nodes.table) -> nodes.table:
    """Take off what the seed's table cannot have: the tags' texts, and targets for references."""
    copy = table.deepcopy()
    for node in list(copy.findall(nodes.inline)):
        if node["classes"] == ["zoo-tag"]:
            assert node.astext() == " (no TSN)"
            node.parent.remove(node)
    for target in list(copy.findall(nodes.target)):
        if "refuri" not in target:
            assert str(target["ids"][0]).startswith("zoo-model-")
            target.parent.remove(target)
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


@pytest.mark.parametrize("builder", ["pseudoxml"])
def test_each_cell_has_the_same_parts_links_papers_and_classes(seed: Build, ours: Build) -> None:
    theirs, mine = seed.doctree("model_zoo/action_recognition"), ours.doctree()
    expected = cells_of(theirs, table_of(theirs))
    found = cells_of(mine, without_ours(table_of(mine)))
    assert len(expected) == 5
    assert found == expected


@pytest.mark.parametrize("builder", ["pseudoxml"])
def test_the_tables_classes_and_column_widths_are_the_same(seed: Build, ours: Build) -> None:
    tables = [table_of(seed.doctree("model_zoo/action_recognition")), table_of(ours.doctree())]
    widths = [[spec["colwidth"] for spec in table.findall(nodes.colspec)] for table in tables]
    assert widths == [[45, 10, 10, 10, 25]] * 2
    assert [*tables[0]["classes"], "zoo-rows"] == tables[1]["classes"]


def markup(cell: Tag) -> list[tuple[object, ...]]:
    """Give what a browser is told of a cell's text, without ids and addresses inside the page."""
    found: list[tuple[object, ...]] = []
    for part in cell.descendants:
        if isinstance(part, Tag):
            if part.name == "p":
                continue
            address = part.get("href", "")
            inside = str(address).startswith("#")
            classes = [name for name in part.get_attribute_list("class") if name != "pre"]
            found.append((part.name, classes, part.get("role"), inside or address))
        elif part.strip():
            found.append(("text", part.strip()))
    return found


def test_the_written_cells_are_the_same_but_for_the_tags_texts(seed: Build, ours: Build) -> None:
    tables: list[list[list[list[tuple[object, ...]]]]] = []
    for soup in (seed.soup("model_zoo/action_recognition.html"), ours.soup()):
        table = soup.select_one("table.docutils")
        assert table is not None
        for text in table.select(".zoo-tag"):
            text.decompose()
        columns = [column["style"] for column in table.select("col")]
        assert columns == [f"width: {width}.0%" for width in (45, 10, 10, 10, 25)]
        rows = [[markup(cell) for cell in row.select("th, td")] for row in table.select("tr")]
        assert len(rows) == 5
        tables.append(rows)
    assert tables[0] == tables[1]


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
