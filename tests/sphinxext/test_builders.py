"""What the page shows, every builder shows in its way."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from .conftest import CONF, Build, Project
from .receipts import verify

MYST = """
# Models

```{zoo:usage}
```

```{zoo:notes} ucf101
```

```{zoo:table} ucf101
:columns: name top1 hashtag train_command train_log status
:caption: The *models*
:name: the-table
```

See {ref}`the-table`, [again](#the-table), {tsntag}`vgg`[^mine] and [^2].

```{zoo:papers}
```

[^mine]: My own footnote.
"""
REST = """
    Models
    ======

    .. zoo:usage::
    .. zoo:notes:: ucf101
    .. zoo:table:: ucf101
       :columns: name top1 hashtag train_command train_log status
       :caption: The *models*
       :name: the-table

    See :ref:`the-table`, :tsntag:`vgg` [#mine]_ and [2]_.

    .. zoo:papers::

    .. [#mine] My own footnote.
"""
ROWS = [
    ("vgg16_ucf101 [2]", "83.4", "d6dc1bba", "verified 2026-11-23, 3155 of 3783"),
    ("vgg16_ucf101 (no TSN) [1]", "81.5", "05e319d4", "claimed"),
    ("inceptionv3_ucf101 [2]", "88.1", "13ef5c3b", "refuted 2026-11-23: measured 79.30"),
    ("inceptionv3_ucf101 (no TSN) [1]", "85.6", "0c453da8", "claimed"),
]


@pytest.fixture(params=["rst", "md"])
def book(request: pytest.FixtureRequest, project: Project) -> Project:
    """A page with everything and a second one, in reStructuredText or in MyST."""
    folder = project.root / "receipts"
    verify(project.manifest, folder, "vgg16_ucf101@d6dc1bba", correct=3155)
    verify(project.manifest, folder, "inceptionv3_ucf101@13ef5c3b", correct=3000)
    project.write("docs/conf.py", CONF.replace('"]', '", "myst_parser"]'))
    if request.param == "rst":
        project.page(f"{REST}\n    .. toctree::\n\n       second\n")
    else:
        project.page(f"{MYST}\n```{{toctree}}\nsecond\n```\n", "index.md")
    project.page(
        "Second\n======\n\n.. zoo:table:: ucf101\n   :columns: name\n",
        "second.rst",
    )
    return project


def text_of(markup: str) -> str:
    within = re.sub(r"</?(a|span)[^>]*>", "", markup)
    return " ".join(re.sub(r"<[^>]*>", " ", within).split())


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_html(book: Project, builder: str) -> None:
    build = book.build(builder)
    assert build.warnings == []
    rows = [
        [cell.get_text() for cell in row.select("th, td")]
        for row in build.soup().select("table tbody")[0].select("tr")
    ]
    for row, (name, top1, hashtag, status) in zip(rows, ROWS, strict=True):
        assert row[:3] == [name, top1, hashtag]
        assert row[3:5] == ["shell script", "log"]
        assert row[5].endswith(status)


@pytest.mark.filterwarnings("ignore:.*myst_parser.*app.*:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*myst_parser.*app.*:PendingDeprecationWarning")
def test_links_of_myst_to_any_target_pass_our_domain_in_silence(project: Project) -> None:
    project.write("docs/conf.py", CONF.replace('"]', '", "myst_parser"]'))
    project.page("# Links\n\n[](#elsewhere)\n\n```{toctree}\nsecond\n```\n", "index.md")
    project.page(".. _elsewhere:\n\nSecond\n======\n", "second.rst")
    build = project.build()
    assert build.warnings == []
    assert build.soup().select_one('a[href="second.html#elsewhere"]') is not None


def test_text(book: Project) -> None:
    build = book.build("text")
    assert build.warnings == []
    flat = " ".join(build.text("index.txt").split())
    for row in ROWS[:2]:
        assert " ".join(row[:1]) in flat
    assert "vgg (no TSN)" in flat
    assert "(no TSN) [1]" in build.text("second.txt")
    for mark in ("✓ verified", "○ claimed", "✗ refuted"):
        assert mark in flat
    assert "train_recognizer.py" in flat


def test_man(book: Project) -> None:
    build = book.build("man", man_pages=[("index", "zoo", "Zoo", "Us", 7)])
    assert build.warnings == []
    text = build.text("zoo.7")
    assert "(no TSN)" in text
    assert "verified 2026\\-11\\-23, 3155 of 3783" in text
    assert "Temporal Segment Networks" in text
    headings = [line for line in text.split("\n") if line.startswith(".SH")]
    assert not any("models" in heading for heading in headings), "a caption is no section"
    assert re.search(r"\\fBThe .*models", text)


def test_epub(book: Project) -> None:
    build = book.build("epub", epub_show_urls="no", copyright="Us")
    assert build.warnings == []
    with zipfile.ZipFile(build.output / "Zoo.epub") as archive:
        page = archive.read("index.xhtml").decode()
        assert any(name.endswith("sphinx-modelzoo.css") for name in archive.namelist())
    text = text_of(page)
    assert "(no TSN)" in text
    assert "✓ verified 2026-11-23, 3155 of 3783" in text
    reference = re.search(r'href="#(zoo-paper-wang2016temporal)"', page)
    assert reference
    assert f'id="{reference[1]}"' in page
    assert "_downloads" not in page, "EPUB holds no files to download"


def test_texinfo(book: Project) -> None:
    build = book.build("texinfo")
    assert build.warnings == []
    text = build.text("zoo.texi")
    assert "(no TSN)" in text
    assert "Temporal Segment Networks" in text


@pytest.mark.parametrize("builder", ["pseudoxml", "xml"])
def test_xml(book: Project, builder: str) -> None:
    build = book.build(builder)
    assert build.warnings == []
    text = build.text("index.pseudoxml" if builder == "pseudoxml" else "index.xml")
    assert "footnote_reference" in text
    assert "(no TSN)" in text
    assert str(book.root) not in text.replace(f"{book.root}/docs/index.", ""), "no foreign paths"


def test_gettext_offers_the_caption_and_nothing_of_the_manifest(book: Project) -> None:
    build = book.build("gettext")
    assert build.warnings == []
    assert 'msgid "The *models*"' in build.text("index.pot")
    assert "vgg16_ucf101" not in build.text("index.pot")


def test_linkcheck_collects_every_link(book: Project) -> None:
    build = book.build("linkcheck", linkcheck_ignore=[".*"])
    lines = [json.loads(line) for line in build.text("output.json").splitlines()]
    found = {line["uri"] for line in lines if line["filename"].startswith("index")}
    base = "https://raw.githubusercontent.com/dmlc/web-data/master/gluoncv/logs/action_recognition"
    stems = ("vgg16_ucf101_tsn", "vgg16_ucf101", "inceptionv3_ucf101_tsn", "inceptionv3_ucf101")
    expected = {f"{base}/ucf101/{stem}.{end}" for stem in stems for end in ("sh", "log")}
    assert found == {
        *expected,
        "https://arxiv.org/abs/1507.02159",
        "https://arxiv.org/abs/1608.00859",
    }


def test_latex_source(book: Project) -> None:
    build = book.build("latex")
    assert build.warnings == []
    text = build.text("zoo.tex")
    assert text.count("(no TSN)") == 5
    assert r"\checkmark" in text
    assert text.count(r"\label{\detokenize{index:zoo-paper-wang2016temporal}}") == 1
    assert r"\hyperref[\detokenize{index:zoo-paper-wang2016temporal}]" in text


def compile_pdf(build: Build) -> str:
    """Compile a LaTeX build, and give its log."""
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "zoo.tex"]
    done = subprocess.run(command, cwd=build.output, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    return build.text("zoo.log")


@pytest.mark.latex
@pytest.mark.long
def test_the_pdf_compiles_and_shows_names_tags_shapes_and_papers(project: Project) -> None:
    folder = project.root / "receipts"
    verify(project.manifest, folder, "vgg16_ucf101@d6dc1bba", correct=3155)
    verify(project.manifest, folder, "inceptionv3_ucf101@13ef5c3b", correct=3000)
    verify(project.manifest, folder, "inceptionv3_ucf101@0c453da8", correct=3238)
    project.edit("zoo.yaml", "top1: 85.6", "top1: 85.7")
    project.page(f"{REST}\n    .. toctree::\n\n       second\n")
    project.page(
        "Second\n======\n\nMine [1]_.\n\n.. zoo:table:: ucf101\n   :widths: 45 10 10 10 25\n\n"
        ".. zoo:papers::\n\n.. [1] A footnote of this page.\n",
        "second.rst",
    )
    build = project.build("latex")
    assert build.warnings == []
    log = compile_pdf(build)
    for fault in ("Missing character", "undefined", "multiply defined", "same identifier"):
        assert fault not in log
    text = pdf_text(build.output / "zoo.pdf")
    assert text.count("(no TSN)") >= 4
    for shown in (
        "✓ verified 2026-11-23",
        "∘ claimed",
        "△ stale",
        "\u00d7 refuted",
        "A footnote of",
    ):
        assert shown in text
    assert text.count("[1] Limin Wang") == 2


def pdf_text(path: Path) -> str:
    command = ["pdftotext", "-layout", str(path), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return re.sub(r"[ \n]+", " ", done.stdout)
