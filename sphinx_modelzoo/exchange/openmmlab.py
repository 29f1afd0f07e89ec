"""OpenMMLab's ``model-index.yml`` and the metafiles that it lists.

Each library of https://github.com/open-mmlab has them: Collections (a paper each) and Models with
Config, Weights, Metadata and Results. Fields that OpenMMLab does not have (a protocol, a note) are
written beside its own and read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from sphinx_modelzoo.exchange import measures
from sphinx_modelzoo.exchange.columns import link_key
from sphinx_modelzoo.exchange.datasets import dataset
from sphinx_modelzoo.exchange.draft import Draft, Row
from sphinx_modelzoo.exchange.source import (
    inline,
    members,
    pairs,
    read_bytes,
    read_yaml,
    text,
    where,
    wrong,
)
from sphinx_modelzoo.exchange.words import clean, count, hashtag_in, is_empty, slug
from sphinx_modelzoo.manifest.kinds import HASHTAG, KEY, NAME, PATH, URL, WEIGHTS
from sphinx_modelzoo.manifest.model import LinkTemplate, Paper

CONFIG, LOG = "Config", "Training Log"
PROTOCOL = "Protocol"
# Metadata that are fields of an entry.
FACTS = {
    "License": "license",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "Network": "architecture",
}
_OWN = {"Name", "In Collection", "Metadata", "Results", "Weights", "Paper", "Description", "Note"}
_LIBRARIES = {
    "mmaction": "mmaction2",
    "mmclassification": "mmpretrain",
    "mmdetection": "mmdet",
    "mmdetection3d": "mmdet3d",
    "mmediting": "mmagic",
    "mmsegmentation": "mmseg",
    "mmtracking": "mmtrack",
}


def import_metafile(path: Path, draft: Draft) -> None:
    """Add the models of a metafile, or of all metafiles that an index lists, to a draft.

    Raises:
        CallError: the file cannot be read.
        ExchangeError: a file is damaged or has no models, or nothing that the index lists is there.
    """
    root = read_yaml(read_bytes(path), path)
    fields = pairs(root)
    if "Import" not in fields:
        _models(root, path, draft)
        return
    missing = []
    listed = members(fields["Import"])
    for node in listed:
        file = path.parent / text(node)
        if not text(node) or not file.resolve().is_relative_to(path.parent.resolve()):
            what = f"'Import' names {text(node)!r}, which is not below the index"
            raise wrong(what, "import that metafile by its own path", where(node, path))
        if file.is_file():
            _models(read_yaml(read_bytes(file), file), file, draft)
        else:
            missing.append(f"{path.name}:{where(node, path).line}: {text(node)}")
    if len(missing) == len(listed):
        what = f"none of the {len(missing)} files that it lists is there, such as {text(listed[0])}"
        raise wrong(what, "import the index where its metafiles lie", path)
    for line in missing:
        draft.remark(f"Not there, so not imported: {line}")


def _models(root: yaml.Node | None, path: Path, draft: Draft) -> None:
    fields = pairs(root)
    models = members(fields.get("Models"))
    if not models and "Collections" not in fields:
        what = "not a metafile of OpenMMLab: it has neither 'Models' nor 'Import'"
        raise wrong(what, "name a metafile.yml or the model-index.yml", path)
    collections = {
        text(pairs(node).get("Name")): pairs(node) for node in members(fields.get("Collections"))
    }
    for name, collection in collections.items():
        shared = ", ".join(pairs(collection.get("Metadata")))
        if shared:
            draft.remark(f"Not carried: what holds for all of the collection {name} ({shared})")
    for node in models:
        draft.rows += _rows(node, collections, path, draft)
    published = {
        match[1]
        for row in draft.rows
        if (match := re.match(r"https?://download\.openmmlab\.com/([a-z0-9]+)/", row.weights))
    }
    libraries = {_LIBRARIES.get(name, name) for name in published}
    if libraries:
        draft.loader = draft.recognizer = libraries.pop() if len(libraries) == 1 else ""


def _rows(
    node: yaml.Node, collections: Mapping[str, Mapping[str, yaml.Node]], path: Path, draft: Draft
) -> Iterator[Row]:
    """Give the rows of a model: one for each of its results, or one without any."""
    fields = pairs(node)
    place = where(node, path)
    name = text(fields.get("Name"))
    if not name:
        what = "a model has no 'Name'"
        raise wrong(what, "give it one", place)
    remarks = []
    if not NAME.convert(name):
        remarks.append(f"{name!r} in the source: a name has no @ here")
        name = name.replace("@", "-")
    weights, weights_remark = _weights(text(fields.get("Weights")))
    details = _details(fields)
    collection = text(fields.get("In Collection"))
    papers = _papers(fields.get("Paper"), name, path, draft)
    papers += _papers(collections.get(collection, {}).get("Paper"), collection, path, draft)
    if collection and not papers:
        details = {"Collection": collection, **details}
    results = [pairs(each) for each in members(fields.get("Results"))]
    tasks = dict.fromkeys(task for each in results if (task := text(each.get("Task"))))
    if tasks:
        details["Task"] = "; ".join(tasks)
    given = details.pop("Hashtag", "") or hashtag_in(weights)
    parameters = count(details.get("Parameters", ""))
    size = count(details.pop("File Size", ""))
    if parameters:
        del details["Parameters"]
    facts: dict[str, Any] = {
        field: details.pop(title) for title, field in FACTS.items() if title in details
    }
    row = Row(
        name,
        place,
        hashtag=given if HASHTAG.convert(given) else "",
        weights=weights,
        size=size,
        parameters=parameters,
        description=text(fields.get("Description")),
        note=text(fields.get("Note")),
        papers=tuple(dict.fromkeys(papers)),
        links=_links(fields, path, draft),
        details={draft.detail(title): shown for title, shown in details.items()},
        remarks=(*remarks, *weights_remark),
        **facts,
    )
    yield from [_result(row, each, draft) for each in results] or [row]


def _weights(target: str) -> tuple[str, list[str]]:
    if target.endswith("/"):
        return target, ["the source gives a folder as the weights, not a file"]
    if target and not WEIGHTS.convert(target):
        return "", [f"Weights: {target} is neither an address nor a path"]
    return target, []


def _details(fields: Mapping[str, yaml.Node]) -> dict[str, str]:
    """Give a model's metadata, and those of its fields that are neither ours nor links."""
    found = {title: inline(node) for title, node in pairs(fields.get("Metadata")).items()}
    for title, node in fields.items():
        if title not in _OWN and not _targets(title, node):
            found[title] = inline(node)
    return {title: shown for title, shown in found.items() if shown}


