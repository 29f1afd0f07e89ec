"""The rows of a table as HTML, from one template."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from sphinx.builders import Builder

from sphinx_modelzoo.manifest.memory import without_collections
from sphinx_modelzoo.sphinxext.citations import ELSEWHERE
from sphinx_modelzoo.sphinxext.table.cell import BodyGroup, Piece
from sphinx_modelzoo.sphinxext.table.columns import Column, Kind


@cache
def _template() -> Template:
    """Give the template; one environment serves all tables of a process."""
    environment = Environment(
        loader=PackageLoader("sphinx_modelzoo.sphinxext", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    environment.globals["zip"] = zip
    return environment.get_template("rows.html")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece as HTML has it: its text, its classes, and where it leads, if anywhere."""

    text: str
    classes: str = ""
    href: str = ""
    label: str = ""
    is_download: bool = False
    is_footnote: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """Where the pieces of a page lead.

    ``downloads`` is the address of the folder of downloads from the page, None where the builder
    has none; ``papers`` gives the page and id of each paper's entry, None where no page lists it.
    """

    builder: Builder
    docname: str
    downloads: str | None
    papers: Mapping[str, tuple[str, str] | None]

    def stretch(self, piece: Piece) -> Stretch:
        """Give a piece as HTML has it, with the classes that Sphinx gives its own links."""
        own = " ".join(piece.classes)
        if piece.url:
            return Stretch(piece.text, _joined("reference external", own), piece.url)
        if piece.file and self.downloads is not None:
            href = posixpath.join(self.downloads, quote(piece.file))
            classes = _joined("reference download internal", own)
            return Stretch(piece.text, classes, href, is_download=True)
        target = self.papers[piece.paper] if piece.paper else piece.target
        if target is None:
            return Stretch(piece.text, own, label=piece.label)
        href = address(self.builder, self.docname, *target)
        if piece.paper and target[0] == self.docname:
            text = piece.text.strip("[]")
            return Stretch(text, "footnote-reference brackets", href, is_footnote=True)
        classes = f"reference internal {ELSEWHERE}" if piece.paper else "reference internal"
        return Stretch(piece.text, _joined(classes, own), href)


def _joined(classes: str, own: str) -> str:
    return f"{classes} {own}" if own else classes


def address(builder: Builder, docname: str, target: str, name: str) -> str:
    """Give the address of a place in the documentation from one of its pages."""
    if builder.name == "singlehtml" or target == docname:
        return f"#{name}"
    return f"{builder.get_relative_uri(docname, target)}#{name}"


def rows_html(
    columns: Sequence[Column], groups: Sequence[BodyGroup], widths: Sequence[int], links: Links
) -> str:
    """Give a table's columns, head and body; ``widths`` are relative, none for automatic ones."""
    shares = [100 * width / sum(widths) for width in widths]
    tags = [_tag(column) for column in columns]
    with without_collections():
        return _template().render(
            columns=columns, groups=groups, shares=shares, tags=tags, stretch=links.stretch
        )


def _tag(column: Column) -> Markup:
    """Give the opening tag of a column's cells, without its brackets."""
    if column.kind is Kind.NAME:
        return Markup('th scope="row" class="zoo-name"')
    if column.is_number:
        return Markup('td class="zoo-number"')
    return Markup('td class="zoo-word"') if column.is_word else Markup("td")
