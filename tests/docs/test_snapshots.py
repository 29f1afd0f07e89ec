"""What each builder makes of each live example in the documentation, in both languages.

The examples are the lines that the gallery and the pages on the demo zoo show. The stored snapshots
are made anew with ``pytest tests/docs/test_snapshots.py --force-regen``; look at the difference
before it is committed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from pytest_regressions.file_regression import FileRegressionFixture

from .conftest import DOCS

SNAPSHOTS = Path(__file__).parent / "snapshots"
GALLERY = (DOCS / "gallery.md").read_text(encoding="utf-8")
BUILDERS = ("html", "dirhtml", "singlehtml", "epub", "latex", "text", "man", "gettext")
PAPERS = ".. zoo:papers::\n"


@dataclass(frozen=True)
class Example:
    """An example: its place in the gallery, and its lines in reStructuredText."""

    number: int
    lines: str

    @property
    def name(self) -> str:
        directive = re.search(r"zoo:(\w+)", self.lines)
        assert directive
        return f"example{self.number}-{directive[1]}"

    def rst(self) -> str:
        return f"{self.name}\n{'=' * len(self.name)}\n\n{self.lines}\n{PAPERS}"

    def md(self) -> str:
        """Give the same in MyST: a fence a directive, its options as they are."""
        head, *options = self.lines.rstrip().split("\n")
        name, argument = re.fullmatch(r"\.\. (zoo:\w+):: ?(.*)", head).groups()  # type: ignore[union-attr]
        inside = "".join(f"{option.strip()}\n" for option in options)
        return f"# {self.name}\n\n```{{{name}}} {argument}\n{inside}```\n\n```{{zoo:papers}}\n```\n"


EXAMPLES = [
    Example(number, lines)
    for number, lines in enumerate(
        re.findall(r"^```rst\n(.*?)^```$", GALLERY, re.MULTILINE | re.DOTALL), 1
    )
]


def build(folder: Path, builder: str, suffix: str) -> Path:
    """Build all examples as pages of one project; give the output's folder."""
    docs = folder / "docs"
    docs.mkdir(parents=True, exist_ok=True)
    shutil.copy(DOCS / "examples" / "imagenet.yaml", folder / "zoo.yaml")
    (docs / "conf.py").write_text(
        'extensions = ["sphinx_modelzoo", "myst_parser"]\nproject = "Gallery"\n'
        'author = "Us"\nversion = release = "1"\ncopyright = "2026, Us"\n'
        'html_theme = "alabaster"\nepub_show_urls = "no"\n'
        'man_pages = [("index", "gallery", "Gallery", "Us", 7)]\n'
        'latex_documents = [("index", "gallery.tex", "Gallery", "Us", "manual")]\n',
        encoding="utf-8",
    )
    names = [example.name for example in EXAMPLES]
    (docs / "index.rst").write_text(
        "Gallery\n=======\n\n.. toctree::\n\n   " + "\n   ".join(names) + "\n", encoding="utf-8"
    )
    for example in EXAMPLES:
        text = example.rst() if suffix == "rst" else example.md()
        (docs / f"{example.name}.{suffix}").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", builder]
    done = subprocess.run(
        [*command, "-d", "doctrees", "docs", builder],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / builder


def markup(html: str, name: str) -> str:
    """Give what a page shows.

    Left out are the drawing's coordinates, which change with matplotlib, and the pages of links
    within the documentation, in which the builders of HTML differ.
    """
    soup = BeautifulSoup(html, "html.parser")
    heading = next(head for head in soup.select("h1, h2") if head.get_text().startswith(name))
    section = heading.find_parent("section")
    heading.name = "h1"
    assert isinstance(section, Tag)
    for drawing in section.select("svg"):
        words = drawing.find_all(["title", "desc", "text"])
        texts = [" ".join(word.get_text().split()) for word in words]
        drawing.replace_with("\n".join(sorted(texts)))
    for link in section.select("a.headerlink"):
        link.decompose()
    for link in section.select("a.internal, a[download]"):
        link["href"] = str(link["href"]).rpartition("#" if "#" in str(link["href"]) else "/")[2]
    return section.prettify()


def page(output: Path, builder: str, name: str) -> str:
    """Give the text of the page, or book, that has an example."""
    if builder == "epub":
        with zipfile.ZipFile(output / "Gallery.epub") as archive:
            return archive.read(f"{name}.xhtml").decode()
    files = {
        "html": f"{name}.html",
        "dirhtml": f"{name}/index.html",
        "singlehtml": "index.html",
        "text": f"{name}.txt",
        "gettext": f"{name}.pot",
        "man": "gallery.7",
        "latex": "gallery.tex",
    }
    return (output / files[builder]).read_text("utf-8")


def shown(output: Path, builder: str, name: str) -> str:
    """Give the part of a builder's output that shows an example."""
    text = page(output, builder, name)
    match builder:
        case "text":
            return text
        case "gettext":
            return "\n".join(re.findall(r'^msgid ("[^"].*")$', text, re.MULTILINE)) + "\n"
        case "man":
            return chapter(text, r"^\.SH ", name)
        case "latex":
            return chapter(text, r"^\\chapter{", name)
        case _:
            return markup(text, name)


def chapter(text: str, heading: str, name: str) -> str:
    """Give a chapter of a book, its heading included."""
    parts = re.split(f"({heading})", text, flags=re.MULTILINE)
    pairs = ["".join(pair) for pair in zip(parts[1::2], parts[2::2], strict=True)]
    heads = [part.split("\n")[0].replace("sphinxhyphen{}", "-").replace("\\", "") for part in pairs]
    found = [part for part, head in zip(pairs, heads, strict=True) if name in head.lower()]
    assert len(found) == 1, heads
    return found[0].split("\\renewcommand{\\indexname}")[0].rstrip() + "\n"


Built = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build with a builder, from pages of a kind, once."""
    done: dict[tuple[str, str], Path] = {}

    def once(builder: str, suffix: str) -> Path:
        if (builder, suffix) not in done:
            folder = tmp_path_factory.mktemp(f"{builder}-{suffix}")
            done[builder, suffix] = build(folder, builder, suffix)
        return done[builder, suffix]

    return once


def test_every_live_example_of_the_gallery_is_among_the_examples() -> None:
    live = re.findall(r"(?ms)^```\{(zoo:\w+)\} (\w+)\n:manifest:[^\n]*\n(.*?)^```$", GALLERY)
    written = []
    for example in EXAMPLES:
        head, _, options = example.lines.partition("\n")
        name, argument = re.fullmatch(r"\.\. (zoo:\w+):: (\w+)", head).groups()  # type: ignore[union-attr]
        written.append((name, argument, re.sub(r"(?m)^   ", "", options)))
    assert len(EXAMPLES) >= 5
    assert written == live


@pytest.mark.long
@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_builder_makes_of_an_example_what_it_made_before(
    example: Example, builder: str, built: Built, file_regression: FileRegressionFixture
) -> None:
    made = {kind: shown(built(builder, kind), builder, example.name) for kind in ("rst", "md")}
    ending = {"latex": "tex", "man": "7", "text": "txt", "gettext": "pot.txt", "epub": "xhtml"}.get(
        builder, "html"
    )
    path = SNAPSHOTS / f"{example.name}.{ending}"
    file_regression.check(made["rst"], encoding="utf-8", fullpath=path)
    assert made["md"] == made["rst"], "MyST gives something else"
