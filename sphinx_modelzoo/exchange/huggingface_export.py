"""Entries as Hugging Face model cards; :mod:`sphinx_modelzoo.exchange.huggingface` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinx_modelzoo.exchange.huggingface import SOURCE, ZOO
from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.exchange.openmmlab_export import link_title
from sphinx_modelzoo.exchange.tasks import UNKNOWN, task_of
from sphinx_modelzoo.exchange.yaml_text import Plain, Value, dump, number
from sphinx_modelzoo.manifest.model import Entry, Metric, Paper, Result, Zoo

_CARRIED = {
    *("hashtag", "weights", "sha1", "sha256", "size", "parameters", "license", "description"),
    *("papers", "tags", "note", "details", "architecture", "default", "links"),
    *("results.protocol", "datasets.split", "papers.authors", "zoo.loader", "zoo.usage"),
}
_FACTS = ("hashtag", "architecture", "weights", "sha1", "sha256", "description", "note")
_SLUG = re.compile(r"[a-z][a-z0-9-]*")


def export_cards(zoo: Zoo, losses: Losses) -> dict[str, str]:
    """Give the cards of a zoo, by their paths: ``NAME-HASHTAG/README.md``."""
    losses.check(zoo, _CARRIED)
    folders = folder_names(zoo)
    return {f"{folders[entry.key]}/README.md": _card(zoo, entry, losses) for entry in zoo.entries}


def folder_names(zoo: Zoo) -> dict[str, str]:
    """Give each entry a folder of its own, by its key."""
    names: dict[str, str] = {}
    for entry in zoo.entries:
        wanted = "-".join(part for part in (entry.name, entry.hashtag) if part)
        plain = re.sub(r"[^A-Za-z0-9._-]+", "_", wanted).strip("._") or "model"
        taken = {name.lower() for name in names.values()}
        number, name = 1, plain
        while name.lower() in taken:
            number += 1
            name = f"{plain}_{number}"
        names[entry.key] = name
    return names


def _card(zoo: Zoo, entry: Entry, losses: Losses) -> str:
    head: dict[str, Value] = {}
    if entry.license:
        head["license"] = entry.license.lower()
        if entry.license != entry.license.lower():
            losses.lost(entry.key, "the licence's capitals", "cards write identifiers small")
    if zoo.loader:
        head["library_name"] = zoo.loader
    tasks = {_task(zoo, entry, result) for result in entry.results} - {UNKNOWN.key}
    if len(tasks) == 1:
        head["pipeline_tag"] = min(tasks)
    papers = [zoo.papers[key] for key in entry.papers]
    tags = [*entry.tags, *(tag for paper in papers if (tag := _arxiv_tag(paper)))]
    if tags:
        head["tags"] = tags
    datasets = dict.fromkeys(result.dataset for result in entry.results)
    if datasets:
        head["datasets"] = list(datasets)
    results = [_result(zoo, entry, result) for result in entry.results if result.numbers]
    head["model-index"] = [{"name": entry.name, "results": results or Plain("[]")}]
    ours = _ours(zoo, entry, papers, losses)
    if ours:
        head[ZOO] = ours
    front = "\n".join(dump(head))
    return f"---\n{front}\n---\n\n" + "\n".join(_body(zoo, entry, papers)) + "\n"


def _task(zoo: Zoo, entry: Entry, result: Result) -> str:
    said = entry.details.get("Task", "").split("; ")
    own = task_of(zoo, result).key
    return said[0] if own not in said and _SLUG.fullmatch(said[0]) else own


def _arxiv_tag(paper: Paper) -> str:
    match = re.search(r"arxiv\.org/abs/([0-9.]+)", paper.url)
    return f"arxiv:{match[1]}" if match else ""


def _result(zoo: Zoo, entry: Entry, result: Result) -> Value:
    dataset = zoo.datasets[result.dataset]
    data: dict[str, Value] = {"name": dataset.title, "type": dataset.key}
    if result.protocol:
        # Two results on one data set stay apart in a card by their configurations.
        data["config"] = result.protocol
    if dataset.split:
        data["split"] = dataset.split
    settings = zoo.protocols[result.protocol].settings if result.protocol else {}
    if settings:
        data["args"] = {name: _setting(value) for name, value in settings.items()}
    metrics = [
        {
            "name": zoo.metrics[key].title,
            "type": _metric_type(zoo.metrics[key]),
            "value": number(each.text),
        }
        for key, each in result.numbers.items()
    ]
    made: dict[str, Value] = {
        "task": {"type": _task(zoo, entry, result)},
        "dataset": data,
        "metrics": metrics,
    }
    source = result.links.get(SOURCE)
    if source is not None and source.url:
        made["source"] = {"name": source.text, "url": source.url}
    return made


def _setting(value: int | str) -> Value:
    return Plain(str(value)) if isinstance(value, int) else value


def _metric_type(metric: Metric) -> str:
    return "accuracy" if metric.top == 1 else metric.key


def _ours(zoo: Zoo, entry: Entry, papers: list[Paper], losses: Losses) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for field in _FACTS:
        text = getattr(entry, field)
        if text and not (field == "architecture" and text == entry.name):
            found[field] = text
    if sum(other.name == entry.name for other in zoo.entries) > 1:
        found["default"] = Plain("true" if entry.default else "false")
    for field in ("size", "parameters"):
        if getattr(entry, field):
            found[field] = Plain(str(getattr(entry, field)))
    details = {title: text for title, text in entry.details.items() if title != "Task"}
    if details:
        found["details"] = {title: number(text) for title, text in details.items()}
    links = _links(zoo, entry, losses)
    if links:
        found["links"] = links
    if papers:
        found["papers"] = [_paper(paper) for paper in papers]
    return found


def _links(zoo: Zoo, entry: Entry, losses: Losses) -> dict[str, Value]:
    links: dict[str, Value] = {}
    for result in entry.results:
        for key, link in result.links.items():
            if key == SOURCE and link.url:
                continue  # it stands with the result
            if link.file:
                losses.lost(entry.key, f"link {key}", "it leads to a file, not to an address")
                continue
            each = {"title": link_title(zoo, key), "text": link.text, "url": link.url}
            if links.setdefault(key, each) != each:
                losses.lost(
                    entry.key, f"link {key} of its result on {result.dataset}", "a card has one"
                )
    return links


def _paper(paper: Paper) -> Value:
    said: dict[str, Value] = {"key": paper.key, "title": paper.title}
    if paper.authors:
        said["authors"] = list(paper.authors)
    further = {"published": paper.published, "url": paper.url}
    said |= {name: text for name, text in further.items() if text}
    if paper.year:
        said["year"] = Plain(str(paper.year))
    return said


def _body(zoo: Zoo, entry: Entry, papers: list[Paper]) -> Iterator[str]:
    """Write what readers of the card see."""
    yield f"# {_markdown(entry.name)}"
    for text in (entry.description, entry.note):
        if text:
            yield from ("", _markdown(text))
    if zoo.usage is not None:
        template = zoo.usage.default if entry.default else zoo.usage.hashtag
        for name in ("name", "hashtag", "architecture", "weights"):
            template = template.replace(f"{{{name}}}", getattr(entry, name))
        if template:
            yield from ("", "```python", template, "```")
    for result in entry.results:
        if result.numbers:
            yield from _table(zoo, result)
    if papers:
        yield from ("", "## Papers", "")
        yield from (f"- {_reference(paper)}" for paper in papers)


def _table(zoo: Zoo, result: Result) -> Iterator[str]:
    title = zoo.datasets[result.dataset].title
    behind = f", {result.protocol}" if result.protocol else ""
    yield from ("", f"## Results on {_markdown(title)}{behind}", "")
    yield from ("| Metric | Value |", "|---|---:|")
    for key, each in result.numbers.items():
        metric = zoo.metrics[key]
        unit = f" ({metric.unit})" if metric.unit else ""
        yield f"| {_markdown(metric.title + unit)} | {each.text} |"


def _reference(paper: Paper) -> str:
    parts = [", ".join(paper.authors), paper.title, paper.published, str(paper.year or "")]
    said = _markdown(". ".join(part for part in parts if part))
    return f"{said}. <{paper.url}>" if paper.url else f"{said}."


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)
