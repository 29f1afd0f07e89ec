"""A zoo as a table of comma-separated values; the import of tables reads it back."""

from __future__ import annotations

import csv
import io
import re

from sphinx_modelzoo.exchange.columns import DETAIL, METRIC, PROTOCOL, is_detail, is_metric
from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.exchange.openmmlab_export import link_title
from sphinx_modelzoo.manifest.model import Entry, Metric, Paper, Result, Zoo

_CARRIED = {
    *("hashtag", "default", "weights", "sha1", "sha256", "size", "parameters", "license"),
    *("description", "papers", "tags", "note", "details", "architecture", "links"),
    *("results.protocol", "metrics.unit"),
}
_FIELDS = {
    "Hashtag": "hashtag",
    "Weights": "weights",
    "Architecture": "architecture",
    "Parameters": "parameters",
    "Size": "size",
    "License": "license",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "Description": "description",
    "Note": "note",
}
# Where a parser of reStructuredText would see markup.
_MARKUP = re.compile(r"[\\`*|]|(?<=\w)_(?!\w)|(?<!\w)_(?=\w)|^(?:[-+•#.:>=~^\"'(]|\w{1,3}[.)])")


def export_table(zoo: Zoo, losses: Losses) -> str:
    """Give the table: a row for each result."""
    losses.check(zoo, _CARRIED)
    for key, link in zoo.links.items():
        if link.text != link.title.lower():
            losses.lost(f"link {key}", "text")
    rows = [
        _row(zoo, entry, result, losses)
        for entry in zoo.entries
        for result in entry.results or (None,)
    ]
    found = {title for row in rows for title, text in row.items() if text}
    titles = [title for title in _titles(zoo) if title in found or title == "Name"]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, titles, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _titles(zoo: Zoo) -> list[str]:
    """Give all columns that the table may have, in order."""
    details = dict.fromkeys(_detail(title) for entry in zoo.entries for title in entry.details)
    settings = dict.fromkeys(
        f"{name} {PROTOCOL}" for each in zoo.protocols.values() for name in each.settings
    )
    metrics = [_metric(metric) for metric in zoo.metrics.values()]
    links = [link_title(zoo, key) for key in zoo.links]
    first = ("Name", "Default", "Tags", "Paper", "Dataset")
    return list(dict.fromkeys((*first, *settings, *details, *metrics, *_FIELDS, *links)))


def _row(zoo: Zoo, entry: Entry, result: Result | None, losses: Losses) -> dict[str, str]:
    several = sum(other.name == entry.name for other in zoo.entries) > 1
    row = {
        "Name": _cell(entry.name),
        "Default": "true" if several and entry.default else "",
        "Tags": ", ".join(entry.tags),
        "Paper": "; ".join(_paper(zoo.papers[key]) for key in entry.papers),
    }
    for title, field in _FIELDS.items():
        value = getattr(entry, field)
        if value and not (field == "architecture" and value == entry.name):
            row[title] = value if field == "weights" else _cell(str(value))
    row |= {_detail(title): _cell(text) for title, text in entry.details.items()}
    if result is None:
        return row
    row["Dataset"] = _cell(zoo.datasets[result.dataset].title)
    settings = zoo.protocols[result.protocol].settings if result.protocol else {}
    row |= {f"{name} {PROTOCOL}": _cell(str(value)) for name, value in settings.items()}
    row |= {_metric(zoo.metrics[key]): each.text for key, each in result.numbers.items()}
    for key, link in result.links.items():
        if link.file:
            losses.lost(entry.key, f"link {key}", "it leads to a file, not to an address")
        row[link_title(zoo, key)] = link.url
    return row


def _detail(title: str) -> str:
    return title if is_detail(title) else f"{title} {DETAIL}"


def _metric(metric: Metric) -> str:
    unit = f" ({metric.unit})" if metric.unit and metric.top is None else ""
    title = f"{metric.title}{unit}"
    return title if is_metric(title, metric) else f"{title} {METRIC}"


def _paper(paper: Paper) -> str:
    title = paper.title.replace(";", ",")
    if not paper.url:
        return _cell(title)
    escaped = re.sub(r"([\\`<>])", r"\\\1", title)
    return f"`{escaped} <{paper.url}>`__"


def _cell(text: str) -> str:
    """Write a text so that the import reads it as it stands."""
    return re.sub(r"([^\w\s,;/-])", r"\\\1", text) if _MARKUP.search(text) else text
