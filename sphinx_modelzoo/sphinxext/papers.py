"""The directive ``zoo:papers``: the numbered references, as footnotes."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes
from docutils.transforms.references import Footnotes
from sphinx.transforms import SphinxTransform

from sphinx_modelzoo.manifest.model import Paper, Zoo
from sphinx_modelzoo.sphinxext.directive import ZooDirective, zoo_domain
from sphinx_modelzoo.sphinxext.references.objects import claim_id, object_id


class PapersDirective(ZooDirective):
    """``.. zoo:papers::`` lists the manifest's papers as footnotes 1, 2 and so on, in its order.

    The footnotes are not announced to docutils by name, so that they neither collide with a
    page's own footnotes nor count as footnotes that nothing refers to.
    """

    def show(self, zoo: Zoo) -> list[nodes.Node]:
        """Give the footnotes."""
        manifest, docname = str(zoo.path), self.env.docname
        footnotes = []
        for key, paper in zoo.papers.items():
            footnote = nodes.footnote("", nodes.label("", str(paper.number)))
            footnote += nodes.paragraph("", "", *reference_text(paper))
            target = claim_id(self.state.document, footnote, object_id("paper", key))
            title = short_reference(paper)
            self.domain.note_object("paper", manifest, key, docname, target, title=title)
            footnotes.append(footnote)
        return self.located(*footnotes)


def reference_text(paper: Paper) -> list[nodes.Node]:
    """Give a paper's authors, title (a link, where there is an address), and where it appeared."""
    authors = f"{_listed(paper.authors)}. " if paper.authors else ""
    appeared = ", ".join(str(part) for part in (paper.published, paper.year) if part)
    title: nodes.Node = nodes.Text(paper.title)
    if paper.url:
        title = nodes.reference(paper.title, paper.title, refuri=paper.url, internal=False)
    end = f".” {appeared}." if appeared else ".”"
    return [nodes.Text(f"{authors}“"), title, nodes.Text(end)]


def short_reference(paper: Paper) -> str:
    """Give how prose names a paper: ``Wang et al. 2016``; its title where it has no authors."""
    if not paper.authors:
        return paper.title
    surnames = [_surname(author) for author in paper.authors]
    few = len(surnames) <= 2  # noqa: PLR2004
    names = _listed(surnames) if few else f"{surnames[0]} et al."
    return f"{names} {paper.year}" if paper.year else names


_PARTICLES = frozenset(
    {
        "da",
        "de",
        "del",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "la",
        "le",
        "ten",
        "ter",
        "van",
        "von",
    }
)


def _surname(author: str) -> str:
    """Give the last name of ``First Last`` or ``Last, First``, with ``van`` and the like."""
    last, comma, _ = author.partition(",")
    if comma:
        return last.strip()
    *before, surname = author.split()
    while before and before[-1].casefold() in _PARTICLES:
        surname = f"{before.pop()} {surname}"
    return surname


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
        lent: dict[str, list[nodes.footnote]] = {}
        for name in record.objects.ids("paper") if record else ():
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
