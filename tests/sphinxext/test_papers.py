"""The numbered references: footnotes of ours beside those of the page."""

from __future__ import annotations

import pytest

from .conftest import Build, Project


def target(build: Build, text: str, page: str = "index.html", nth: int = 0) -> str:
    """Give the text that a number of a page leads to."""
    soup = build.soup(page)
    main = soup.select_one("div.body") or soup
    links = [link for link in main.select("a") if link.get_text() == text]
    name, _, anchor = str(links[nth]["href"]).partition("#")
    element = (build.soup(name) if name else soup).find(id=anchor)
    assert element is not None, f"{links[nth]['href']} leads nowhere"
    return element.get_text(" ", strip=True)


@pytest.mark.parametrize("papers_first", [True, False])
def test_numbers_lead_to_the_papers_whatever_comes_first(
    project: Project, *, papers_first: bool
) -> None:
    parts = [".. zoo:papers::", ".. zoo:table:: ucf101"]
    project.page("\n\n".join(parts if papers_first else reversed(parts)) + "\n")
    build = project.build(suppress_warnings=["toc"])
    assert build.warnings == []
    footnotes = [note.get_text(" ", strip=True) for note in build.soup().select("aside.footnote")]
    assert "Very Deep Two-Stream" in footnotes[0]
    assert "Temporal Segment Networks" in footnotes[1]
    first = build.soup().select_one("tbody a.footnote-reference")
    assert first is not None
    assert first.get_text() == "[ 2 ]".replace(" ", "")
    assert "Temporal Segment Networks" in target(build, "[2]")


def test_a_papers_text_names_authors_title_with_address_place_and_year(project: Project) -> None:
    project.page(".. zoo:papers::\n")
    note = project.build(suppress_warnings=["toc"]).soup().select("aside.footnote")[0]
    assert note.get_text(" ", strip=True) == (
        "[ 1 ] Limin Wang, Yuanjun Xiong, Zhe Wang and Yu Qiao. “ Towards Good Practices for Very "
        "Deep Two-Stream ConvNets .” arXiv preprint arXiv:1507.02159, 2015."
    )
    link = note.select_one('a[href="https://arxiv.org/abs/1507.02159"]')
    assert link is not None


def test_unreferenced_papers_are_not_warned_of(project: Project) -> None:
    project.page(".. zoo:papers::\n")
    assert project.build(suppress_warnings=["toc"]).warnings == []


def test_papers_on_another_page_are_linked(project: Project) -> None:
    project.page("Table\n=====\n\n.. zoo:table:: ucf101\n\n.. toctree::\n\n   sub/papers\n")
    project.page("Papers\n======\n\n.. zoo:papers::\n", "sub/papers.rst")
    build = project.build()
    assert build.warnings == []
    assert "Temporal Segment Networks" in target(build, "[2]")
    number = build.soup().select_one("tbody a.reference.internal")
    assert number is not None
    assert "footnote-reference" in number["class"], "it is set as on the page of the papers"


def test_papers_on_no_page_leave_plain_numbers_and_one_warning_each(project: Project) -> None:
    project.page(".. zoo:table:: ucf101\n")
    build = project.build(suppress_warnings=["toc"])
    assert [line.split("WARNING: ")[1] for line in build.warnings] == [
        "no page lists the paper 'wang2016temporal'; write zoo:papers on this page [zoo.paper]",
        "no page lists the paper 'wang2015towards'; write zoo:papers on this page [zoo.paper]",
    ]
    assert all("index.rst:1:" in line for line in build.warnings)
    assert "vgg16_ucf101 [2]" in build.soup().get_text()


def test_a_pages_own_footnotes_stay_its_own(project: Project) -> None:
    project.page("""
        Mine [1]_, automatic [#]_, named [#name]_, and ours [2]_.

        .. zoo:table:: ucf101
        .. zoo:papers::

        .. [1] My own footnote.
        .. [#] My automatic one.
        .. [#name] My named one.
    """)
    build = project.build(suppress_warnings=["toc"])
    assert build.warnings == []
    assert "My own footnote" in target(build, "[1]")
    assert "Temporal Segment Networks" in target(build, "[2]")
    assert "My automatic one" in target(build, "[3]"), "automatic numbers pass over ours"
    assert "My named one" in target(build, "[4]")
    assert "Very Deep Two-Stream" in target(build, "[1]", nth=1), "the table's 1 is the paper"


def test_a_number_that_two_zoos_have_is_lent_by_neither(project: Project) -> None:
    project.write("second/zoo.yaml", project.manifest.read_text(encoding="utf-8"))
    project.page("""
        Whose is [1]_?

        .. zoo:papers::

        .. zoo:papers::
           :manifest: ../second/zoo.yaml
    """)
    warnings = project.build(suppress_warnings=["toc"]).warnings
    assert len(warnings) == 1
    assert 'Unknown target name: "1"' in warnings[0]


def test_a_note_cites_a_paper_and_shows_code(project: Project) -> None:
    project.page(".. zoo:notes:: ucf101\n\n.. zoo:papers::\n")
    build = project.build(suppress_warnings=["toc"])
    assert build.warnings == []
    note = build.soup().select_one("div.note")
    assert note is not None
    assert [item.get_text() for item in note.select("li code")] == ["InceptionV3"]
    assert "official split 1" in note.get_text()
    assert "Temporal Segment Networks" in target(build, "[2]")


def test_a_notes_text_is_never_read_as_markup(project: Project) -> None:
    project.write(
        "zoo.yaml",
        """
        zoo: 1
        datasets:
          birds:
            title: Birds
            notes: ["<b>x</b> *y* |z| `a <b>` :ref:`q`", "see [@nobody]"]
        models:
          - {name: wren, dataset: birds, top1: 90.0}
        """,
    )
    project.page(".. zoo:notes:: birds\n")
    build = project.build(suppress_warnings=["toc"])
    note = build.soup().select_one("div.note")
    assert note is not None
    assert "<b>x</b> *y* |z| a <b> :ref:q" in note.get_text()
    assert "see [@nobody]" in note.get_text()
    assert len(build.warnings) == 1
    assert build.warnings[0].startswith(f"{project.manifest}:")
    assert "there is no paper 'nobody'; there are none [zoo.paper]" in build.warnings[0]
