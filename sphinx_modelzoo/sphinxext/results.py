"""What the directives that show results have in common: which results, and a caption."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.sphinxext.directive import ZooDirective
from sphinx_modelzoo.sphinxext.messages import Subtype
from sphinx_modelzoo.sphinxext.table.columns import columns_of
from sphinx_modelzoo.sphinxext.table.conditions import Condition, ConditionError, read_conditions


class ResultsDirective(ZooDirective):
    """A directive that shows the results on a data set, its argument, or all."""

    optional_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        **(ZooDirective.option_spec or {}),
        "group-by": directives.unchanged_required,
        "filter": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "class": directives.class_option,
        "name": directives.unchanged,
    }

    @property
    def dataset(self) -> str:
        """The key of the data set; empty for all results."""
        return str(self.arguments[0]) if self.arguments else ""

    def conditions(self, zoo: Zoo) -> tuple[Condition, ...]:
        """Give the conditions of the filter, with a warning where it is wrong."""
        try:
            return read_conditions(self.options.get("filter", ""), columns_of(zoo))
        except ConditionError as error:
            self.warn(f"'filter' is passed over: {error}", Subtype.OPTION)
            return ()

    def add_caption(self, node: nodes.Element) -> list[nodes.Node]:
        """Add the caption, whose inline markup the page's own parser reads; give its messages."""
        text = self.options.get("caption")
        if not text:
            return []
        parts, messages = self.state.inline_text(text, self.lineno)
        title = nodes.title(text, "", *parts)
        self.set_source_info(title)
        node += title
        return list(messages)
