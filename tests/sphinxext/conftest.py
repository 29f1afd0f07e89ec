from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path
from textwrap import dedent

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from . import card_pages, site
from .receipts import verify

REPOSITORY = Path(__file__).parents[2]
CONF = 'extensions = ["sphinx_modelzoo"]\nproject = "Zoo"\nauthor = "Us"\nversion = "1"\n'


@dataclass
class Build:
    """One finished build: its output, its messages, and the resolved document of each page."""

    output: Path
    status: str
    warnings: list[str]
    app: Sphinx = field(repr=False)

    @property
    def read(self) -> set[str]:
        """The pages that were read."""
        return {line.split()[-1] for line in self._lines("reading sources...")}

    @property
    def written(self) -> set[str]:
        """The pages that were written."""
        return {line.split()[-1] for line in self._lines("writing output...")}

    def _lines(self, start: str) -> list[str]:
        lines = self.status.replace("\r", "\n").split("\n")
        return [line for line in lines if line.startswith(start) and "%]" in line]

    def text(self, name: str) -> str:
        return (self.output / name).read_text(encoding="utf-8")

    def soup(self, name: str = "index.html") -> BeautifulSoup:
        return BeautifulSoup(self.text(name), "html.parser")

    def doctree(self, docname: str = "index") -> nodes.document:
        doctree = self.app.env.get_doctree(docname)
        self.app.env.apply_post_transforms(doctree, docname)
        return doctree


@dataclass
class Project:
    """A small documentation project: ``docs`` with its ``zoo.yaml`` in the folder above."""

    root: Path

    @property
    def manifest(self) -> Path:
        return self.root / "zoo.yaml"

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def page(self, text: str, name: str = "index.rst") -> None:
        self.write(f"docs/{name}", text)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def build(
        self, builder: str = "html", *, jobs: int = 1, output: str = "", **config: object
    ) -> Build:
        status, warning = StringIO(), StringIO()
        target = self.root / "build" / (output or builder)
        with patch_docutils(str(self.root / "docs")), docutils_namespace():
            app = Sphinx(
                srcdir=self.root / "docs",
                confdir=self.root / "docs",
                outdir=target,
                doctreedir=self.root / "build" / f"doctrees-{output}",
                buildername=builder,
                confoverrides={"show_warning_types": True, **config},
                status=status,
                warning=warning,
                parallel=jobs,
                verbosity=1,
            )
            app.build()
        lines = [line for line in warning.getvalue().splitlines() if line.strip()]
        return Build(target, _plain(status.getvalue()), [_plain(line) for line in lines], app)


def _plain(text: str) -> str:
    """Take the colours off a text."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with this repository's own manifest and scripts to download."""
    made = Project(tmp_path)
    made.write("docs/conf.py", CONF)
    made.manifest.write_bytes((REPOSITORY / "zoo.yaml").read_bytes())
    for name in ("train", "test"):
        made.write(f"scripts/action-recognition/{name}_recognizer.py", f"print('{name}')\n")
    return made


@pytest.fixture
def cards(project: Project) -> Project:
    """The project with a table and the cards of its models."""
    project.page(card_pages.PAGE)
    return project


PAGE = """
    Models
    ======

    .. zoo:usage::
    .. zoo:notes:: ucf101
    .. zoo:table:: ucf101
       :widths: 45 10 10 10 25
    .. zoo:papers::
"""


@pytest.fixture
def page() -> str:
    """A page with every directive."""
    return PAGE


Rows = Callable[[BeautifulSoup], list[list[str]]]


@pytest.fixture
def rows() -> Rows:
    """Give the texts of the first table of a page, without its head."""

    def read(soup: BeautifulSoup) -> list[list[str]]:
        table = soup.select_one(".zoo-table tbody")
        assert table is not None
        return [
            [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
            for row in table.find_all("tr")
        ]

    return read


@pytest.fixture(scope="session")
def site_address(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Build the site for browsers with a theme, once, and give its address."""

    @cache
    def build(theme: str) -> str:
        made = Project(tmp_path_factory.mktemp(theme))
        made.write("docs/conf.py", CONF)
        made.write("zoo.yaml", site.manifest())
        made.page(site.PAGE)
        for name in ("train", "test"):
            made.write(f"scripts/action-recognition/{name}_recognizer.py", f"print('{name}')\n")
        for key, correct in site.counted():
            verify(made.manifest, made.root / "receipts", key, correct=correct)
        built = made.build(html_theme=theme)
        assert built.warnings == []
        return (built.output / "index.html").as_uri()

    return build
