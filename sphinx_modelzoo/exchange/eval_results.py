"""Hugging Face's ``.eval_results/*.yaml``: a repository's numbers on benchmark data sets.

The Hub's documentation describes them under "Evaluation Results". A file names neither its model,
which is the repository, nor the metric, which is the benchmark's task.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from sphinx_modelzoo.exchange import measures
from sphinx_modelzoo.exchange.draft import Draft, Row
from sphinx_modelzoo.exchange.huggingface import SOURCE
from sphinx_modelzoo.exchange.huggingface_export import folder_names
from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.exchange.source import (
    inline,
    pairs,
    read_bytes,
    read_yaml,
    text,
    where,
    wrong,
)
from sphinx_modelzoo.exchange.words import clean, read_numbers, slug
from sphinx_modelzoo.exchange.yaml_text import Value, dump, number
from sphinx_modelzoo.manifest.kinds import KEY, NAME, URL
from sphinx_modelzoo.manifest.model import (
    Dataset,
    LinkTemplate,
    Metric,
    Place,
    Result,
    Zoo,
)

FOLDER = ".eval_results"
_DEFAULT, _SCORE = "default", "score"
_NOTES = "notes"


def import_results(path: Path, draft: Draft) -> None:
    """Add the numbers of a file to a draft; the model is the folder that ``.eval_results`` is in.

    Raises:
        CallError: the file cannot be read.
        ExchangeError: it is damaged, or not a list of results.
    """
    root = read_yaml(read_bytes(path), path)
    if not isinstance(root, yaml.SequenceNode):
        what = "not a list of results, each with a 'dataset' and a 'value'"
        raise wrong(what, "name a file of .eval_results", path)
    folder = path.resolve().parent
    repository = folder.parent if folder.name == FOLDER else folder
    name = repository.name if NAME.convert(repository.name) else repository.name.replace("@", "-")
    for node in root.value:
        draft.rows.append(_row(name, node, path, draft))


def _row(name: str, node: yaml.Node, path: Path, draft: Draft) -> Row:
    fields = pairs(node)
    place = where(node, path)
    data = pairs(fields.get("dataset"))
    identifier = text(data.get("id"))
    if not identifier or "value" not in fields:
        what = "a result has no 'dataset' with an 'id', or no 'value'"
        raise wrong(what, "add it", place)
    key = identifier if KEY.convert(identifier) else slug(identifier, separator="-")
    revision = text(data.get("revision"))
    notes = (f"Revision {revision}",) if revision else ()
    row = Row(name, place, dataset=draft.add_dataset(Dataset(key, identifier, place, notes=notes)))
    said = (text(fields.get("date")), text(pairs(fields.get("source")).get("name")))
    remarks = [f"{identifier}: {', '.join(part for part in said if part)}"] if any(said) else []
    links = {}
    source = text(pairs(fields.get("source")).get("url"))
    if URL.convert(source):
        link = LinkTemplate(SOURCE, place, "Source", "source", url=source)
        links[draft.add_link(link)] = source
    if "verifyToken" in fields:
        remarks.append(f"{identifier}: its verifyToken is not carried")
    notes_said = text(fields.get("notes"))
    shown = clean(inline(fields["value"]))
    found = read_numbers(shown)
    if found is None or len(found.texts) != 1:
        remarks.append(f"{identifier}: {shown}, which is no number")
        return replace(row, remarks=tuple(remarks))
    metric = draft.add_metric(_metric(text(data.get("task_id")), place))
    return replace(
        row,
        numbers={metric: found.texts[0]},
        links=links,
        settings={_NOTES: notes_said} if notes_said else {},
        remarks=tuple(remarks),
    )


def _metric(task: str, place: Place) -> Metric:
    if not task or task == _DEFAULT:
        return Metric(_SCORE, "Score", place, unit="")
    if KEY.convert(task):
        known = measures.metric(task, place)
        return known if known.top else Metric(task, task, place, unit="")
    return measures.metric(task, place)


def export_results(zoo: Zoo, losses: Losses) -> dict[str, str]:
    """Give the files of a zoo, by their paths: ``NAME-HASHTAG/.eval_results/DATASET.yaml``."""
    losses.check(zoo, {"links", "results.protocol"})
    folders = folder_names(zoo)
    files: dict[str, list[Value]] = {}
    for entry in zoo.entries:
        for result in entry.results:
            for key in result.links:
                if key != SOURCE:
                    losses.lost(entry.key, f"link {key}")
            name = slug(result.dataset, separator="-")
            path = f"{folders[entry.key]}/{FOLDER}/{name}.yaml"
            if result.numbers:
                files.setdefault(path, []).extend(_results(zoo, result))
    return {path: "\n".join(dump(results)) + "\n" for path, results in files.items()}


def _results(zoo: Zoo, result: Result) -> Iterator[Value]:
    title = zoo.datasets[result.dataset].title
    identifier = title if "/" in title and KEY.convert(title) else result.dataset
    source = result.links[SOURCE].url if SOURCE in result.links else ""
    settings = zoo.protocols[result.protocol].settings if result.protocol else {}
    notes = str(settings[_NOTES]) if list(settings) == [_NOTES] else _settings(settings)
    for metric, each in result.numbers.items():
        task = _DEFAULT if metric == _SCORE else metric
        made: dict[str, Value] = {
            "dataset": {"id": identifier, "task_id": task},
            "value": number(each.text),
        }
        if source:
            made["source"] = {"url": source}
        if notes:
            made["notes"] = notes
        yield made


def _settings(settings: Mapping[str, int | str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in settings.items())
