"""Nodes of the extension.

Those that stay in the written document are understood by every builder as the standard node that
they extend.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator


class zoo_table(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """A table of a zoo, filled in when the page is written.

    Attributes: ``manifest`` (path), ``dataset``, ``columns`` (keys), ``widths`` (numbers; none
    for automatic ones), ``order`` and ``docname``. Its only child is the caption, a ``title``.
    """


class paper_citation(nodes.Inline, nodes.Element):  # noqa: N801
    """The number of a paper, resolved when the page is written.

    Attributes: ``manifest`` (path), ``paper`` (key) and ``docname``.
    """


class scroll_region(nodes.container):  # noqa: N801
    """What is around a table: it scrolls sideways where the screen is too narrow.

    Attribute: ``label``, its name for screen readers.
    """


class column_heading(nodes.entry):  # noqa: N801
    """A cell of a table's head."""


def visit_scroll_region(translator: HTML5Translator, node: scroll_region) -> None:
    """Begin the region; it takes the keyboard's focus, so that arrow keys scroll it."""
    attributes = {"role": "region", "tabindex": "0", "aria-label": node["label"]}
    translator.body.append(translator.starttag(node, "div", **attributes))


def depart_scroll_region(translator: HTML5Translator, _node: scroll_region) -> None:
    """End the region."""
    translator.body.append("</div>\n")


def visit_column_heading(translator: HTML5Translator, node: column_heading) -> None:
    """Begin a heading: docutils' own tag, and ``scope``, which docutils does not write."""
    translator.visit_entry(node)
    translator.body[-1] = translator.body[-1].replace("<th", '<th scope="col"', 1)


def depart_column_heading(translator: HTML5Translator, node: column_heading) -> None:
    """End a heading."""
    translator.depart_entry(node)
