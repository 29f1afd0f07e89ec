"""The directive ``zoo:table``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from sphinx_modelzoo.manifest.model import Place, Zoo
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.sphinxext.columns import columns_of, default_columns
from sphinx_modelzoo.sphinxext.directive import ZooDirective, from_source_folder, missing_file
from sphinx_modelzoo.sphinxext.messages import Subtype, suggest, warn
from sphinx_modelzoo.sphinxext.nodes import zoo_table

_SEPARATORS = re.compile(r"[\s,]+")


class TableDirective(ZooDirective):
    """``.. zoo:table:: [DATASET]`` shows the results on a data set, or all, as a table.

    The read document holds one node; the table is filled in when the page is written.
    """

    optional_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        **(ZooDirective.option_spec or {}),
        "columns": directives.unchanged_required,
        "widths": directives.unchanged_required,
        "order": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "class": directives.class_option,
        "name": directives.unchanged,
    }

    def show(self, zoo: Zoo) -> list[nodes.Node]:
        """Give the table, yet to be filled in; nothing where it would have no rows."""
        dataset = self.arguments[0] if self.arguments else ""
        if not self._has_rows(zoo, dataset):
            return []
        columns = self._columns(zoo, dataset)
        table = zoo_table(
            "",
            manifest=str(zoo.path),
            dataset=dataset,
            columns=columns,
            widths=self._widths(columns),
            order=self._order(zoo),
            docname=self.env.docname,
            classes=self.options.get("class", []),
        )
        self.located(table)
        messages = self._caption(table)
        self.add_name(table)
        self._note_inputs(zoo, table)
        return [table, *messages]

    def _has_rows(self, zoo: Zoo, dataset: str) -> bool:
        if dataset and dataset not in zoo.datasets:
            text = f"there is no data set {dataset!r}; {suggest(dataset, zoo.datasets)}"
            self.warn(text, Subtype.DATASET)
            return False
        if next(zoo.rows(dataset), None) is None:
            where = f"on the data set {dataset!r}" if dataset else "in the manifest"
            self.warn(f"there are no results {where}; add a model to the manifest", Subtype.DATASET)
            return False
        return True

    def _columns(self, zoo: Zoo, dataset: str) -> tuple[str, ...]:
        wanted = _words(self.options.get("columns", ""))
        known = columns_of(zoo)
        for key in dict.fromkeys(wanted):
            if key not in known:
                self.warn(f"there is no column {key!r}; {suggest(key, known)}", Subtype.COLUMN)
        chosen = tuple(key for key in dict.fromkeys(wanted) if key in known)
        return chosen or default_columns(zoo, dataset)

    def _widths(self, columns: tuple[str, ...]) -> tuple[int, ...]:
        words = _words(self.options.get("widths", ""))
        if words in ([], ["auto"]):
            return ()
        if not all(word.isdecimal() and int(word) for word in words):
            text = "'widths' takes whole numbers from 1, or auto"
        elif len(words) != len(columns):
            text = f"'widths' has {len(words)} numbers for {len(columns)} columns"
        else:
            return tuple(int(word) for word in words)
        self.warn(f"{text}; write one number for each of: {' '.join(columns)}", Subtype.OPTION)
        return ()

    def _order(self, zoo: Zoo) -> str:
        order = str(self.options.get("order", "")).strip()
        known = columns_of(zoo)
        if order.removeprefix("-") in ("", *known):
            return order if order != "-" else ""
        wrong = order.removeprefix("-")
        text = f"'order' has no column {wrong!r}; {suggest(wrong, known)}"
        self.warn(text, Subtype.OPTION)
        return ""

    def _caption(self, table: zoo_table) -> list[nodes.Node]:
        """Add the caption, whose inline markup the page's own parser reads."""
        text = self.options.get("caption")
        if not text:
            return []
        parts, messages = self.state.inline_text(text, self.lineno)
        title = nodes.title(text, "", *parts)
        self.set_source_info(title)
        table += title
        return list(messages)

    def _note_inputs(self, zoo: Zoo, table: zoo_table) -> None:
        """Remember the files that the table offers and the statuses that it shows."""
        docname, dataset = self.env.docname, table["dataset"]
        offered: dict[str, Place] = {}
        for _, result in zoo.rows(dataset):
            for key, link in result.links.items():
                if link.file and key in table["columns"]:
                    offered.setdefault(link.file, link.place)
        for name, place in offered.items():
            self.domain.use_file(str(zoo.root / name), docname)
            if local_file(zoo, name):
                self.env.dlfiles.add_file(docname, from_source_folder(self.env, zoo.root / name))
            else:
                warn(missing_file(name), Subtype.FILE, str(place))
        if "status" in (*table["columns"], table["order"].removeprefix("-")):
            self.domain.use_statuses(self.manifest_name, zoo, dataset, docname)


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(text) if word]
