"""The stylesheet, on those pages only that show something of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_modelzoo.sphinxext.nodes import scroll_region
from sphinx_modelzoo.sphinxext.roles import STANDARD_TAGS

STATIC_FOLDER = Path(__file__).parent / "static"
STYLESHEET = "sphinx-modelzoo.css"

_CLASSES = frozenset({"zoo-grey", "zoo-status", *STANDARD_TAGS})


def offer_stylesheet(app: Sphinx) -> None:
    """Let HTML builders copy the stylesheet."""
    if app.builder.format == "html":
        app.config.html_static_path.append(str(STATIC_FOLDER))


def add_stylesheet(
    app: Sphinx, _page: str, _template: str, _context: dict[str, Any], doctree: nodes.document
) -> None:
    """Link the stylesheet from a page that needs it."""
    if doctree and any(_is_styled(node) for node in doctree.findall(nodes.Element)):
        app.add_css_file(STYLESHEET)


def _is_styled(node: nodes.Element) -> bool:
    return isinstance(node, scroll_region) or not _CLASSES.isdisjoint(node["classes"])
