"""The cells of a table, as nodes that every builder knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes

from sphinx_modelzoo.manifest.model import Link, Zoo
from sphinx_modelzoo.sphinxext.citations import Citations
from sphinx_modelzoo.sphinxext.columns import Column, Kind, Row, text_of
from sphinx_modelzoo.sphinxext.roles import tagged_name
from sphinx_modelzoo.sphinxext.status import status_node


@dataclass(frozen=True, slots=True)
class Cells:
    """Makes the cells of one table.

    ``docname`` is the page of the table, ``place`` the node that warnings point to, ``form`` the
    builder's format, and ``downloads`` maps a link's file to where the build copies it.
    """

    zoo: Zoo
    columns: tuple[Column, ...]
    citations: Citations
    docname: str
    place: nodes.Node
    form: str
    downloads: Mapping[str, str]

    def cell(self, column: Column, row: Row) -> nodes.entry:
        """Give a cell; it is empty where there is nothing to show."""
        match column.kind:
            case Kind.NAME:
                return _cell(self._name(row))
            case Kind.PAPER:
                return _cell(self._numbers(row))
            case Kind.STATUS:
                return nodes.entry("", *self._statuses(row))
            case Kind.LINK:
                link = row.result.links.get(column.key)
                return _cell([self._link(link)] if link else [])
            case _:
                text = text_of(self.zoo, column, row)
                return _cell([nodes.Text(text)] if text else [])

    def _name(self, row: Row) -> list[nodes.Node]:
        """Give the name; the papers' numbers follow it unless they have their own column."""
        tags = (self.zoo.tags[key] for key in row.entry.tags)
        name = tagged_name(row.entry.name, tags)
        if any(column.kind is Kind.PAPER for column in self.columns):
            return name
        numbers = self._numbers(row)
        return _joined([*name, nodes.Text(" "), *numbers]) if numbers else name

    def _numbers(self, row: Row) -> list[nodes.Node]:
        parts: list[nodes.Node] = []
        for key in row.entry.papers:
            if parts:
                parts.append(nodes.Text(" "))
            paper = self.zoo.papers[key]
            manifest = str(self.zoo.path)
            parts.append(self.citations.number(manifest, paper, self.docname, self.place))
        return parts

    def _link(self, link: Link) -> nodes.Node:
        if link.url:
            return nodes.reference(
                link.text, link.text, name=link.text, refuri=link.url, internal=False
            )
        if link.file not in self.downloads:
            return nodes.Text(link.text)
        return addnodes.download_reference(
            link.text, link.text, filename=self.downloads[link.file], reftarget=link.file
        )

    def _statuses(self, row: Row) -> list[nodes.paragraph]:
        """Give the status of each number that the table shows, or of all where it shows none."""
        shown = {column.key for column in self.columns if column.kind is Kind.METRIC}
        found = {key: row.statuses[key] for key in row.statuses if not shown or key in shown}
        paragraphs = []
        for key, status in found.items():
            title = [nodes.Text(f"{self.zoo.metrics[key].title}: ")] if len(found) > 1 else []
            paragraphs.append(nodes.paragraph("", "", *title, status_node(status, self.form)))
        return paragraphs


def _cell(parts: list[nodes.Node]) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", *parts)) if parts else nodes.entry("")


def _joined(parts: list[nodes.Node]) -> list[nodes.Node]:
    """Give parts with texts that stand side by side as one text."""
    joined: list[nodes.Node] = []
    for part in parts:
        if isinstance(part, nodes.Text) and joined and isinstance(joined[-1], nodes.Text):
            joined[-1] = nodes.Text(joined[-1] + part)
        else:
            joined.append(part)
    return joined
