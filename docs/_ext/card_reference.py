"""Directives for this documentation: what templates of cards can use, from the code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from reference_tables import Cell, code, marked, table
from sphinx.util.docutils import SphinxDirective

from sphinx_modelzoo.cards import model
from sphinx_modelzoo.cards.environment import OURS
from sphinx_modelzoo.cards.rest import REST

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_BLOCK = re.compile(r"\{% block (\w+) %\}")
_WIDTHS = (25, 75)


class CardBlocks(SphinxDirective):
    """``card-blocks::`` lists the blocks of the template."""

    def run(self) -> list[nodes.Node]:
        """Give the blocks' names in their order."""
        template = OURS / REST.template
        self.env.note_dependency(str(template))
        parts: list[nodes.Node] = []
        for name in _BLOCK.findall(template.read_text(encoding="utf-8")):
            parts += [nodes.Text(", ")] if parts else []
            parts.append(code(name))
        return [nodes.paragraph("", "", *parts, nodes.Text("."))]


class CardFilters(SphinxDirective):
    """``card-filters::`` shows the filters with their parameters."""

    def run(self) -> list[nodes.Node]:
        """Give the table of the filters."""
        rows = [
            ([code(_call(name, function))], marked(_first_sentence(function)))
            for name, function in REST.filters.items()
        ]
        return [table(("Filter", "What it gives"), _WIDTHS, rows)]


class CardFields(SphinxDirective):
    """``card-fields::`` shows the fields of a card, and of what they hold."""

    def run(self) -> list[nodes.Node]:
        """Give each type with its explanation and its fields."""
        self.env.note_dependency(str(model.__file__))
        kinds = [
            kind for kind in vars(model).values() if is_dataclass(kind) and isinstance(kind, type)
        ]
        shown: list[nodes.Node] = []
        for kind in reversed(kinds):
            shown.append(nodes.rubric("", kind.__name__))
            paragraphs = inspect.cleandoc(kind.__doc__ or "").split("\n\n")
            shown += [nodes.paragraph("", "", *marked(_plain(p))) for p in paragraphs]
            shown.append(table(("Field", "What it is"), _WIDTHS, list(_rows(kind))))
        return shown


def _rows(kind: type) -> Iterator[tuple[Cell, Cell]]:
    for field in fields(kind):
        yield [code(field.name)], [code(str(field.type))]
    for name, value in vars(kind).items():
        if isinstance(value, property):
            yield [code(name)], marked(_plain(inspect.getdoc(value) or ""))


def _call(name: str, function: object) -> str:
    """Give a filter as templates write it."""
    _, *others = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    given = ", ".join(f"{each.name}={each.default!r}" for each in others)
    return f"{name}({given})" if given else name


def _first_sentence(function: object) -> str:
    return _plain((inspect.getdoc(function) or "").partition("\n\n")[0])


def _plain(text: str) -> str:
    """Give a docstring's text on one line, code between single backticks."""
    return re.sub("`+", "`", " ".join(text.split()))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("card-blocks", CardBlocks)
    app.add_directive("card-filters", CardFilters)
    app.add_directive("card-fields", CardFields)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
