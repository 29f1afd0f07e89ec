"""Everything that the extension registers with Sphinx."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

import sphinx_modelzoo
from sphinx_modelzoo.sphinxext import nodes, rebuild, styles
from sphinx_modelzoo.sphinxext.cards.directive import register_cards
from sphinx_modelzoo.sphinxext.config import add_config_values, check_config
from sphinx_modelzoo.sphinxext.domain import ZooDomain
from sphinx_modelzoo.sphinxext.expand import FillIn
from sphinx_modelzoo.sphinxext.papers import LendPaperNumbers
from sphinx_modelzoo.sphinxext.plot import nodes as plot_nodes
from sphinx_modelzoo.sphinxext.plot.drawing import DrawPlots
from sphinx_modelzoo.sphinxext.references.broken_links import warn_of_broken_links
from sphinx_modelzoo.sphinxext.references.roles import warn_of_missing
from sphinx_modelzoo.sphinxext.roles import StandardTagRole
from sphinx_modelzoo.sphinxext.table.tagging import STANDARD_TAGS


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
    app.add_node(nodes.html_rows, html=(nodes.visit_html_rows, None))
    app.add_transform(LendPaperNumbers)
    app.add_post_transform(FillIn)
    app.add_enumerable_node(plot_nodes.zoo_plot, "figure")
    app.add_node(plot_nodes.plot_drawing, html=(plot_nodes.visit_plot_drawing, None))
    app.add_node(plot_nodes.plot_data, html=(plot_nodes.visit_plot_data, None))
    app.add_post_transform(DrawPlots)

    app.connect("builder-inited", rebuild.prepare_domain)
    register_cards(app)
    app.connect("builder-inited", styles.offer_files)
    app.connect("env-get-outdated", rebuild.outdated_pages)
    app.connect("env-before-read-docs", rebuild.before_reading)
    app.connect("env-updated", rebuild.pages_to_write)
    app.connect("warn-missing-reference", warn_of_missing)
    app.connect("build-finished", warn_of_broken_links)
    app.connect("html-page-context", styles.add_files)

    app.connect("build-finished", rebuild.let_zoos_go)

    return {
        "version": sphinx_modelzoo.__version__,
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
