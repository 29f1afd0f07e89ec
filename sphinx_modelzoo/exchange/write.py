"""From a draft to the text of a manifest, as a person would write it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sphinx_modelzoo.exchange.draft import Draft
from sphinx_modelzoo.exchange.folding import Folded
from sphinx_modelzoo.exchange.plan import Plan, make_plan
from sphinx_modelzoo.exchange.scalars import flow_list, flow_mapping, scalar
from sphinx_modelzoo.exchange.write_models import write_models
from sphinx_modelzoo.manifest.model import Dataset, LinkTemplate, Metric, Paper, Tag
from sphinx_modelzoo.manifest.parts import standard_metrics

WIDTH = 100


def write_manifest(draft: Draft) -> str:
    """Give the manifest's text."""
    plan = make_plan(draft)
    blocks = [
        _top(draft),
        _usage(draft),
        _section(
            draft,
            "papers",
            (_paper(paper) for paper in draft.papers.values()),
            "their order gives [1], [2]",
        ),
        _section(draft, "tags", ([f"{tag.key}: {_tag(tag)}"] for tag in draft.tags.values())),
        _links(draft, plan.folded),
        _section(draft, "datasets", (_dataset(each) for each in draft.datasets.values())),
        _section(draft, "metrics", ([f"{each.key}: {_metric(each)}"] for each in _declared(draft))),
        _protocols(draft, plan),
        write_models(draft, plan),
    ]
    return "\n".join("\n".join(block) + "\n" for block in blocks if block)


def comment(text: str, indent: str = "") -> list[str]:
    """Write a remark as comment lines."""
    return textwrap.wrap(
        text,
        width=WIDTH,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}# ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def remarks(draft: Draft, section: str, indent: str = "") -> list[str]:
    """Write the remarks of a part."""
    return [line for text in draft.remarks.get(section, ()) for line in comment(text, indent)]


def mapping(key: str, pairs: Mapping[str, str], indent: str) -> list[str]:
    """Write a mapping of written values: on one line where it fits."""
    line = f"{indent}{key}: {flow_mapping(dict(pairs))}"
    if len(line) <= WIDTH or not pairs:
        return [line]
    return [f"{indent}{key}:", *(f"{indent}  {scalar(name)}: {pairs[name]}" for name in pairs)]


def _top(draft: Draft) -> list[str]:
    lines = [*remarks(draft, ""), "zoo: 1"]
    for key in ("title", "description", "loader"):
        value = getattr(draft, key)
        if value:
            lines.append(f"{key}: {scalar(value)}")
    return lines


def _usage(draft: Draft) -> list[str]:
    if draft.usage is None:
        return []
    fields = ("model", "default", "hashtag", "train", "test")
    given = {key: getattr(draft.usage, key) for key in fields}
    return ["usage:", *(f"  {key}: {scalar(value)}" for key, value in given.items() if value)]


def _section(
    draft: Draft, key: str, parts: Iterable[Sequence[str]], explanation: str = ""
) -> list[str]:
    """Write a part of the manifest: the remarks on it, and each of its members indented."""
    lines: list[str] = []
    for part in parts:
        name = part[0].partition(":")[0]
        lines += remarks(draft, f"{key}.{name}", "  ")
        lines += [f"  {line}" for line in part]
    if not lines:
        return []
    first = f"{key}: # {explanation}" if explanation else f"{key}:"
    return [*remarks(draft, key), first, *lines]


def _paper(paper: Paper) -> list[str]:
    lines = [f"{paper.key}:", f"  title: {scalar(paper.title)}"]
    if paper.authors:
        lines.append(f"  authors: {flow_list(paper.authors)}")
    if paper.published:
        lines.append(f"  published: {scalar(paper.published)}")
    if paper.year:
        lines.append(f"  year: {paper.year}")
    if paper.url:
        lines.append(f"  url: {scalar(paper.url)}")
    return lines


def _tag(tag: Tag) -> str:
    given = {"text": tag.text, "style": tag.style}
    return flow_mapping({key: scalar(text, flow=True) for key, text in given.items() if text})


def _dataset(dataset: Dataset) -> list[str]:
    given = {"title": dataset.title if dataset.title != dataset.key else "", "split": dataset.split}
    pairs = {key: scalar(text, flow=True) for key, text in given.items() if text}
    for key in ("samples", "classes"):
        if getattr(dataset, key):
            pairs[key] = str(getattr(dataset, key))
    if not dataset.notes:
        return mapping(dataset.key, pairs, "")
    block = [f"  {key}: {text}" for key, text in pairs.items()]
    notes = [f"    - {scalar(note)}" for note in dataset.notes]
    return [f"{dataset.key}:", *block, "  notes:", *notes]


def _declared(draft: Draft) -> Iterator[Metric]:
    """Give the metrics that need a declaration: not top-1 and top-5 as everyone has them."""
    for metric in draft.metrics.values():
        standard = standard_metrics(metric.place).get(metric.key)
        if metric != standard:
            yield metric


def _metric(metric: Metric) -> str:
    standard = standard_metrics(metric.place).get(metric.key)
    pairs = {"title": metric.title}
    if metric.unit and not (standard and metric.unit == standard.unit):
        pairs["unit"] = metric.unit
    if metric.direction and not standard:
        pairs["direction"] = metric.direction
    if metric.top and not standard:
        pairs["top"] = str(metric.top)
    whole = {"top"}
    return flow_mapping(
        {key: text if key in whole else scalar(text, flow=True) for key, text in pairs.items()}
    )


def _links(draft: Draft, folded: Folded) -> list[str]:
    constants = ([f"{key}: {scalar(text)}"] for key, text in folded.constants.items())
    kinds = (
        mapping(link.key, _link(link, folded.templates.get(link.key, "")), "")
        for link in draft.links.values()
    )
    return _section(draft, "links", (*constants, *kinds))


def _link(link: LinkTemplate, template: str) -> dict[str, str]:
    pairs = {"title": link.title, "text": link.text}
    if template:
        pairs["file" if link.file else "url"] = template
    elif link.file:
        pairs["file"] = "{path}"
    return {key: scalar(text, flow=True) for key, text in pairs.items()}


def _protocols(draft: Draft, plan: Plan) -> list[str]:
    parts = [mapping(key, plan.settings(key), "") for key in plan.protocols]
    lines = _section(draft, "protocols", parts)
    if lines:
        remark = (
            f"modelzoo.toml says what the recognizer {plan.recognizer!r} is; without it, nothing "
            "is measured again"
        )
        return [*comment(remark), *lines]
    return lines
