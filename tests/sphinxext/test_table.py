"""What the options of ``zoo:table`` do."""

from __future__ import annotations

import pytest

from sphinx_modelzoo.sphinxext.table.grid import fitted

from .conftest import Project, Rows

ZOO = """
    zoo: 1
    title: Birds and planes
    papers:
      one: {title: First}
      two: {title: Second}
    tags:
      old: {text: superseded, style: grey}
      quick: {text: fast}
    datasets:
      birds: {title: Birds, samples: 100}
      planes: {title: Planes, samples: 50}
    metrics:
      error: {title: Error, direction: lower}
    protocols:
      small: {recognizer: gluoncv-action, input_size: 32}
      large: {recognizer: gluoncv-action, input_size: 64}
    links:
      log: {title: Log, text: log, file: "logs/{name}.log"}
      site: {title: Site, text: site, url: "https://example.org/{where}"}
    models:
      - name: wren
        hashtag: 18545497
        license: MIT
        parameters: 25600000
        size: 102400000
        tags: [old, quick]
        paper: [two, one]
        results:
          - {dataset: birds, protocol: small, top1: 9.50, error: 3}
          - {dataset: birds, protocol: large, top1: 83.40}
          - {dataset: planes, protocol: small, top1: 10.0}
      - {name: auk, hashtag: 682591e2, dataset: birds, protocol: small, top1: 70.1, parameters: 900}
      - {name: owl, dataset: birds, protocol: small, where: owls, error: 12}
"""


@pytest.fixture
def birds(project: Project) -> Project:
    project.write("zoo.yaml", ZOO)
    project.write("logs/wren.log", "")
    project.write("logs/auk.log", "")
    project.write("logs/owl.log", "")
    return project


def table(
    project: Project, rows: Rows, options: str = "", dataset: str = "birds"
) -> list[list[str]]:
    """Build a page with one table and give its texts."""
    lines = "\n".join(f"   {line}" for line in options.split("\n") if line)
    project.page(f".. zoo:table:: {dataset}\n{lines}\n\n.. zoo:papers::\n")
    build = project.build(suppress_warnings=["toc"])
    assert build.warnings == []
    return rows(build.soup())


def names(project: Project, rows: Rows, order: str) -> list[str]:
    found = table(project, rows, f":columns: name top1\n:sort: {order}")
    return [" ".join(row) for row in found]


def test_numbers_hashtags_and_blanks_stand_as_in_the_manifest(birds: Project, rows: Rows) -> None:
    found = table(birds, rows, ":columns: name hashtag top1 error")
    assert found == [
        ["wren (superseded) (fast) [ 2 ] [ 1 ]", "18545497", "9.50", "3"],
        ["wren (superseded) (fast) [ 2 ] [ 1 ]", "18545497", "83.40", ""],
        ["auk", "682591e2", "70.1", ""],
        ["owl", "", "", "12"],
    ]


def test_without_columns_a_table_has_those_that_its_rows_need(birds: Project) -> None:
    birds.page(".. zoo:table:: birds\n\n.. zoo:table::\n\n.. zoo:table:: planes\n\n.. zoo:papers::")
    heads = [
        [cell.get_text() for cell in head.select("th")]
        for head in birds.build(suppress_warnings=["toc"]).soup().select("thead")
    ]
    assert heads == [
        ["Name", "Protocol", "Top-1", "Error", "Hashtag", "Log", "Site"],
        ["Name", "Data set", "Protocol", "Top-1", "Error", "Hashtag", "Log", "Site"],
        ["Name", "Top-1", "Hashtag", "Log"],
    ]


def test_the_other_columns_say_what_the_manifest_says(birds: Project, rows: Rows) -> None:
    found = table(birds, rows, ":columns: license, parameters, size, dataset, protocol, paper")
    assert found[1] == ["MIT", "25.6M", "102 MB", "Birds", "large", "[ 2 ] [ 1 ]"]
    assert found[2] == ["", "900", "", "Birds", "small", ""]


def test_no_line_ends_at_the_hyphens_of_licences_and_protocols(birds: Project) -> None:
    birds.page(".. zoo:table:: birds\n   :columns: name license protocol dataset\n")
    row = birds.build().soup().select_one(".zoo-rows tbody tr")
    assert row is not None
    assert [cell.get("class") for cell in row.find_all("td")] == [["zoo-word"], ["zoo-word"], None]


def test_a_paper_column_takes_the_numbers_from_the_names(birds: Project, rows: Rows) -> None:
    found = table(birds, rows, ":columns: name paper")
    assert found[0] == ["wren (superseded) (fast)", "[ 2 ] [ 1 ]"]


def test_rows_keep_the_manifests_order_or_a_columns_with_blanks_last(
    birds: Project, rows: Rows
) -> None:
    wren = "wren (superseded) (fast) [ 2 ] [ 1 ]"
    up, down = [f"{wren} 9.50", "auk 70.1", f"{wren} 83.40"], [f"{wren} 83.40", "auk 70.1"]
    assert names(birds, rows, "top1") == [*up, "owl "]
    assert names(birds, rows, "-top1") == [*down, f"{wren} 9.50", "owl "]
    assert [name.split()[0] for name in names(birds, rows, "name")] == [
        "auk",
        "owl",
        "wren",
        "wren",
    ]
    assert [name.split()[0] for name in names(birds, rows, "-parameters")][:3] == [
        "wren",
        "wren",
        "auk",
    ]


