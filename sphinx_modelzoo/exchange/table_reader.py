"""Reading a table of models, row by row, into a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sphinx_modelzoo.exchange import columns as columns_of
from sphinx_modelzoo.exchange.cells import Cell, Table, TableRow
from sphinx_modelzoo.exchange.citations import paper_key
from sphinx_modelzoo.exchange.columns import Column, Holds
from sphinx_modelzoo.exchange.datasets import dataset, known_key
from sphinx_modelzoo.exchange.draft import Draft, Row
from sphinx_modelzoo.exchange.page import Page
from sphinx_modelzoo.exchange.words import (
    clean,
    count,
    hashtag_in,
    is_empty,
    read_numbers,
    slug,
    split_mark,
)
from sphinx_modelzoo.manifest.kinds import HASHTAG, NAME, PATH, URL, number_value
from sphinx_modelzoo.manifest.model import LinkTemplate, Paper, Place

_SIZE = re.compile(r"\(?\s*([0-9]{2,4})\s*[x\u00d7*]\s*([0-9]{2,4})\s*\)?")
_SIZE_BEHIND = re.compile(r"(?P<name>.*?\S)\s*\((?P<size>[0-9]{2,4}\s*[x\u00d7]\s*[0-9]{2,4})\)")


@dataclass(slots=True)
class Facts:
    """What the cells of a row have said so far."""

    place: Place
    name: str = ""
    hashtag: str = ""
    default: bool | None = None
    dataset: str = ""
    weights: str = ""
    note: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    papers: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def row(self) -> Row:
        """Give the row."""
        return Row(
            self.name,
            self.place,
            hashtag=self.hashtag or hashtag_in(self.weights),
            default=self.default,
            dataset=self.dataset,
            settings=self.settings,
            numbers=self.numbers,
            links=self.links,
            weights=self.weights,
            papers=tuple(dict.fromkeys(self.papers)),
            tags=tuple(dict.fromkeys(self.tags)),
            note=self.note,
            details=self.details,
            remarks=tuple(dict.fromkeys(self.remarks)),
            **self.facts,
        )


@dataclass(slots=True)
class TableReader:
    """The reading of one table into a draft."""

    draft: Draft
    page: Page
    table: Table
    columns: list[Column] = field(default_factory=list)
    dataset: str = ""

    def read(self) -> bool:
        """Add the table's rows; tell whether it is a table of models with any."""
        found = columns_of.columns(self.table)
        if found is None or not self.table.rows:
            return False
        self.columns = [self._declared(column) for column in found]
        for row in self.table.rows:
            made = self._row(row)
            if made is not None:
                self.draft.rows.append(made)
        return True

    def _declared(self, column: Column) -> Column:
        keys = [self.draft.add_metric(metric) for metric in column.metrics]
        if column.remark:
            self.draft.remark(column.remark, f"metrics.{keys[0]}")
        return replace(column, metrics=tuple(self.draft.metrics[key] for key in keys))

    def _row(self, row: TableRow) -> Row | None:
        cells = dict(zip(range(len(self.columns)), row.cells, strict=False))
        made = Facts(row.place)
        for number, column in enumerate(self.columns):
            cell = cells.get(number, Cell())
            filled = not is_empty(cell.text) or (column.holds is Holds.NAME and cell.text)
            if cell.links or cell.papers or filled:
                self._cell(made, column, cell)
        if not made.name:
            return None
        if not made.dataset and all(each.holds is not Holds.DATASET for each in self.columns):
            self.dataset = self.dataset or self._dataset()
            made.dataset = self.dataset
        return made.row()

    def _cell(self, made: Facts, column: Column, cell: Cell) -> None:
        made.papers += [self._paper(label, made.place) for label in cell.papers]
        made.remarks += [f"{text} leads nowhere in the source" for text in cell.unresolved]
        text = clean(cell.text)
        read: dict[Holds, Callable[[Facts, Column, Cell], None]] = {
            Holds.NAME: self._name,
            Holds.PARAMETERS: self._parameters,
            Holds.NUMBERS: self._numbers,
            Holds.LINKS: self._links,
            Holds.WEIGHTS: self._links,
            Holds.PAPERS: self._papers,
        }
        if column.holds in read:
            read[column.holds](made, column, cell)
        elif column.holds is not Holds.NOTHING:
            self._text(made, column, text)

    def _text(self, made: Facts, column: Column, text: str) -> None:
        """Take a cell that is text only."""
        match column.holds:
            case Holds.HASHTAG:
                self._hashtag(made, text)
            case Holds.DATASET:
                made.dataset = self.draft.add_dataset(dataset(text, made.place))
            case Holds.SETTING:
                made.settings |= setting(column.key, text)
            case Holds.TAGS:
                words = re.split(r"[,;\s]+", text)
                made.tags += [self.draft.add_tag(word, made.place) for word in words if word]
            case Holds.DEFAULT:
                made.default = text.lower() in {"true", "yes", "x", "1"}
            case Holds.NOTE:
                made.note = text
            case Holds.SIZE:
                made.facts["size"] = count(text)
            case Holds.DETAIL | Holds.SPLIT:
                made.details[self.draft.detail(column.title or "Remark")] = text
            case _:
                made.facts[column.holds.value] = text

    def _name(self, made: Facts, column: Column, cell: Cell) -> None:
        del column
        name, mark = split_mark(clean(cell.text))
        sized = _SIZE_BEHIND.fullmatch(name)
        if sized:
            name = sized["name"]
            made.settings |= setting("input_size", sized["size"])
            name, mark = split_mark(name) if not mark else (name, mark)
        if mark:
            made.note = self.page.footnotes.get(mark, "") or f"The source marks it with {mark}."
        if "@" in name:
            made.remarks.append(f"{name!r} in the source: a name has no @ here")
            name = name.replace("@", "-")
        made.name = name if NAME.convert(name) else ""
        for role, marked in cell.roles.items():
            if marked and split_mark(marked)[0] == name:
                made.tags.append(self._tag(role, made.place))
                made.default = False

    def _tag(self, role: str, place: Place) -> str:
        if slug(role, separator="-") not in self.draft.tags:
            section = f"tags.{slug(role, separator='-')}"
            remark = (
                f"what the role {role!r} shows stands in the source's style sheet: say it as text"
            )
            self.draft.remark(remark, section)
        return self.draft.add_tag(role, place, style="grey")

    def _hashtag(self, made: Facts, text: str) -> None:
        if HASHTAG.convert(text):
            made.hashtag = text
        else:
            made.remarks.append(f"not a hashtag: {text}")

    def _parameters(self, made: Facts, column: Column, cell: Cell) -> None:
        text = clean(cell.text)
        number = count(text, column.scale)
        if number is None:
            made.details[column.title] = text
        made.facts["parameters"] = number

    def _numbers(self, made: Facts, column: Column, cell: Cell) -> None:
        found = read_numbers(clean(cell.text))
        if found is None:
            made.remarks.append(f"{column.title}: {clean(cell.text)}, which is no number")
            return
        if found.mark:
            said = self.page.footnotes.get(found.mark, f"marked with {found.mark} in the source")
            made.remarks.append(f"{column.title}: {said}")
        if len(found.texts) > len(column.metrics):
            made.remarks.append(f"{column.title}: {clean(cell.text)} holds more than its header")
        for metric, number in zip(column.metrics, found.texts, strict=False):
            made.numbers[metric.key] = number
        for text, target in cell.links:
            title = f"{column.title} report"
            self._link(
                made, slug(title), title, text if number_value(text) is None else "report", target
            )

    def _links(self, made: Facts, column: Column, cell: Cell) -> None:
        several = len(cell.links) > 1
        shown = clean(cell.text)
        links = ((shown, shown),) if URL.convert(shown) else cell.links
        if not links and column.holds is Holds.WEIGHTS and PATH.convert(shown):
            made.weights = shown
        elif not links:
            made.remarks.append(f"{column.title}: {shown}")
        for text, target in links:
            is_weights = column.holds is Holds.WEIGHTS or columns_of.is_weights(target)
            if not made.weights and is_weights and URL.convert(target):
                made.weights = target
            elif several:
                self._link(made, columns_of.link_key(text), text.title(), text, target)
            else:
                shown = column.title.lower() if text == target else text
                self._link(made, column.key or slug(column.title), column.title, shown, target)

    def _link(self, made: Facts, key: str, title: str, text: str, target: str) -> None:
        if not URL.convert(target):
            made.remarks.append(f"{title}: {target} is no address")
            return
        title = title or "Link"
        link = LinkTemplate(key, made.place, title, text or title.lower(), url=target)
        made.links[self.draft.add_link(link)] = target

    def _papers(self, made: Facts, column: Column, cell: Cell) -> None:
        """Take papers by their titles and addresses where the cell holds no citation."""
        del column
        if cell.papers:
            return
        named = {title: "" for title in clean(cell.text).split("; ") if title}
        for title, target in {**named, **dict(cell.links)}.items():
            key = paper_key((), None, title)
            paper = Paper(key, 0, title, made.place, url=target)
            made.papers.append(self.draft.add_paper(paper))

    def _paper(self, label: str, place: Place) -> str:
        paper, remark = self.page.paper(label, place)
        key = self.draft.add_paper(paper)
        if remark:
            self.draft.remark(remark, f"papers.{key}")
        return key

    def _dataset(self) -> str:
        """Give the data set of a table that names none: from its headings, else its file."""
        file = Path(self.table.file).stem
        headings = self.table.headings
        named = [title for title in reversed(headings) if known_key(title)]
        named += [title for title in headings if re.search(r"data ?set", title, re.IGNORECASE)]
        if not named and not known_key(file):
            if known_key(self.page.title):
                return self.draft.add_dataset(dataset(self.page.title, self.table.place))
            title = headings[0] if headings else self.page.title or file
            remark = "the source does not say on which data set: this is where its table stands"
            made = self.draft.add_dataset(dataset(title, self.table.place))
            self.draft.remark(remark, f"datasets.{made}")
            return made
        title = named[0] if named else _data_words(file)
        notes = self.page.notes(self.table.headings, self.draft)
        return self.draft.add_dataset(dataset(title, self.table.place, notes=notes))


def setting(key: str, text: str) -> dict[str, str]:
    """Give a protocol's setting; the size of a square is one number."""
    size = _SIZE.fullmatch(text)
    if key != "input_size":
        return {key: text}
    if size is None:
        return {"input_size": text} if text.isdecimal() else {"resolution": text}
    height, width = size.groups()
    return {"input_size": height} if height == width else {"resolution": f"{height}x{width}"}


def _data_words(stem: str) -> str:
    """Give the part of a file's name that names a data set: ``Kinetics400_torch``."""
    words = [word for word in stem.split("_") if known_key(word)]
    return words[0] if words else stem
