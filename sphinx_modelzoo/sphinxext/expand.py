"""Filling in, when a page is written, what the read document only announces."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.receipts.model import Status
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.sphinxext.cells import Cells
from sphinx_modelzoo.sphinxext.citations import BOOK_FORMATS, Citations
from sphinx_modelzoo.sphinxext.columns import Kind, Row, columns_of, in_order
from sphinx_modelzoo.sphinxext.directive import from_source_folder, zoo_domain
from sphinx_modelzoo.sphinxext.grid import grid
from sphinx_modelzoo.sphinxext.nodes import paper_citation, scroll_region, zoo_table


class FillIn(SphinxPostTransform):
    """Fills in tables and the numbers of papers, before Sphinx resolves its references."""

    default_priority = 8

    def run(self, **_kwargs: object) -> None:
        """Replace each announcement in the document."""
        tables = list(self.document.findall(zoo_table))
        numbers = list(self.document.findall(paper_citation))
        builder = zoo_domain(self.env).builder
        citations = Citations(self.document, self.env, builder)
        library = zoo_domain(self.env).library
        for node in tables:
            zoo = library.manifest(node["manifest"]).zoo
            filled = [_region(node, zoo, citations, self.env, builder.format)] if zoo else []
            _replace(node, *filled)
        for number in numbers:
            zoo = library.manifest(number["manifest"]).zoo
            paper = zoo.papers.get(number["paper"]) if zoo else None
            docname, manifest = number["docname"], number["manifest"]
            cited = [citations.number(manifest, paper, docname, number)] if paper else []
            _replace(number, *cited)
        if builder.format in BOOK_FORMATS:
            _list_papers(self.document, citations)


def _replace(node: nodes.Element, *others: nodes.Node) -> None:
    """Put others in a node's place without handing its ids on, as docutils' own method would."""
    if node.parent is not None:
        index = node.parent.index(node)
        node.parent[index : index + 1] = list(others)


def _region(
    node: zoo_table, zoo: Zoo, citations: Citations, env: BuildEnvironment, form: str
) -> nodes.Element:
    """Give the filled table in its scroll region."""
    known = columns_of(zoo)
    columns = tuple(known[key] for key in node["columns"] if key in known)
    cells = Cells(
        zoo=zoo,
        columns=columns,
        citations=citations,
        docname=node["docname"],
        place=node,
        form=form,
        downloads=_downloads(zoo, node, env),
    )
    order = node["order"]
    sorted_by = [known[order.removeprefix("-")]] if order else []
    with_status = any(column.kind is Kind.STATUS for column in (*columns, *sorted_by))
    rows = in_order(zoo, _rows(zoo, node["dataset"], env, with_status=with_status), order)
    body = [[cells.cell(column, row) for column in columns] for row in rows]
    table = grid(columns, body, node["widths"], form)
    table["ids"], table["names"] = node["ids"], node["names"]
    table["classes"] += node["classes"]
    table.source, table.line = node.source, node.line
    title = next(iter(node.children), None)
    if title is not None:
        table.insert(0, title)
    dataset = zoo.datasets.get(node["dataset"])
    label = title.astext() if title is not None else dataset.title if dataset else zoo.title
    return scroll_region("", table, classes=["zoo-table"], label=label or "Models")


def _rows(zoo: Zoo, dataset: str, env: BuildEnvironment, *, with_status: bool) -> list[Row]:
    pairs = zoo.rows(dataset)
    if not with_status:
        return [Row(entry, result) for entry, result in pairs]
    known = zoo_domain(env).library.board(zoo).statuses
    rows = []
    for entry, result in pairs:
        keys = {metric: number_key(entry, result, metric) for metric in zoo.metrics}
        statuses: dict[str, Status] = {
            metric: known[key] for metric, key in keys.items() if key in known
        }
        rows.append(Row(entry, result, statuses))
    return rows


def _downloads(zoo: Zoo, node: zoo_table, env: BuildEnvironment) -> dict[str, str]:
    """Give where the build copies the files that links name; those that are missing, left out."""
    docname = node["docname"]
    files = {
        link.file
        for _, result in zoo.rows(node["dataset"])
        for key, link in result.links.items()
        if key in node["columns"] and local_file(zoo, link.file)
    }
    return {
        file: Path(
            env.dlfiles.add_file(docname, from_source_folder(env, zoo.root / file))
        ).as_posix()
        for file in sorted(files)
    }


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
