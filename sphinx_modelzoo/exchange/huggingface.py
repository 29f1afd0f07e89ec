"""Hugging Face's model cards: the metadata at the head of a ``README.md``, with ``model-index``.

The fields: https://github.com/huggingface/hub-docs/blob/main/modelcard.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from sphinx_modelzoo.exchange import measures
from sphinx_modelzoo.exchange.citations import arxiv_address
from sphinx_modelzoo.exchange.datasets import dataset as named_dataset
from sphinx_modelzoo.exchange.draft import Draft, Row
from sphinx_modelzoo.exchange.source import (
    inline,
    members,
    pairs,
    read_text,
    read_yaml,
    text,
    where,
    wrong,
)
from sphinx_modelzoo.exchange.words import clean, count, slug
from sphinx_modelzoo.manifest.kinds import (
    HASHTAG,
    KEY,
    NAME,
    SHA1,
    SHA256,
    URL,
    WEIGHTS,
    number_value,
)
from sphinx_modelzoo.manifest.model import Dataset, LinkTemplate, Metric, Paper, Place

_HEAD = re.compile(r"\s*---[ \t]*\r?\n(?P<yaml>.*?)\r?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
ZOO = "modelzoo"
"""The field of a card's metadata with what model cards have no place for."""
SOURCE = "source"
"""The kind of link that cards have for each result."""
_READ = {
    "model-index",
    "license",
    "library_name",
    "tags",
    "pipeline_tag",
    "datasets",
    "metrics",
    ZOO,
}


def import_card(path: Path, draft: Draft) -> None:
    """Add the models of a card to a draft.

    Raises:
        CallError: the card cannot be read.
        ExchangeError: it is damaged, or has no metadata.
    """
    content = read_text(path)
    head = _HEAD.match(content)
    if head is None:
        what = "a card without metadata: it does not begin with a block between --- lines"
        raise wrong(what, "name a README.md with 'model-index' in its metadata", path)
    before = content.count("\n", 0, head.start("yaml"))
    root = read_yaml(("\n" * before + head["yaml"]).encode(), path)
    fields = pairs(root)
    index = members(fields.get("model-index"))
    if not index:
        what = "the card's metadata has no 'model-index'"
        raise wrong(what, "name a card that lists results", Place(str(path), before + 1, 1))
    _add_loader(text(fields.get("library_name")), draft)
    for node in index:
        draft.rows += _rows(node, fields, path, draft)


def _add_loader(library: str, draft: Draft) -> None:
    if KEY.convert(library):
        draft.loader = draft.loader or library
        draft.recognizer = draft.recognizer or library


def _rows(
    node: yaml.Node, fields: Mapping[str, yaml.Node], path: Path, draft: Draft
) -> Iterator[Row]:
    model = pairs(node)
    place = where(node, path)
    name = text(model.get("name")) or _folder_name(path)
    remarks = []
    if not NAME.convert(name):
        remarks.append(f"{name!r} in the source: a name has no @ here")
        name = name.replace("@", "-")
    row = _with_ours(
        Row(
            name,
            place,
            license=inline(fields.get("license")),
            papers=tuple(_papers(fields, place, draft)),
            tags=tuple(_tags(fields, place, draft)),
            details=_details(fields, draft),
            remarks=tuple(remarks),
        ),
        pairs(fields.get(ZOO)),
        draft,
    )
    results = [pairs(each) for each in members(model.get("results"))]
    tasks = dict.fromkeys(
        task for each in results if (task := text(pairs(each.get("task")).get("type")))
    )
    tasks.pop("other", None)
    if tasks:
        row = replace(row, details={**row.details, "Task": "; ".join(tasks)})
    yield from [_result(row, each, draft) for each in results] or [row]


def _folder_name(path: Path) -> str:
    """Give the name of the repository that a card lies in."""
    return path.resolve().parent.name


def _details(fields: Mapping[str, yaml.Node], draft: Draft) -> dict[str, str]:
    """Give what a card says besides: each field by its name, lists joined."""
    found = {"Task": text(fields.get("pipeline_tag"))}
    for name, node in fields.items():
        if name not in _READ:
            found[draft.detail(name.replace("_", " ").capitalize())] = inline(node)
    return {name: shown for name, shown in found.items() if shown}


def _tags(fields: Mapping[str, yaml.Node], place: Place, draft: Draft) -> Iterator[str]:
    for node in members(fields.get("tags")):
        tag = text(node)
        if tag and not tag.lower().startswith(("arxiv:", "license:", "dataset:")):
            yield draft.add_tag(tag, place)


def _papers(fields: Mapping[str, yaml.Node], place: Place, draft: Draft) -> Iterator[str]:
    ours = {text(pairs(each).get("url")) for each in members(pairs(fields.get(ZOO)).get("papers"))}
    for node in members(fields.get("tags")):
        url = arxiv_address(text(node)) if text(node).lower().startswith("arxiv:") else ""
        if url and url not in ours:
            number = url.rpartition("/")[2]
            key = draft.add_paper(Paper(f"arxiv-{number}", 0, f"arXiv:{number}", place, url=url))
            draft.remark("the card gives its number only: write its title", f"papers.{key}")
            yield key


