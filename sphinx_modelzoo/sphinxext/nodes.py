"""Nodes of the extension.

Those that stay in the written document are understood by every builder as the standard node that
they extend.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from sphinx_modelzoo.sphinxext.table.html import Links, rows_html


class zoo_table(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """A table of a zoo, filled in when the page is written.

    Attributes: ``manifest`` (path), ``columns`` (keys), ``selection`` (a
    :class:`~sphinx_modelzoo.sphinxext.table.rows.Selection`), ``best`` (metrics' keys), ``widths``
    (numbers; none for automatic ones), ``statuses`` (whether it needs them) and ``docname``. Its
    only child is the caption, a ``title``.
    """


class paper_citation(nodes.Inline, nodes.Element):  # noqa: N801
    """The number of a paper, resolved when the page is written.

    Attributes: ``manifest`` (path), ``paper`` (key) and ``docname``.
    """


class scroll_region(nodes.container):  # noqa: N801
    """What is around a table: it scrolls sideways where the screen is too narrow.

    Attribute: ``label``, its name for screen readers.
    """


class html_rows(nodes.Part, nodes.Element):  # noqa: N801
    """A table's head and body in builders of HTML, which need no nodes for their cells.

    Attributes: ``columns``, ``groups`` (:class:`~sphinx_modelzoo.sphinxext.table.cell.BodyGroup`),
    ``widths``, ``papers`` (page and id of each paper's entry) and ``docname``. Its text is for the
    search.
    """


def visit_scroll_region(translator: HTML5Translator, node: nodes.container) -> None:
    """Begin the region; it takes the keyboard's focus, so that arrow keys scroll it."""
    # A group, not a region: landmarks need names that are unique on their page.
    attributes = {"role": "group", "tabindex": "0", "aria-label": node["label"]}
    translator.body.append(translator.starttag(node, "div", **attributes))


def depart_scroll_region(translator: HTML5Translator, _node: nodes.container) -> None:
    """End the region."""
    translator.body.append("</div>\n")


def visit_html_rows(translator: HTML5Translator, node: html_rows) -> None:
    """Write the rows."""
    builder = translator.builder
    downloads = builder.dlpath if builder.download_support else None
    links = Links(builder, node["docname"], downloads, node["papers"])
    translator.body.append(rows_html(node["columns"], node["groups"], node["widths"], links))
    raise nodes.SkipNode