def _targets(title: str, node: yaml.Node) -> list[str]:
    """Give the addresses that a field holds, or the paths where it is one that holds paths."""
    found = [text(each) for each in members(node)]
    good = [
        each
        for each in found
        if URL.convert(each) or (title in {CONFIG, LOG} and PATH.convert(each))
    ]
    return good if len(good) == len(found) else []


def _links(fields: Mapping[str, yaml.Node], path: Path, draft: Draft) -> dict[str, str]:
    links = {}
    for title, node in fields.items():
        if title in _OWN:
            continue
        for number, target in enumerate(_targets(title, node)):
            base = link_key(title)
            key = f"{base}_{number + 1}" if number else base
            is_file = not URL.convert(target)
            known = draft.links.get(key)
            if known is not None and bool(known.file) != is_file:
                key = f"{key}_{'file' if is_file else 'address'}"
            shown = title if not number else f"{title} {number + 1}"
            kind = {"file" if is_file else "url": target}
            if is_file:
                draft.remark("paths from the root of the source's repository", f"links.{key}")
            word = {LOG: "log"}.get(title, title.lower())
            links[draft.add_link(LinkTemplate(key, where(node, path), shown, word, **kind))] = (
                target
            )
    return links


def _papers(node: yaml.Node | None, name: str, path: Path, draft: Draft) -> list[str]:
    """Add the papers of a collection or a model: an address alone, or an address and a title."""
    keys = []
    for each in members(node):
        fields = pairs(each)
        address = text(fields.get("URL")) if fields else text(each)
        url = address if URL.convert(address) else ""
        title = text(fields.get("Title")) or name
        if not title or is_empty(title):
            continue
        key = name if KEY.convert(name) else slug(name, separator="-")
        key = draft.add_paper(Paper(key, 0, title, where(each, path), url=url))
        if not fields.get("Title"):
            draft.remark(
                "the source gives no title: this is the collection's name", f"papers.{key}"
            )
        keys.append(key)
    return keys


def _result(row: Row, fields: Mapping[str, yaml.Node], draft: Draft) -> Row:
    title = text(fields.get("Dataset"))
    if not title:
        title = "not said"
        draft.remark("results without a 'Dataset' in the source", "datasets.not-said")
    key = draft.add_dataset(dataset(title, row.place))
    numbers: dict[str, str] = {}
    remarks = list(row.remarks)
    for name, node in pairs(fields.get("Metrics")).items():
        shown = clean(inline(node))
        if not is_empty(shown) and shown.lower() != "none":
            found, remark = measures.read_measured(name, shown, row.place)
            numbers |= {draft.add_metric(metric): number for metric, number in found}
            remarks += [remark] if remark else []
    settings = {name: text(node) for name, node in pairs(fields.get(PROTOCOL)).items()}
    return replace(row, dataset=key, numbers=numbers, settings=settings, remarks=tuple(remarks))