def _with_ours(row: Row, ours: Mapping[str, yaml.Node], draft: Draft) -> Row:
    """Read back what our export wrote beside the card's own fields."""
    weights, hashtag = text(ours.get("weights")), text(ours.get("hashtag"))
    papers = [
        draft.add_paper(_paper(pairs(node), row.place)) for node in members(ours.get("papers"))
    ]
    links = {}
    for key, node in pairs(ours.get("links")).items():
        each = pairs(node)
        target, title, shown = (text(each.get(part)) for part in ("url", "title", "text"))
        if KEY.convert(key) and URL.convert(target):
            link = LinkTemplate(key, row.place, title or key, shown or key, url=target)
            links[draft.add_link(link)] = target
    details = {name: inline(node) for name, node in pairs(ours.get("details")).items()}
    return replace(
        row,
        architecture=text(ours.get("architecture")),
        description=text(ours.get("description")),
        note=text(ours.get("note")),
        hashtag=hashtag if HASHTAG.convert(hashtag) else "",
        weights=weights if WEIGHTS.convert(weights) else "",
        sha1=SHA1.convert(text(ours.get("sha1"))) or "",
        sha256=SHA256.convert(text(ours.get("sha256"))) or "",
        size=count(text(ours.get("size"))),
        parameters=count(text(ours.get("parameters"))),
        default={"true": True, "false": False}.get(text(ours.get("default"))),
        papers=(*papers, *row.papers),
        links=links,
        details={**row.details, **details},
    )


def _paper(fields: Mapping[str, yaml.Node], place: Place) -> Paper:
    key, url, year = (text(fields.get(part)) for part in ("key", "url", "year"))
    title = text(fields.get("title")) or url or "unnamed"
    return Paper(
        key if KEY.convert(key) else slug(title),
        0,
        title,
        place,
        authors=tuple(text(node) for node in members(fields.get("authors"))),
        published=text(fields.get("published")),
        year=int(year) if year.isdecimal() and len(year) == 4 else None,  # noqa: PLR2004
        url=url if URL.convert(url) else "",
    )


def _result(row: Row, fields: Mapping[str, yaml.Node], draft: Draft) -> Row:
    remarks = list(row.remarks)
    data = pairs(fields.get("dataset"))
    key = draft.add_dataset(_dataset(data, row.place))
    settings = {name: text(node) for name, node in pairs(data.get("args")).items()}
    numbers: dict[str, str] = {}
    for node in members(fields.get("metrics")):
        each = pairs(node)
        title = text(each.get("name")) or text(each.get("type"))
        if "verifyToken" in each:
            remarks.append(f"{title}: its verifyToken is not carried")
        shown = clean(inline(each.get("value"))) or "empty"
        found, remark = measures.read_measured(title, shown, row.place)
        remarks += [remark] if remark else []
        for metric, number in found:
            numbers[draft.add_metric(_as_cards(metric, number, text(each.get("type"))))] = number
    links = dict(row.links)
    source = text(pairs(fields.get("source")).get("url"))
    if URL.convert(source):
        name = text(pairs(fields.get("source")).get("name")) or SOURCE
        link = LinkTemplate(SOURCE, row.place, "Source", name, url=source)
        links[draft.add_link(link)] = source
    return replace(
        row,
        dataset=key,
        numbers=numbers,
        links=links,
        settings={name: value for name, value in settings.items() if value},
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _as_cards(metric: Metric, number: str, kind: str) -> Metric:
    """Give a metric as cards mean it: plain accuracy is top-1 where it is in percent."""
    value = number_value(number)
    percent = value is not None and value > 1
    if metric.key in {"accuracy", "acc"} and percent:
        top = measures.metric("Top-1", metric.place)
        return replace(top, title=metric.title)
    if metric.top is not None and not percent:
        # A share of one is no percentage: the metric is not the one that is measured in percent.
        return replace(metric, key=f"{metric.key}_share", unit="", top=None)
    if metric.top is None and not metric.direction and kind:
        return replace(metric, direction=measures.direction(slug(kind)))
    return metric


def _dataset(fields: Mapping[str, yaml.Node], place: Place) -> Dataset:
    kind, title = text(fields.get("type")), text(fields.get("name"))
    config = "" if "args" in fields else text(fields.get("config"))
    words = [config if config != "default" else "", text(fields.get("split"))]
    split = ", ".join(word for word in words if word)
    revision = text(fields.get("revision"))
    notes = (f"Revision {revision}",) if revision else ()
    if KEY.convert(kind):
        return Dataset(kind, title or kind, place, split=split, notes=notes)
    return replace(named_dataset(title or kind or "not said", place, notes=notes), split=split)
