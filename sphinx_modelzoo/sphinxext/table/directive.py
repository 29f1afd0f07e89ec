"""The directive ``zoo:table``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from sphinx_modelzoo.manifest.model import Place, Zoo
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.sphinxext.directive import from_source_folder, missing_file
from sphinx_modelzoo.sphinxext.messages import Subtype, suggest, warn
from sphinx_modelzoo.sphinxext.nodes import zoo_table
from sphinx_modelzoo.sphinxext.results import ResultsDirective
from sphinx_modelzoo.sphinxext.table.best import has_best
from sphinx_modelzoo.sphinxext.table.columns import Row, columns_of, default_columns
from sphinx_modelzoo.sphinxext.table.rows import Selection, select

_SEPARATORS = re.compile(r"[\s,]+")


class TableDirective(ResultsDirective):
    """``.. zoo:table:: [DATASET]`` shows the results on a data set, or all, as a table.

    The read document holds one node; the table is filled in when the page is written.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        **(ResultsDirective.option_spec or {}),
        "columns": directives.unchanged_required,
        "widths": directives.unchanged_required,
        "sort": directives.unchanged_required,
        "limit": directives.unchanged_required,
        "best": directives.unchanged,
    }

    def show(self, zoo: Zoo) -> list[nodes.Node]:
        """Give the table, yet to be filled in; nothing where it would have no rows."""
        dataset = self.dataset
        if not self._has_rows(zoo, dataset):
            return []
        columns = self._columns(zoo, dataset)
        selection = Selection(
            dataset=dataset,
            conditions=self.conditions(zoo),
            order=self._order(zoo),
            group_by=self._group_by(zoo),
            limit=self._limit(),
        )
        with_statuses = "status" in columns or selection.needs_status()
        rows = self._rows(zoo, selection)
        if not rows:
            self.warn("no row fits the filter; relax one of its conditions", Subtype.OPTION)
            return []
        table = zoo_table(
            "",
            manifest=str(zoo.path),
            columns=columns,
            selection=selection,
            best=self._best(zoo),
            widths=self._widths(columns),
            statuses=with_statuses,
            docname=self.env.docname,
            classes=self.options.get("class", []),
        )
        self.located(table)
        messages = self.add_caption(table)
        self.add_name(table)
        if dataset:
            self.offer(table, "dataset", zoo, dataset, title=zoo.datasets[dataset].title)
        if with_statuses:
            self.domain.use_statuses(self.manifest_name, zoo, dataset, self.env.docname)
        self._note_rows(zoo, table, rows)
        return [table, *messages]

    def _has_rows(self, zoo: Zoo, dataset: str) -> bool:
        if dataset and not self.knows_dataset(zoo, dataset):
            return False
        if next(zoo.rows(dataset), None) is None:
            where = f"on the data set {dataset!r}" if dataset else "in the manifest"
            self.warn(f"there are no results {where}; add a model to the manifest", Subtype.DATASET)
            return False
        return True

    def _rows(self, zoo: Zoo, selection: Selection) -> list[Row]:
        """Give the rows that the table will show, and warn of those that its limit leaves out."""
        needed = selection.needs_status()
        statuses = self.domain.library.board(zoo).statuses if needed else None
        groups, left_out = select(zoo, selection, statuses)
        if left_out:
            count = "1 row is" if left_out == 1 else f"{left_out} rows are"
            text = f"{count} left out by 'limit: {selection.limit}'; raise it, or filter the rows"
            self.warn(text, Subtype.LIMIT)
        return [row for group in groups for row in group.rows]

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

    def _order(self, zoo: Zoo) -> tuple[str, ...]:
        known = columns_of(zoo)
        chosen = []
        for word in _words(self.options.get("sort", "")):
            key = word.removeprefix("-")
            if key in known:
                chosen.append(word)
            else:
                text = f"'sort' has no column {key!r}; {suggest(key, known)}"
                self.warn(text, Subtype.OPTION)
        return tuple(chosen)

    def _group_by(self, zoo: Zoo) -> str:
        key = str(self.options.get("group-by", "")).strip()
        known = columns_of(zoo)
        if key in ("", *known):
            return key
        self.warn(f"'group-by' has no column {key!r}; {suggest(key, known)}", Subtype.OPTION)
        return ""

    def _limit(self) -> int:
        text = str(self.options.get("limit", "")).strip()
        if text and not (text.isascii() and text.isdecimal() and int(text)):
            self.warn(f"'limit' is {text!r}; write a whole number from 1", Subtype.OPTION)
            return 0
        return int(text or 0)

    def _best(self, zoo: Zoo) -> tuple[str, ...]:
        """Give the metrics whose best numbers are marked: those named, or all that have a best."""
        if "best" not in self.options:
            return ()
        known = {key: metric for key, metric in zoo.metrics.items() if has_best(metric)}
        wanted = _words(self.options["best"] or "")
        for key in wanted:
            if key not in known:
                text = f"'best' has no metric {key!r} that says which is better"
                self.warn(f"{text}; {suggest(key, known)}", Subtype.OPTION)
        return tuple(key for key in wanted or known if key in known)

    def _note_rows(self, zoo: Zoo, table: zoo_table, rows: Sequence[Row]) -> None:
        """Remember the models that the table lists, and the files that it offers or needs."""
        docname = self.env.docname
        self.domain.note_models(zoo, (row.entry for row in rows), docname)
        offered: dict[str, Place] = {}
        for row in rows:
            for key, link in row.result.links.items():
                if link.file and key in table["columns"]:
                    offered.setdefault(link.file, link.place)
        for name, place in offered.items():
            self.domain.use_file(str(zoo.root / name), docname)
            if local_file(zoo, name):
                self.env.dlfiles.add_file(docname, from_source_folder(self.env, zoo.root / name))
            else:
                warn(missing_file(name), Subtype.FILE, str(place))
        if table["best"]:
            for path in dict.fromkeys(row.result.evidence for row in rows if row.result.evidence):
                self.domain.use_file(str(zoo.root / path), docname)
        if "status" in table["columns"]:
            self._note_receipts(zoo, docname)

    def _note_receipts(self, zoo: Zoo, docname: str) -> None:
        """Have the build copy the receipts that the statuses lead to."""
        for key, status in self.domain.library.board(zoo).statuses.items():
            if status.receipt and self.dataset in ("", key.dataset):
                self.env.dlfiles.add_file(docname, from_source_folder(self.env, status.receipt))


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(text) if word]
