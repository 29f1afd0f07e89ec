"""From the node that announces a table to the filled table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.environment import BuildEnvironment

from sphinx_modelzoo.manifest.loading import load_line
from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.receipts.model import NumberKey
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.sphinxext.citations import Citations
from sphinx_modelzoo.sphinxext.directive import from_source_folder, zoo_domain
from sphinx_modelzoo.sphinxext.nodes import html_rows, scroll_region, zoo_table
from sphinx_modelzoo.sphinxext.table.best import Best, find_best
from sphinx_modelzoo.sphinxext.table.cell import BodyGroup, BodyRow, Piece
from sphinx_modelzoo.sphinxext.table.cells import BEST, Cells
from sphinx_modelzoo.sphinxext.table.columns import Column, Kind, Row, columns_of
from sphinx_modelzoo.sphinxext.table.evidence import EvidenceShelf
from sphinx_modelzoo.sphinxext.table.grid import grid, titled
from sphinx_modelzoo.sphinxext.table.pieces import piece_node
from sphinx_modelzoo.sphinxext.table.rows import Group, select


class TableFiller:
    """Fills the tables of one written document."""

    def __init__(self, env: BuildEnvironment, citations: Citations) -> None:
        self._env = env
        self._citations = citations
        self._domain = zoo_domain(env)
        self._builder = self._domain.builder
        self._anchors = self._domain.anchors()

    def filled(self, node: zoo_table, zoo: Zoo) -> list[nodes.Element]:
        """Give the table in its scroll region, and below it what its marks mean."""
        known = columns_of(zoo)
        columns = tuple(known[key] for key in node["columns"] if key in known)
        selection = node["selection"]
        statuses = self._domain.library.board(zoo).statuses if node["statuses"] else None
        groups, _ = select(zoo, selection, statuses)
        best = self._best(node, zoo, groups)
        body = self._body(node, zoo, columns, groups, best)
        table = self._table(node, zoo, columns, body)
        table["ids"], table["names"] = node["ids"], node["names"]
        table["classes"] += [*node["classes"], "zoo-rows"]
        table.source, table.line = node.source, node.line
        title = next(iter(node.findall(nodes.title)), None)
        dataset = zoo.datasets.get(selection.dataset)
        label = title.astext() if title is not None else dataset.title if dataset else zoo.title
        region = scroll_region("", table, classes=["zoo-table"], label=label or "Models")
        shown = titled(title, table, region, self._builder.format)
        return [*shown, *self._legend(best)]

    def _best(self, node: zoo_table, zoo: Zoo, groups: list[Group]) -> Best | None:
        metrics = [zoo.metrics[key] for key in node["best"] if key in zoo.metrics]
        if not metrics:
            return None
        rows = [row for group in groups for row in group.rows]
        return find_best(zoo, metrics, rows, EvidenceShelf(zoo).outcomes)

    def _body(
        self,
        node: zoo_table,
        zoo: Zoo,
        columns: tuple[Column, ...],
        groups: list[Group],
        best: Best | None,
    ) -> list[BodyGroup]:
        docname, manifest = node["docname"], str(zoo.path)
        rows = [row for group in groups for row in group.rows]
        marked = best.numbers if best else frozenset[NumberKey]()

        def home(entry: Entry) -> tuple[str, str] | None:
            card = self._domain.card("model", manifest, entry.key)
            return card or self._domain.card("model", manifest, entry.name)

        cells = Cells(
            zoo=zoo,
            columns=columns,
            downloads=self._downloads(zoo, rows, columns, docname),
            receipts=self._receipts(rows, docname) if "status" in node["columns"] else {},
            home=home,
            best=lambda metric, row: number_key(row.entry, row.result, metric) in marked,
        )

        def body_row(row: Row) -> BodyRow:
            return BodyRow(
                cells=tuple(cells.cell(column, row) for column in columns),
                target=self._anchors.take(docname, manifest, row.entry),
                load=load_line(zoo, row.entry),
            )

        return [BodyGroup(group.title, tuple(map(body_row, group.rows))) for group in groups]

    def _table(
        self, node: zoo_table, zoo: Zoo, columns: tuple[Column, ...], body: list[BodyGroup]
    ) -> nodes.table:
        docname, manifest, form = node["docname"], str(zoo.path), self._builder.format
        if form != "html":

            def make(piece: Piece) -> nodes.Node:
                if piece.paper:
                    paper = zoo.papers[piece.paper]
                    return self._citations.number(manifest, paper, docname, node)
                return piece_node(piece, form, lambda target: self._link(docname, target, piece))

            return grid(columns, body, node["widths"], form, make)
        cited = dict.fromkeys(
            piece.paper
            for group in body
            for row in group.rows
            for cell in row.cells
            for line in cell.lines
            for piece in line
            if piece.paper
        )
        rows = html_rows(
            "",
            nodes.Text(" ".join(_findable(body, columns))),
            columns=columns,
            groups=body,
            widths=node["widths"],
            papers={
                key: self._citations.home(manifest, zoo.papers[key], docname, node) for key in cited
            },
            docname=docname,
        )
        given = "colwidths-given" if node["widths"] else "colwidths-auto"
        return nodes.table("", rows, classes=[given])

    def _link(self, docname: str, target: tuple[str, str], piece: Piece) -> nodes.Node:
        return self._citations.link(docname, target, nodes.Text(piece.text))

    def _legend(self, best: Best | None) -> list[nodes.paragraph]:
        """Say below the table what its marks mean."""
        if best is None or not best.numbers:
            return []
        mark = piece_node(BEST, self._builder.format)
        text = nodes.Text(f" {best.words()}")
        return [nodes.paragraph("", "", mark, text, classes=["zoo-legend"])]

    def _downloads(
        self, zoo: Zoo, rows: list[Row], columns: tuple[Column, ...], docname: str
    ) -> dict[str, str]:
        """Give where the build copies the files that links name; those missing are left out."""
        kinds = {column.key for column in columns if column.kind is Kind.LINK}
        files = {
            link.file
            for row in rows
            for key, link in row.result.links.items()
            if link.file and key in kinds
        }
        return {
            file: self._copy(zoo.root / file, docname)
            for file in sorted(files)
            if local_file(zoo, file)
        }

    def _receipts(self, rows: list[Row], docname: str) -> dict[Path, str]:
        """Give where the build copies the receipts."""
        files = {
            status.receipt for row in rows for status in row.statuses.values() if status.receipt
        }
        return {file: self._copy(file, docname) for file in sorted(files)}

    def _copy(self, file: Path, docname: str) -> str:
        copied = self._env.dlfiles.add_file(docname, from_source_folder(self._env, file))
        return Path(copied).as_posix()


def _findable(body: list[BodyGroup], columns: tuple[Column, ...]) -> Iterator[str]:
    """Give the names by which the search finds rows; those with an id are found as objects."""
    named = [at for at, column in enumerate(columns) if column.kind is Kind.NAME]
    for group in body:
        for row in group.rows:
            if not row.target:
                yield from (row.cells[at].text for at in named)
