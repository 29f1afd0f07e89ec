"""The numbers of papers: footnote references, or links where the papers stand on another page."""

from __future__ import annotations

from docutils import nodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from sphinx_modelzoo.manifest.model import Paper
from sphinx_modelzoo.sphinxext.directive import zoo_domain
from sphinx_modelzoo.sphinxext.messages import Subtype, warn
from sphinx_modelzoo.sphinxext.references.objects import link_to

BOOK_FORMATS = ("latex", "texinfo")
"""Formats whose footnotes stand at the foot of a page, so that ours become a list instead."""

ELSEWHERE = "footnote-reference"
"""The class of a link to a footnote on another page, by which themes raise it as they do others."""


class Citations:
    """Makes the numbers of papers for one document.

    The document may be a page, or a book that was put together from several.
    """

    def __init__(self, document: nodes.document, env: BuildEnvironment, builder: Builder) -> None:
        self._env = env
        self._builder = builder
        self._domain = zoo_domain(env)
        self._unlisted: set[tuple[str, str, str]] = set()
        self.footnotes = {
            (footnote["docname"], footnote["ids"][0]): footnote
            for footnote in document.findall(nodes.footnote)
            if self._is_ours(footnote)
        }

    def _is_ours(self, footnote: nodes.footnote) -> bool:
        record = self._domain.pages.get(footnote.get("docname", ""))
        return record is not None and footnote["ids"][0] in record.objects.ids("paper")

    def number(self, manifest: str, paper: Paper, docname: str, place: nodes.Node) -> nodes.Node:
        """Give the number of a paper, as it is cited on a page.

        It is a footnote reference where the page lists the paper, a link where another page does;
        else plain text, with a warning at ``place``.
        """
        home = self.home(manifest, paper, docname, place)
        footnote = self.footnotes.get(home) if home and home[0] == docname else None
        if footnote is not None and self._builder.format not in BOOK_FORMATS:
            return _footnote_reference(footnote, paper.number, docname)
        text = nodes.Text(f"[{paper.number}]")
        if home is None:
            return text
        link = self.link(docname, home, text)
        link["classes"].append(ELSEWHERE)
        return link

    def home(
        self, manifest: str, paper: Paper, docname: str, place: nodes.Node
    ) -> tuple[str, str] | None:
        """Give the page and id that a paper's number leads to from a page, the page itself first.

        Where no page lists the paper it is None, with a warning at ``place``.
        """
        record = self._domain.pages.get(docname)
        listed = record.objects.find("paper", manifest, paper.key) if record else None
        if listed:
            return docname, listed
        home = self._domain.home("paper", manifest, paper.key)
        if home is None:
            self._warn_once(manifest, paper, docname, place)
        return home

    def link(self, docname: str, home: tuple[str, str], text: nodes.Text) -> nodes.reference:
        """Give a link from a page to a footnote of ours by its page and id."""
        return link_to(self._builder, docname, home, text)

    def _warn_once(self, manifest: str, paper: Paper, docname: str, place: nodes.Node) -> None:
        if (docname, manifest, paper.key) not in self._unlisted:
            self._unlisted.add((docname, manifest, paper.key))
            text = f"no page lists the paper {paper.key!r}; write zoo:papers on this page"
            warn(text, Subtype.PAPER, place)


def _footnote_reference(footnote: nodes.footnote, number: int, docname: str) -> nodes.Node:
    """Give a reference to a footnote, and note it there."""
    target = footnote["ids"][0]
    name = f"{target}-reference-{len(footnote['backrefs']) + 1}"
    footnote["backrefs"].append(name)
    return nodes.footnote_reference(
        f"[{number}]_", nodes.Text(str(number)), ids=[name], refid=target, docname=docname
    )
