"""The directive ``zoo:papers``: the numbered references, as footnotes."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes
from docutils.transforms.references import Footnotes
from sphinx.transforms import SphinxTransform

from sphinx_modelzoo.manifest.model import Paper, Zoo
from sphinx_modelzoo.sphinxext.directive import ZooDirective, zoo_domain


class PapersDirective(ZooDirective):
    """``.. zoo:papers::`` lists the manifest's papers as footnotes 1, 2 and so on, in its order.

    The footnotes are not announced to docutils by name, so that they neither collide with a
    page's own footnotes nor count as footnotes that nothing refers to.
    """

    def show(self, zoo: Zoo) -> list[nodes.Node]:
        """Give the footnotes."""
        document = self.state.document
        listed = self.domain.record(self.env.docname).papers
        footnotes = []
        for key, paper in zoo.papers.items():
            name = free_id(document, nodes.make_id(f"paper-{key}"))
            footnote = nodes.footnote("", nodes.label("", str(paper.number)), ids=[name])
            footnote += nodes.paragraph("", "", *reference_text(paper))
            document.ids[name] = footnote
            listed.setdefault((str(zoo.path), key), name)
            footnotes.append(footnote)
        return self.located(*footnotes)


def free_id(document: nodes.document, wanted: str) -> str:
    """Give an id that the page does not have yet."""
    name, number = wanted, 1
    while name in document.ids:
        number += 1
        name = f"{wanted}-{number}"
    return name


def reference_text(paper: Paper) -> list[nodes.Node]:
    """Give a paper's authors, title (a link, where there is an address), and where it appeared."""
    authors = f"{_listed(paper.authors)}. " if paper.authors else ""
    appeared = ", ".join(str(part) for part in (paper.published, paper.year) if part)
    title: nodes.Node = nodes.Text(paper.title)
    if paper.url:
        title = nodes.reference(paper.title, paper.title, refuri=paper.url, internal=False)
    end = f".” {appeared}." if appeared else ".”"
    return [nodes.Text(f"{authors}“"), title, nodes.Text(end)]


def _listed(names: Sequence[str]) -> str:
    """Give names as a list in words: A, B and C."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


class LendPaperNumbers(SphinxTransform):
    """Let a page's own text cite a listed paper as ``[2]_``, and number its own footnotes apart.

    A number that the page's own footnotes define stays theirs, and a number that two zoos of the
    page have is lent by neither.
    """

    default_priority = Footnotes.default_priority - 1

    def apply(self, **_kwargs: object) -> None:
        """Announce those numbers of our footnotes that the page does not define itself."""
        document = self.document
        record = zoo_domain(self.env).pages.get(self.env.docname)
        if record is None or not record.papers:
            return
        lent: dict[str, list[nodes.footnote]] = {}
        for name in record.papers.values():
            footnote = document.ids[name]
            if isinstance(footnote, nodes.footnote):
                lent.setdefault(footnote[0].astext(), []).append(footnote)
        for number, footnotes in lent.items():
            references = document.footnote_refs.get(number, [])
            ambiguous = len(footnotes) > 1 and references
            if number not in document.nameids and not ambiguous:
                document.nameids[number] = footnotes[0]["ids"][0]
                _lend(footnotes[0], references)


def _lend(footnote: nodes.footnote, references: list[nodes.footnote_reference]) -> None:
    """Resolve a page's own references to a footnote of ours, as docutils does its own."""
    for reference in references:
        if not reference.resolved:
            reference.delattr("refname")
            reference["refid"] = footnote["ids"][0]
            reference.resolved = True
            footnote.add_backref(reference["ids"][0])
