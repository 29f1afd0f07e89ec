"""The nodes of plots, and how they are written to a page of HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from sphinx_modelzoo.plots.model import Plot
from sphinx_modelzoo.plots.svg import inline_svg
from sphinx_modelzoo.plots.table import columns, rows
from sphinx_modelzoo.sphinxext.table.html import address


class zoo_plot(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """A plot of a zoo, drawn when the page is written.

    Attributes: ``manifest`` (path), ``choice`` (:class:`~sphinx_modelzoo.plots.points.Choice`),
    ``selection`` (:class:`~sphinx_modelzoo.sphinxext.table.rows.Selection`), ``alt`` (the text
    alternative, empty for our own) and ``docname``. Its only child is the caption, a ``title``.
    """


class plot_drawing(nodes.General, nodes.Element):  # noqa: N801
    """A drawing on a page of HTML.

    Attributes: ``scene``, ``key`` (begins its ids), ``docname``, and ``targets``: the page and id
    that each point leads to, by the point's key.
    """


class plot_data(nodes.General, nodes.Element):  # noqa: N801
    """A plot's data, folded away below its drawing on a page of HTML.

    Attributes: ``plot``, ``docname`` and ``targets`` as :class:`plot_drawing` has them. Its text is
    for the search.
    """


def visit_plot_drawing(translator: HTML5Translator, node: plot_drawing) -> None:
    """Write the drawing in a region that scrolls where the screen is too narrow."""
    title = escape(node["scene"].title)
    svg = inline_svg(node["scene"], node["key"], _links(translator, node))
    region = f'<div class="zoo-scroll" role="group" tabindex="0" aria-label="{title}">'
    translator.body.append(f"{region}\n{svg}\n</div>\n")
    raise nodes.SkipNode


def visit_plot_data(translator: HTML5Translator, node: plot_data) -> None:
    """Write the data; a reader opens them with a key or a click."""
    plot = node["plot"]
    count = len(plot.points)
    summary = f"Data: {count} point{'s' if count != 1 else ''}"
    table = data_html(plot, _links(translator, node))
    translator.body.append(f"<details>\n<summary>{summary}</summary>\n{table}</details>\n")
    raise nodes.SkipNode


def data_html(plot: Plot, links: Mapping[str, str]) -> str:
    """Give a plot's data as a table of HTML in a region that scrolls."""
    head = "".join(f'<th class="head" scope="col">{escape(title)}</th>' for title in columns(plot))
    lines = []
    for point, (label, *cells) in zip(plot.points, rows(plot), strict=True):
        name, link = escape(label), links.get(point.key)
        first = f'<a class="reference internal" href="{escape(link)}">{name}</a>' if link else name
        others = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        lines.append(f'<tr><th scope="row">{first}</th>{others}</tr>')
    body = "\n".join(lines)
    label = f"{escape(plot.title)}: data"
    return (
        f'<div class="zoo-table" role="group" tabindex="0" aria-label="{label}">\n'
        f'<table class="docutils zoo-plain">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n'
        "</tbody>\n</table>\n</div>\n"
    )


def _links(translator: HTML5Translator, node: plot_drawing | plot_data) -> dict[str, str]:
    """Give the address that each point leads to from the page."""
    return {
        key: address(translator.builder, node["docname"], *target)
        for key, target in node["targets"].items()
    }
