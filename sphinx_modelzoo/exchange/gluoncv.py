"""GluonCV's model zoo: pages in reStructuredText, and the tables of values behind them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from sphinx_modelzoo.exchange.cells import tables
from sphinx_modelzoo.exchange.draft import Draft
from sphinx_modelzoo.exchange.page import UNKNOWN, Page, read_page
from sphinx_modelzoo.exchange.rest import parse_page, parse_table
from sphinx_modelzoo.exchange.source import read_text, wrong
from sphinx_modelzoo.exchange.table_reader import TableReader

_GLUONCV = re.compile(r"gluon[-_]?cv|/gluon/", re.IGNORECASE)


def import_page(path: Path, draft: Draft) -> None:
    """Add the models of a page to a draft.

    Raises:
        CallError: the page cannot be read.
        ExchangeError: the page is damaged, or has no table of models.
    """
    document = parse_page(path)
    page = read_page(document, path)
    page.add_papers(draft)
    found = [TableReader(draft, page, table).read() for table in tables(document, str(path))]
    if not any(found):
        what = "no table of models: none has a column of names and one of numbers or hashtags"
        raise wrong(what, "name a page whose tables begin with 'Name' or 'Model'", path)
    draft.title = draft.title or page.title
    page.add_usage(draft)
    draft.drop_papers()
    _finish(read_text(path), draft)


def import_table(path: Path, draft: Draft) -> None:
    """Add the models of a table of comma-separated values to a draft.

    Raises:
        CallError: the table cannot be read.
        ExchangeError: it is damaged, or not a table of models.
    """
    text = read_text(path)
    page = Page(scope=_scope(path, draft))
    found = []
    if text.strip():
        document = parse_table(path, delimiter(text))
        found = [TableReader(draft, page, table).read() for table in tables(document, str(path))]
    if not any(found):
        what = "not a table of models: it needs a column of names and one of numbers or hashtags"
        raise wrong(what, "give the columns titles, such as Name, Top-1, Hashtag", path)
    _finish(text, draft)


def _scope(path: Path, draft: Draft) -> str:
    """Tell whose citations a table's are: the tables of one folder are taken as one page's."""
    folder = path.resolve().parent.name
    if folder not in draft.folders:
        draft.folders.append(folder)
    return folder if draft.folders.index(folder) else ""


def delimiter(text: str) -> str:
    """Give what stands between a table's values: a comma, a semicolon or a tab."""
    first = next(iter(text.splitlines()), "")
    try:
        return csv.Sniffer().sniff(first, delimiters=",;\t").delimiter
    except csv.Error:
        return ","


def _finish(text: str, draft: Draft) -> None:
    if not draft.loader and _GLUONCV.search(text):
        draft.loader = "gluoncv"
    draft.recognizer = draft.recognizer or draft.loader
    _sort_unknown(draft)


def _sort_unknown(draft: Draft) -> None:
    """Put papers that are only numbers behind the others, in their numbers' order."""
    unknown = [key for key in draft.papers if key.startswith(UNKNOWN)]
    if unknown:
        draft.remark("these papers are cited by number only: write what they are", "papers")
    for key in sorted(unknown, key=lambda each: (len(each), each)):
        draft.papers[key] = draft.papers.pop(key)
