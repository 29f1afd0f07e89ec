"""Everything that the extension registers with Sphinx."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

import sphinx_modelzoo
from sphinx_modelzoo.sphinxext import nodes, rebuild, styles
from sphinx_modelzoo.sphinxext.config import add_config_values, check_config
from sphinx_modelzoo.sphinxext.domain import ZooDomain
from sphinx_modelzoo.sphinxext.expand import FillIn
from sphinx_modelzoo.sphinxext.papers import LendPaperNumbers
from sphinx_modelzoo.sphinxext.roles import STANDARD_TAGS, StandardTagRole


def register(app: Sphinx) -> ExtensionMetadata:
    """Register the extension: configuration, domain, nodes, transforms, events."""
    add_config_values(app)
    app.connect("config-inited", check_config)

    app.add_domain(ZooDomain)
    for name, tag in STANDARD_TAGS.items():
        # In Sphinx's standard domain they win over a page's own ``.. role::`` of the same name,
        # which docutils would otherwise keep for all pages that are read after it.
        app.add_role_to_domain("std", name, StandardTagRole(tag))

    app.add_enumerable_node(nodes.zoo_table, "table")
    app.add_node(nodes.paper_citation)
    app.add_node(nodes.scroll_region, html=(nodes.visit_scroll_region, nodes.depart_scroll_region))
    app.add_node(
        nodes.column_heading, html=(nodes.visit_column_heading, nodes.depart_column_heading)
    )
    app.add_transform(LendPaperNumbers)
    app.add_post_transform(FillIn)

    app.connect("builder-inited", rebuild.prepare_domain)
    app.connect("builder-inited", styles.offer_stylesheet)
    app.connect("env-get-outdated", rebuild.outdated_pages)
    app.connect("env-before-read-docs", rebuild.read_before_forking)
    app.connect("env-updated", rebuild.pages_to_write)
    app.connect("html-page-context", styles.add_stylesheet)

    return {
        "version": sphinx_modelzoo.__version__,
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
