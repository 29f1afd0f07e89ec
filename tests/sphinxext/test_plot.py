"""``zoo:plot``: a drawing on a page, the same content in every other builder."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import zipfile
from io import StringIO

import pytest
from bs4 import BeautifulSoup, Tag

from .conftest import CONF, Project
from .receipts import verify
from .test_builders import compile_pdf, pdf_text

ZOO = """
    zoo: 1
    title: Actions
    datasets:
      ucf101: {title: UCF101, samples: 3783, classes: 101}
      birds: {title: Birds}
    metrics:
      top1: {title: Top-1, unit: "%", direction: higher, top: 1}
      flops: {title: FLOPs, unit: G, direction: lower}
    models:
      - {name: small, hashtag: "00000001", dataset: ucf101, top1: 80.3, flops: 0.3,
         parameters: 3500000}
      - {name: middle & <b>, hashtag: "00000002", dataset: ucf101, top1: 90.2, flops: 13.1,
         parameters: 12700000}
      - {name: large, hashtag: "00000003", dataset: ucf101, top1: 83.4, flops: 15.5,
         parameters: 138000000}
      - {name: bare, hashtag: "00000004", dataset: ucf101, top1: 85.0}
      - {name: wren, hashtag: "00000005", dataset: birds, top1: 60.0, parameters: 1000000}
"""
REST = """
    Models
    ======

    .. zoo:plot:: ucf101
       :caption: What *accuracy* costs
       :name: the-plot
       :class: wide

    See :ref:`the-plot` and :numref:`the-plot`.

    .. zoo:table:: ucf101
       :columns: name top1
"""
MYST = """
# Models

```{zoo:plot} ucf101
:caption: What *accuracy* costs
:name: the-plot
:class: wide
```

See {ref}`the-plot` and {numref}`the-plot`.

