"""What cards are made with beside the standard nodes: their tables, and a status with its mark."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator

from sphinx_modelzoo.receipts.model import StatusKind
from sphinx_modelzoo.receipts.words import MARKS
from sphinx_modelzoo.sphinxext.nodes import depart_scroll_region, visit_scroll_region
from sphinx_modelzoo.sphinxext.table.status import FORMULAS

_TABLES = {"zoo-results": "Results", "zoo-facts": "Weights", "zoo-history": "History"}


class card_table(nodes.container):  # noqa: N801 - docutils names nodes so
    """What is around a card's table, as around a zoo's; nothing in it is sorted or filtered.

    Attribute: ``label``, its name for screen readers.
    """


class heading_cell(nodes.entry):  # noqa: N801 - docutils names nodes so
    """A heading of a card's table. Attribute: ``scope``, whether it is of a column or of a row."""


def visit_html_heading(translator: HTML5Translator, node: heading_cell) -> None:
    """Begin a heading: docutils' own tag, and ``scope``, which docutils does not write."""
    translator.visit_entry(node)
    translator.body[-1] = translator.body[-1].replace("<th", f'<th scope="{node["scope"]}"', 1)


def depart_html_heading(translator: HTML5Translator, node: heading_cell) -> None:
    """End a heading."""
    translator.depart_entry(node)


class status_mark(nodes.inline):  # noqa: N801 - docutils names nodes so
    """The shape before a status in words. Attribute: ``formula``, which LaTeX has for it."""


def visit_latex_mark(translator: LaTeXTranslator, node: status_mark) -> None:
    """Write the mark as a formula."""
    translator.body.append(rf"\({node['formula']}\)")
    raise nodes.SkipNode


def depart_latex_mark(_translator: LaTeXTranslator, _node: status_mark) -> None:
    """Write nothing: the visit has written all."""


class StatusRole(SphinxRole):
    """A status in words with its mark: ``:zoo:status:`verified 2026-11-23```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Give the status; a text that begins with none stays as it is."""
        kind = next((kind for kind in StatusKind if self.text.startswith(kind.value)), None)
        if kind is None:
            return [nodes.Text(self.text)], []
        name = f"zoo-{kind.value}"
        mark = status_mark("", MARKS[kind], classes=["zoo-mark", name], formula=FORMULAS[kind])
        text = nodes.inline("", self.text, classes=[name])
        return [nodes.inline("", "", mark, nodes.Text(" "), text, classes=["zoo-status"])], []


class ScrollTables(SphinxTransform):
    """Lets the tables of cards scroll sideways where the screen is too narrow."""

    default_priority = 500

    def apply(self, **_kwargs: object) -> None:
        """Put each table into a scroll region."""
        for table in list(self.document.findall(nodes.table)):
            kind = next((_TABLES[name] for name in table["classes"] if name in _TABLES), "")
            if kind:
                label = _label(table, kind)
                _mark_headings(table)
                parent, index = table.parent, table.parent.index(table)
                parent[index] = card_table(
                    "", table, classes=["zoo-table", "zoo-still"], label=label
                )


def _label(table: nodes.table, kind: str) -> str:
    """Give a table's name: what it holds, with the title of its section where that says more."""
    section: nodes.Element | None = table.parent
    while section is not None and not isinstance(section, nodes.section):
        section = section.parent
    title = section.next_node(nodes.title) if section is not None else None
    said = title.astext() if title is not None else kind
    return kind if said == kind else f"{kind} {said}"


def _mark_headings(table: nodes.table) -> None:
    """Say of each heading what it is of: those at the top of columns, those at the side of rows."""
    stubs = [bool(spec.get("stub")) for spec in table.findall(nodes.colspec)]
    for row in list(table.findall(nodes.row)):
        at_top = isinstance(row.parent, nodes.thead)
        for index, cell in enumerate(row.children):
            if isinstance(cell, nodes.entry) and (at_top or stubs[index]):
                scope = "col" if at_top else "row"
                row[index] = heading_cell("", *cell.children, scope=scope)


def register_nodes(app: Sphinx) -> None:
    """Register the nodes and the transform of cards."""
    app.add_node(heading_cell, html=(visit_html_heading, depart_html_heading))
    app.add_node(card_table, html=(visit_scroll_region, depart_scroll_region))
    app.add_node(status_mark, latex=(visit_latex_mark, depart_latex_mark))
    app.add_transform(ScrollTables)
