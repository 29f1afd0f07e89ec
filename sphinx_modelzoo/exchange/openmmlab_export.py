"""A zoo as a metafile of OpenMMLab; :mod:`sphinx_modelzoo.exchange.openmmlab` reads it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.exchange.openmmlab import FACTS, LOG, PROTOCOL
from sphinx_modelzoo.exchange.tasks import task_of
from sphinx_modelzoo.exchange.words import hashtag_in, short_count
from sphinx_modelzoo.exchange.yaml_text import Plain, Value, dump, number
from sphinx_modelzoo.manifest.model import Entry, Paper, Result, Zoo

_CARRIED = {
    *("hashtag", "weights", "sha1", "sha256", "size", "parameters", "license", "description"),
    *("papers", "note", "details", "architecture", "links", "links.file", "results.protocol"),
}


def export_metafile(zoo: Zoo, losses: Losses) -> str:
    """Give the text of a metafile with all entries of a zoo."""
    losses.check(zoo, _CARRIED)
    collections: list[Value] = [_collection(paper) for paper in zoo.papers.values()]
    bare = dict.fromkeys(_bare_collection(entry) for entry in zoo.entries)
    collections += [{"Name": name} for name in bare if name]
    parts: dict[str, Value] = {"Collections": collections} if collections else {}
    parts["Models"] = [_model(zoo, entry, losses) for entry in zoo.entries]
    return "\n".join(dump({key: part for key, part in parts.items() if part})) + "\n"


def _collection(paper: Paper) -> Value:
    said: dict[str, Value] = {"Title": paper.title}
    if paper.url:
        said = {"URL": paper.url, **said}
    return {"Name": paper.key, "Paper": said}


def _model(zoo: Zoo, entry: Entry, losses: Losses) -> Value:
    model: dict[str, Value] = {"Name": entry.name}
    collection = entry.papers[0] if entry.papers else _bare_collection(entry)
    if collection:
        model["In Collection"] = collection
    for key in entry.papers[1:]:
        losses.lost(entry.key, f"paper {key}", "a model has one collection")
    parts: dict[str, Value] = {
        "Metadata": _metadata(entry),
        "Description": entry.description,
        "Note": entry.note,
        "Results": [part for result in entry.results for part in _results(zoo, entry, result)],
        **_links(zoo, entry, losses),
        "Weights": entry.weights,
    }
    return model | {title: part for title, part in parts.items() if part}


def _links(zoo: Zoo, entry: Entry, losses: Losses) -> dict[str, str]:
    """Give the links of an entry's first result, by their titles."""
    first, *others = [
        {key: link.url or link.file for key, link in result.links.items()}
        for result in entry.results
    ] or [{}]
    for result, links in zip(entry.results[1:], others, strict=True):
        if links != first:
            losses.lost(
                entry.key, f"links of its result on {result.dataset}", "a model has one set"
            )
    return {LOG if key == "train_log" else link_title(zoo, key): first[key] for key in first}


def link_title(zoo: Zoo, key: str) -> str:
    """Give the title of a kind of link."""
    return zoo.links[key].title if key in zoo.links else key


def _metadata(entry: Entry) -> dict[str, Value]:
    found: dict[str, Value] = {}
    if entry.hashtag and hashtag_in(entry.weights) != entry.hashtag:
        found["Hashtag"] = entry.hashtag
    for title, text in entry.details.items():
        if title not in {"Task", "Collection"}:
            found[title] = number(text)
    if entry.parameters:
        found["Parameters"] = number(short_count(entry.parameters))
    if entry.size:
        found["File Size"] = Plain(str(entry.size))
    for title, field in FACTS.items():
        text = getattr(entry, field)
        if text and not (field == "architecture" and text == entry.name):
            found[title] = text
    return found


def _bare_collection(entry: Entry) -> str:
    """Give the collection of an entry that follows no paper."""
    return "" if entry.papers else entry.details.get("Collection", "")


def _results(zoo: Zoo, entry: Entry, result: Result) -> Iterator[Value]:
    """Give a result once for each of its tasks, with the task's metrics."""
    tasks = [task for task in entry.details.get("Task", "").split("; ") if task]
    tasks = tasks or [task_of(zoo, result).title]
    settings = zoo.protocols[result.protocol].settings if result.protocol else {}
    numbers: dict[str, dict[str, Value]] = {task: {} for task in tasks}
    for key, each in result.numbers.items():
        own = task_of(zoo, replace(result, numbers={key: each})).title
        numbers[own if own in numbers else tasks[0]][zoo.metrics[key].title] = number(each.text)
    for task in tasks:
        parts: dict[str, Value] = {
            "Dataset": zoo.datasets[result.dataset].title,
            "Task": task,
            PROTOCOL: {name: number(str(text)) for name, text in settings.items()},
            "Metrics": numbers[task],
        }
        yield {title: part for title, part in parts.items() if part}