```{zoo:table} ucf101
:columns: name top1
```
"""


@pytest.fixture
def plotted(project: Project) -> Project:
    """A project whose zoo has something to plot."""
    project.write("zoo.yaml", ZOO)
    return project


@pytest.fixture(params=["rst", "md"])
def book(request: pytest.FixtureRequest, plotted: Project) -> Project:
    """A page with a plot, in reStructuredText or in MyST."""
    plotted.write("docs/conf.py", CONF.replace('"]', '", "myst_parser"]') + "numfig = True\n")
    folder = plotted.root / "receipts"
    verify(plotted.manifest, folder, "small@00000001", correct=3038)
    verify(plotted.manifest, folder, "large@00000003", correct=3000)
    if request.param == "rst":
        plotted.page(REST)
    else:
        plotted.page(MYST, "index.md")
    return plotted


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    (found,) = soup.select(selector)
    return found


def plot_page(options: str = "", argument: str = "ucf101") -> str:
    return f"Models\n======\n\n.. zoo:plot:: {argument}\n{options}\n"


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_html_has_the_drawing_its_words_and_its_data(book: Project, builder: str) -> None:
    build = book.build(builder)
    assert build.warnings == []
    soup = build.soup()
    figure = one(soup, "figure.zoo-plot.wide#the-plot")
    svg = one(figure, "svg")
    assert svg["aria-label"] == "What accuracy costs"
    described = one(figure, f'[id="{svg["aria-describedby"]}"]').get_text()
    assert "Top-1 against parameters, on a logarithmic scale: 3 points." in described
    assert "On the Pareto front: small, middle & <b>." in described
    texts = [text.get_text() for text in svg.select("text")]
    assert {"small", "large", "middle & <b>", "verified", "refuted", "claimed"} <= set(texts)
    assert "UCF101" not in texts
    points = [str(point["aria-label"]).replace("\xa0", " ") for point in svg.select(".zoo-point")]
    assert points[0] == (
        "small: Top-1 80.3 %, parameters 3.50M; 3038 of 3783; 95 % interval 79.0 to 81.6; "
        "verified 2026-11-23, 3038 of 3783"
    )
    assert "1 is left out, as the manifest lists no parameters: bare." in figure.get_text()
    assert one(figure, "figcaption .caption-number").get_text().strip() == "Fig. 1"
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in figure.select("tr")]
    assert rows[0] == ["Model", "Parameters", "Top-1", "Count", "Status"]
    assert [row[0] for row in rows[1:]] == ["small", "middle & <b>", "large"]
    assert all(cell["scope"] for cell in figure.select("th"))
    assert "sphinx-modelzoo.css" in build.text("index.html")


def test_points_and_data_lead_to_the_models(book: Project) -> None:
    soup = book.build().soup()
    links = [str(link["href"]) for link in soup.select("svg a, figure td a, figure th a")]
    assert len(links) == 6
    for link in links:
        assert link.startswith("#")
        assert one(soup, f'[id="{link[1:]}"]').name == "tr"


def test_points_lead_to_a_table_on_another_page_from_any_builder(plotted: Project) -> None:
    plotted.page(f"{plot_page()}\n.. toctree::\n\n   more/table\n")
    plotted.page("Table\n=====\n\n.. zoo:table:: ucf101\n", "more/table.rst")
    hrefs = {
        builder: one(plotted.build(builder).soup(), 'svg a[aria-label^="small"]')["href"]
        for builder in ("html", "dirhtml", "singlehtml")
    }
    assert str(hrefs["html"]).startswith("more/table.html#")
    assert str(hrefs["dirhtml"]).startswith("more/table/#")
    assert str(hrefs["singlehtml"]).startswith("#")


def test_points_without_a_home_are_no_links(plotted: Project) -> None:
    plotted.page(plot_page())
    soup = plotted.build().soup()
    assert soup.select("svg a") == []
    assert len(soup.select('svg g.zoo-point[role="img"]')) == 3


def test_the_data_can_be_downloaded(book: Project) -> None:
    build = book.build()
    link = one(build.soup(), "figure a[download]")
    assert link.get_text() == "Download the data (CSV)"
    text = (build.output / str(link["href"])).read_bytes().decode()
    records = list(csv.DictReader(StringIO(text)))
    assert [record["model"] for record in records] == ["small", "middle & <b>", "large"]
    assert [record["parameters"] for record in records] == ["3500000", "12700000", "138000000"]
    assert records[0]["top1"] == "80.3"
    assert float(records[0]["low"]) < 80.3 < float(records[0]["high"])
    assert records[0]["status"] == "verified 2026-11-23, 3038 of 3783"


def test_the_pages_own_alternative_is_taken(plotted: Project) -> None:
    plotted.page(plot_page("   :alt: Only the large one."))
    svg = one(plotted.build().soup(), "svg")
    assert one(svg, "desc").get_text() == "Only the large one."
    assert svg["aria-label"] == "Top-1 against parameters on UCF101"


def test_several_plots_on_a_page_have_ids_of_their_own(plotted: Project) -> None:
    plot = ".. zoo:plot:: ucf101\n\n"
    plotted.page(f"Models\n======\n\n{plot * 3}.. toctree::\n\n   second\n")
    plotted.page(f"Second\n======\n\n{plot * 2}", "second.rst")
    for builder in ("html", "singlehtml"):
        soup = plotted.build(builder).soup()
        ids = [element["id"] for element in soup.select("svg [id]")]
        assert len(ids) == len(set(ids)) == (3 if builder == "html" else 5)
    assert len(list((plotted.root / "build" / "html").glob("_downloads/*/*.csv"))) == 5


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("   :x: flops", "Top-1 against FLOPs"),
        ("   :x: flops\n   :log: none", "Top-1 against FLOPs: 3 points"),
        ("   :y: flops", "FLOPs against parameters"),
        ("   :filter: parameters>=10M name~l", "2 points"),
        ("   :group-by: family", "3 points"),
    ],
)
def test_options_choose_what_is_shown(plotted: Project, options: str, expected: str) -> None:
    plotted.page(plot_page(options))
    build = plotted.build()
    assert build.warnings == []
    assert expected in one(build.soup(), "svg desc").get_text()


@pytest.mark.parametrize(("labels", "count"), [("none", 0), ("front", 2), ("all", 3)])
def test_names_are_for_none_for_the_front_or_for_all(
    plotted: Project, labels: str, count: int
) -> None:
    plotted.page(plot_page(f"   :labels: {labels}"))
    texts = [text.get_text() for text in plotted.build().soup().select("svg text")]
    assert sum(text in {"small", "middle & <b>", "large"} for text in texts) == count


@pytest.mark.parametrize(
    ("page", "message", "subtype"),
    [
        (plot_page(argument="ucf100"), "no data set 'ucf100'; did you mean", "dataset"),
        (plot_page("   :x: flop"), "'x' has no 'flop'; did you mean 'flops'?", "option"),
        (plot_page("   :y: top2"), "'y' has no 'top2'; did you mean 'top5'?", "option"),
        (plot_page("   :x: top1"), "x and y are both 'top1'; choose another x", "option"),
        (plot_page("   :log: z"), "'log' is 'z'; write x, y, 'x y' or none", "option"),
        (plot_page("   :labels: some"), "'labels' has no 'some'; known: ", "option"),
        (plot_page("   :group-by: tag"), "'group-by' has no 'tag'; did you mean", "option"),
        (plot_page("   :filter: top1"), "'filter' is passed over: 'top1' is no", "option"),
        (plot_page("   :x: year"), "the plot has no points: no result has both", "plot"),
        (plot_page("   :filter: top1>99"), "or relax the filter", "plot"),
    ],
)
def test_a_wrong_option_is_a_warning_at_the_directive(
    plotted: Project, page: str, message: str, subtype: str
) -> None:
    plotted.page(page)
    build = plotted.build()
    assert len(build.warnings) == 1
    assert build.warnings[0].startswith(f"{plotted.root}/docs/index.rst:4: WARNING: ")
    assert message in build.warnings[0]
    assert build.warnings[0].endswith(f"[zoo.{subtype}]")


def test_a_zoo_with_nothing_to_plot_says_what_is_missing(plotted: Project) -> None:
    plotted.write(
        "zoo.yaml",
        "zoo: 1\ndatasets: {ucf101: {}}\nmodels:\n  - {name: a, dataset: ucf101, top1: 80}\n",
    )
    plotted.page(plot_page())
    (warning,) = plotted.build().warnings
    assert "the plot has no x: no result has parameters, a size, a year or a second" in warning
    assert warning.endswith("[zoo.plot]")


@pytest.mark.parametrize("builder", ["text", "man", "texinfo", "xml", "pseudoxml"])
def test_other_builders_show_the_data_as_a_table(book: Project, builder: str) -> None:
    build = book.build(builder, man_pages=[("index", "zoo", "Zoo", "Us", 7)])
    assert build.warnings == []
    names = {"text": "index.txt", "man": "zoo.7", "texinfo": "zoo.texi", "xml": "index.xml"}
    flat = " ".join(build.text(names.get(builder, "index.pseudoxml")).replace("\\", "").split())
    for shown in ("small", "3.50M", "80.3", "3038 of 3783; 95 % interval 79.0 to 81.6", "claimed"):
        assert shown in flat
    assert "1 is left out" in flat
    assert str(book.root) not in flat.replace(f"{book.root}/docs/index.", "")


def test_gettext_offers_the_caption_and_nothing_of_the_manifest(book: Project) -> None:
    build = book.build("gettext")
    assert build.warnings == []
    assert 'msgid "What *accuracy* costs"' in build.text("index.pot")
    assert "small" not in build.text("index.pot")


def test_linkcheck_finds_nothing_to_complain_of(book: Project) -> None:
    assert book.build("linkcheck").warnings == []


def test_epub_has_the_drawing_as_an_image_and_the_data_as_a_table(book: Project) -> None:
    build = book.build("epub", epub_show_urls="no", copyright="Us")
    assert build.warnings == []
    with zipfile.ZipFile(build.output / "Zoo.epub") as archive:
        page = BeautifulSoup(archive.read("index.xhtml"), "html.parser")
        image = one(page, "figure img")
        drawing = archive.read(str(image["src"])).decode()
    assert "Top-1 against parameters" in str(image["alt"])
    assert ">small</text>" in drawing
    assert "3038 of 3783; 95 % interval" in page.get_text()
    assert "1 is left out" in page.get_text()
    link = one(page, 'table a[href*="zoo-model-small"]')
    assert one(page, f'[id="{str(link["href"]).lstrip("#")}"]').name == "tr"


@pytest.mark.latex
@pytest.mark.long
def test_the_pdf_compiles_and_has_the_drawing(book: Project) -> None:
    build = book.build("latex")
    assert build.warnings == []
    log = compile_pdf(build)
    for fault in ("Missing character", "undefined", "multiply defined", "same identifier"):
        assert fault not in log
    text = pdf_text(build.output / "zoo.pdf")
    for shown in ("What accuracy costs", "Pareto front", "95 % interval", "middle & <b>", "100M"):
        assert shown in text
    assert "1 is left out, as the manifest lists no parameters: bare." in text


def without_matplotlib(build: str) -> str:
    return (
        "import sys\n"
        "sys.modules['matplotlib'] = None\n"
        "from sphinx.cmd.build import main\n"
        f"sys.exit(main({build}))\n"
    )


def test_without_matplotlib_latex_has_tables_and_one_warning(plotted: Project) -> None:
    plotted.page(f"{plot_page()}\n.. zoo:plot:: ucf101\n   :x: flops\n")
    output = plotted.root / "build" / "latex"
    arguments = ["-q", "-b", "latex", str(plotted.root / "docs"), str(output)]
    command = [sys.executable, "-c", without_matplotlib(repr(arguments))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.count("WARNING") == 1
    assert 'pip install "sphinx-modelzoo[plot]" [zoo.plot]' in done.stderr
    text = (output / "zoo.tex").read_text(encoding="utf-8")
    assert "includegraphics" not in text
    assert text.count("3155 of 3783") == 2


def test_without_matplotlib_html_is_the_same(plotted: Project) -> None:
    plotted.page(plot_page())
    output = plotted.root / "build" / "bare"
    arguments = ["-q", "-W", "-b", "html", str(plotted.root / "docs"), str(output)]
    command = [sys.executable, "-c", without_matplotlib(repr(arguments))]
    subprocess.run(command, check=True)
    bare = BeautifulSoup((output / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert str(one(bare, "figure")) == str(one(plotted.build().soup(), "figure"))


def test_a_changed_number_receipt_or_target_draws_the_plot_again(plotted: Project) -> None:
    plotted.page(f"{plot_page()}\n.. toctree::\n\n   plain\n   table\n")
    plotted.page("Plain\n=====\n", "plain.rst")
    plotted.page("Table\n=====\n\n.. zoo:table:: ucf101\n   :columns: name\n", "table.rst")

    def again(read: set[str]) -> BeautifulSoup:
        build = plotted.build()
        assert build.warnings == []
        assert build.read == read
        return build.soup()

    again({"index", "plain", "table"})
    again(set())
    plotted.edit("zoo.yaml", "top1: 80.3", "top1: 80.4")
    assert "80.4" in one(again({"index", "table"}), "svg").get_text()
    verify(plotted.manifest, plotted.root / "receipts", "large@00000003", correct=3155)
    assert "verified 2026-11-23, 3155 of 3783" in one(again({"index"}), "svg").get_text()
    plotted.page("Table\n=====\n\nGone.\n", "table.rst")
    soup = again({"table"})
    assert soup.select("svg a") == []


def test_four_processes_write_what_one_writes(plotted: Project) -> None:
    plots = "".join(f".. zoo:plot:: ucf101\n   :x: {x}\n\n" for x in ("parameters", "flops"))
    listed = "".join(f"   page{number}\n" for number in range(8))
    plotted.page(f"Models\n======\n\n.. toctree::\n\n{listed}")
    for number in range(8):
        plotted.page(f"Page {number}\n======\n\n{plots}", f"page{number}.rst")
    trees = []
    for jobs in (1, 4):
        shutil.rmtree(plotted.root / "build", ignore_errors=True)
        build = plotted.build(jobs=jobs)
        assert build.warnings == []
        pages = (*build.output.glob("page*.html"), *build.output.glob("_downloads/*/*.csv"))
        trees.append({path.relative_to(build.output): path.read_bytes() for path in pages})
    assert len(trees[0]) == 8 + 16
    assert trees[0] == trees[1]


def test_points_lead_to_cards_before_rows_of_tables(plotted: Project) -> None:
    plotted.page(f"{plot_page()}\n.. zoo:table:: ucf101\n   :columns: name\n\n.. zoo:cards::\n")
    soup = plotted.build().soup()
    small = one(soup, 'svg a[aria-label^="small"]')
    assert str(small["href"]).startswith("models/small.html#")
