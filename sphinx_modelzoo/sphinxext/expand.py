"""Filling in, when a page is written, what the read document only announces."""

from __future__ import annotations

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_modelzoo.manifest.memory import without_collections
from sphinx_modelzoo.sphinxext.citations import BOOK_FORMATS, Citations
from sphinx_modelzoo.sphinxext.directive import zoo_domain
from sphinx_modelzoo.sphinxext.nodes import paper_citation, zoo_table
from sphinx_modelzoo.sphinxext.table.fill import TableFiller


class FillIn(SphinxPostTransform):
    """Fills in tables and the numbers of papers, before Sphinx resolves its references."""

    default_priority = 8
    env: BuildEnvironment

    def run(self, **_kwargs: object) -> None:
        """Replace each announcement in the document."""
        tables = list(self.document.findall(zoo_table))
        numbers = list(self.document.findall(paper_citation))
        domain = zoo_domain(self.env)
        citations = Citations(self.document, self.env, domain.builder)
        filler = TableFiller(self.env, citations)
        for node in tables:
            zoo = domain.library.manifest(node["manifest"]).zoo
            with without_collections():
                _replace(node, *(filler.filled(node, zoo) if zoo else []))
        for number in numbers:
            zoo = domain.library.manifest(number["manifest"]).zoo
            paper = zoo.papers.get(number["paper"]) if zoo else None
            docname, manifest = number["docname"], number["manifest"]
            cited = [citations.number(manifest, paper, docname, number)] if paper else []
            _replace(number, *cited)
        if domain.builder.format in BOOK_FORMATS:
            _list_papers(self.document, citations)


def _replace(node: nodes.Element, *others: nodes.Node) -> None:
    """Put others in a node's place without handing its ids on, as docutils' own method would."""
    if node.parent is not None:
        index = node.parent.index(node)
        node.parent[index : index + 1] = list(others)


def _list_papers(document: nodes.document, citations: Citations) -> None:
    """Make our footnotes a list where they stand, and the page's own citations of them links."""
    for reference in list(document.findall(nodes.footnote_reference)):
        home = (reference.get("docname", ""), reference.get("refid", ""))
        if home in citations.footnotes:
            cited = nodes.Text(f"[{reference.astext()}]")
            _replace(reference, citations.link(home[0], home, cited))
    for footnote in citations.footnotes.values():
        label, text = footnote.children
        target = nodes.target("", "", ids=footnote["ids"])
        number = nodes.Text(f"[{label.astext()}] ")
        _replace(footnote, nodes.paragraph("", "", target, number, *text.children))
