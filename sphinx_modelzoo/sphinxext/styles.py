"""The stylesheet and the script, on those pages only that show something of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from sphinx_modelzoo.sphinxext.nodes import scroll_region
from sphinx_modelzoo.sphinxext.table.tagging import STANDARD_TAGS

STATIC_FOLDER = Path(__file__).parent / "static"
STYLESHEET = "sphinx-modelzoo.css"
SCRIPT = "sphinx-modelzoo.js"


def offer_files(app: Sphinx) -> None:
    """Let HTML builders copy the stylesheet, and the script where readers' programs run one."""
    if app.builder.format == "html":
        app.config.html_static_path.append(str(STATIC_FOLDER / STYLESHEET))
    if _runs_scripts(app):
        app.config.html_static_path.append(str(STATIC_FOLDER / SCRIPT))


def add_files(
    app: Sphinx, _page: str, _template: str, _context: dict[str, Any], doctree: nodes.document
) -> None:
    """Link them from a page that needs them: the script from pages with a table."""
    if not doctree:
        return
    has_table = any(True for _ in doctree.findall(scroll_region))
    if has_table or any(_is_styled(node) for node in doctree.findall(nodes.Element)):
        app.add_css_file(STYLESHEET)
    if has_table and _runs_scripts(app):
        app.add_js_file(SCRIPT, loading_method="defer")


def _is_styled(node: nodes.Element) -> bool:
    return any(name in STANDARD_TAGS or name.startswith("zoo-") for name in node["classes"])


def _runs_scripts(app: Sphinx) -> bool:
    """Tell whether pages are for a browser; a book such as an EPUB has no scripts."""
    return isinstance(app.builder, StandaloneHTMLBuilder) and not app.builder.embedded