def test_an_entrys_tags_are_classes_of_its_name(birds: Project) -> None:
    birds.page(".. zoo:table:: birds\n\n.. zoo:papers::\n")
    name = birds.build(suppress_warnings=["toc"]).soup().select_one("tbody th span.old")
    assert name is not None
    assert name["class"] == ["old", "quick", "zoo-grey"]
    assert name.get_text() == "wren"


def test_a_link_to_a_file_is_a_download_even_outside_the_source_folder(birds: Project) -> None:
    birds.page(".. zoo:table:: birds\n   :columns: name log site\n\n.. zoo:papers::\n")
    build = birds.build(suppress_warnings=["toc"])
    link = build.soup().select_one("td a.download")
    assert link is not None
    assert link.get_text() == "log"
    assert (build.output / str(link["href"])).read_text() == ""
    assert str(link["href"]).endswith("/wren.log")
    site = build.soup().select_one('td a[href="https://example.org/owls"]')
    assert site is not None
    assert site["class"] == ["reference", "external"]


def test_a_caption_has_markup_a_number_and_can_be_referred_to(birds: Project) -> None:
    birds.page("""
        Birds
        =====

        .. zoo:table:: birds
           :caption: All the *birds*
           :name: all-birds
           :class: wide

        See :ref:`all-birds`, :numref:`all-birds` and :ref:`these <all-birds>`.

        .. zoo:papers::
    """)
    build = birds.build(numfig=True)
    assert build.warnings == []
    soup = build.soup()
    table = soup.select_one("table.wide#all-birds")
    assert table is not None
    assert table.caption is not None
    assert table.caption.em is not None
    assert "Table 1" in table.caption.get_text()
    links = [link.get_text() for link in soup.select('a[href="#all-birds"].internal')]
    assert links == ["All the birds", "Table 1", "these"]
    region = soup.select_one('.zoo-table[role="group"][tabindex="0"]')
    assert region is not None
    assert region["aria-label"] == "All the birds"


def test_headings_have_a_scope(birds: Project) -> None:
    birds.page(".. zoo:table:: birds\n\n.. zoo:papers::\n")
    soup = birds.build(suppress_warnings=["toc"]).soup()
    heads, names = soup.select(".zoo-table thead th"), soup.select(".zoo-table tbody th")
    assert len(heads) == 7
    assert all(head["scope"] == "col" for head in heads)
    assert len(names) == 4
    assert all(name["scope"] == "row" for name in names)


def test_widths_may_be_left_to_the_browser(birds: Project) -> None:
    birds.page(".. zoo:table:: birds\n   :widths: auto\n\n.. zoo:papers::\n")
    table = birds.build(suppress_warnings=["toc"]).soup().select_one("table")
    assert table is not None
    assert table.colgroup is None


def test_two_zoos_on_one_page_keep_their_own_papers(birds: Project) -> None:
    birds.write("second/zoo.yaml", ZOO.replace("First", "Erster").replace("wren", "zaunkoenig"))
    birds.page("""
        .. zoo:table:: birds
           :columns: name

        .. zoo:table:: birds
           :columns: name
           :manifest: ../second/zoo.yaml

        .. zoo:papers::

        .. zoo:papers::
           :manifest: ../second/zoo.yaml
    """)
    build = birds.build(suppress_warnings=["toc"])
    assert build.warnings == []
    soup = build.soup()
    for table, title in zip(soup.select("table"), ("First", "Erster"), strict=True):
        link = table.select("tbody a")[1]
        footnote = soup.select_one(str(link["href"]))
        assert footnote is not None
        assert title in footnote.get_text()
    assert len({element["id"] for element in soup.select("[id]")}) == len(soup.select("[id]"))


def test_a_file_that_is_missing_or_outside_the_manifests_folder_is_not_offered(
    birds: Project,
) -> None:
    secret = birds.write("../secret", "not to be published")
    log = birds.root / "logs" / "wren.log"
    (birds.root / "logs" / "auk.log").unlink()
    log.unlink()
    log.symlink_to(secret)
    birds.page(".. zoo:table:: birds\n   :columns: name log\n\n.. zoo:papers::\n")
    build = birds.build(suppress_warnings=["toc"])
    assert ["there is no file" in line and "zoo.yaml:" in line for line in build.warnings] == [
        True,
        True,
    ]
    links = [link.get_text() for link in build.soup().select("td a.download")]
    assert links == ["log"], "the owl's"
    assert [path.name for path in build.output.glob("_downloads/*/*")] == ["owl.log"]


def test_widths_that_share_a_line_leave_room_for_each_longest_word() -> None:
    widths = fitted([31, 5, 8, 60], [20, 5, 8, 10], 80)
    assert all(width >= word + 2 for width, word in zip(widths, [20, 5, 8, 10], strict=True))
    assert 76 <= sum(widths) <= 80
    assert widths[3] > widths[0]
    assert fitted([5, 5], [5, 5], 80) == [7, 7]
    assert fitted([90, 90], [60, 60], 80) == [62, 62], "nothing is left to share"


def test_in_latex_a_wide_table_has_widths_and_a_narrow_one_its_own(birds: Project) -> None:
    birds.page(".. zoo:table:: birds\n   :columns: name top1\n\n.. zoo:papers::\n")
    assert r"\begin{tabulary}" in birds.build("latex", suppress_warnings=["toc"]).text("zoo.tex")
    birds.page(
        ".. zoo:table:: birds\n   :columns: name license parameters size dataset protocol"
        " hashtag status\n\n.. zoo:papers::\n"
    )
    wide = birds.build("latex", suppress_warnings=["toc"]).text("zoo.tex")
    assert r"\begin{tabular}" in wide
    assert r"\begin{tabulary}" not in wide
