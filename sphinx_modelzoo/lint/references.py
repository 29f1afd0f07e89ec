"""Rules on what the manifest declares: used by nothing, cited but not there, never filled."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.rule import Example, Options, Rule
from sphinx_modelzoo.manifest.entries import STANDARD_VARIABLES
from sphinx_modelzoo.manifest.model import LinkTemplate, Place, Zoo
from sphinx_modelzoo.manifest.templates import variables
from sphinx_modelzoo.manifest.values import suggestion

_CITATION = re.compile(r"\[@([^\]\s]{1,200})\]")


class _Part(Protocol):
    @property
    def place(self) -> Place: ...


def _unused(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    if not zoo.entries:
        return
    results = [result for _, result in zoo.rows()]
    cited = {key for text, _, _ in _prose(zoo) for key in _CITATION.findall(text)}
    papers = {key for entry in zoo.entries for key in entry.papers}
    texts = {key: tag for key, tag in zoo.tags.items() if tag.text}
    fillable = {key: part for key, part in zoo.links.items() if not _unknown(zoo, part)}
    declared = {
        key: part for key, part in zoo.metrics.items() if part.place != Place(str(zoo.path), 1, 1)
    }
    yield from _without(zoo.papers, papers | cited, "the paper", "no model follows or text cites")
    yield from _without(
        texts, {key for entry in zoo.entries for key in entry.tags}, "the tag", "no model has"
    )
    yield from _without(
        zoo.datasets, {result.dataset for result in results}, "the data set", "no number is on"
    )
    yield from _without(
        zoo.protocols, {result.protocol for result in results}, "the protocol", "no number is under"
    )
    yield from _without(
        declared,
        {key for result in results for key in result.numbers},
        "the metric",
        "no model lists",
    )
    if results:
        used = {key for result in results for key in result.links}
        yield from _without(fillable, used, "the link", "no model has")


def _without(
    parts: Mapping[str, _Part], used: Collection[str], noun: str, why: str
) -> Iterator[Remark]:
    for key, part in parts.items():
        if key not in used:
            yield Remark(
                f"{noun} {key!r} is declared, and {why} it", "remove it, or use it", part.place
            )


def _prose(zoo: Zoo) -> Iterator[tuple[str, Place, str]]:
    """Give the texts that may cite papers, each with its place and its entry's key."""
    yield zoo.description, Place(str(zoo.path), 1, 1), ""
    for dataset in zoo.datasets.values():
        for note in dataset.notes:
            yield note, dataset.place, ""
    for entry in zoo.entries:
        for field, text in (("description", entry.description), ("note", entry.note)):
            if text:
                yield text, entry.places.get(field, entry.place), entry.key


def _uncited(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    for text, place, entry in _prose(zoo):
        for key in dict.fromkeys(_CITATION.findall(text)):
            if key not in zoo.papers:
                remedy = suggestion(key, zoo.papers, "declare it under 'papers'")
                yield Remark(f"[@{key}] cites a paper that is not declared", remedy, place, entry)


def _unfilled(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    given = {key for entry in zoo.entries for key in entry.places}
    given |= {key for _, result in zoo.rows() for key in result.places}
    for template in zoo.links.values() if zoo.entries else ():
        lacking = [name for name in _unknown(zoo, template) if name not in given]
        for name in lacking:
            what = f"the template of {template.key!r} asks for {{{name}}}, which no model gives"
            known = (*STANDARD_VARIABLES, *zoo.constants, *sorted(given))
            remedy = suggestion(name, known, "give it on the models, or as a constant of 'links'")
            yield Remark(what, remedy, template.place)
        asked = _unknown(zoo, template)
        if len(asked) > 1 and not lacking:
            yield from _partly(zoo, template, asked)


def _unknown(zoo: Zoo, template: LinkTemplate) -> tuple[str, ...]:
    """Give the variables of a template that only a model's own further fields can give."""
    known = {*STANDARD_VARIABLES, *zoo.constants}
    return tuple(name for name in variables(template.url + template.file) if name not in known)


def _partly(zoo: Zoo, template: LinkTemplate, asked: tuple[str, ...]) -> Iterator[Remark]:
    """Give the rows that have some of a template's fields, and so meant to have the link."""
    for entry, result in zoo.rows():
        if template.key in result.places:
            continue
        given = [name for name in asked if name in result.places]
        if given and len(given) < len(asked):
            lacking = ", ".join(repr(name) for name in asked if name not in given)
            what = f"the link {template.key!r} is not made: {given[0]!r} is given, {lacking} is not"
            yield Remark(what, "give all fields of its template, or none", result.place, entry.key)


UNUSED = Rule(
    code="ZOO301",
    name="unused",
    summary="A paper, tag, data set, protocol, metric or kind of link is declared and not used.",
    explanation=(
        "What nothing uses was forgotten when models were removed, or is misspelt where it should "
        "be used. A paper is used when a model follows it or a text cites it as `[@key]`. A tag "
        "without a text is a style for roles in the pages' own text, and may be unused here."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "papers:\n"
        "  wang2016temporal: {title: Temporal Segment Networks}\n"
        "  tran2018closer: {title: A Closer Look at Spatiotemporal Convolutions}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, paper: wang2016temporal}\n"
    ),
    right=Example(
        "papers:\n"
        "  wang2016temporal: {title: Temporal Segment Networks}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, paper: wang2016temporal}\n"
    ),
    check=_unused,
    whole=True,
)

UNCITED = Rule(
    code="ZOO302",
    name="unknown-citation",
    summary="A text cites a paper that is not declared.",
    explanation=(
        "`[@key]` in a description or note becomes the number of the paper `key` under `papers`."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "papers:\n"
        "  wang2016temporal: {title: Temporal Segment Networks}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, paper: wang2016temporal, note: 'As in [@wang2016temporl].'}\n"
    ),
    right=Example(
        "papers:\n"
        "  wang2016temporal: {title: Temporal Segment Networks}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, paper: wang2016temporal, note: 'As in [@wang2016temporal].'}\n"
    ),
    check=_uncited,
)

UNFILLED = Rule(
    code="ZOO303",
    name="unfilled-template",
    summary="A link's template cannot be filled.",
    explanation=(
        "A template may ask models for further fields. One that no model gives is misspelt, and "
        "the link is made nowhere; a model that gives some of a template's fields and not all was "
        "meant to have the link. A model that gives none of them just has no such link."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {ucf101: {}}\n"
        "links:\n"
        '  train_log: {url: "https://example.org/{lgo}.log"}\n'
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 83.4}\n"
    ),
    right=Example(
        "datasets: {ucf101: {}}\n"
        "links:\n"
        '  train_log: {url: "https://example.org/{log}.log"}\n'
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 83.4, log: vgg16_ucf101_tsn}\n"
    ),
    check=_unfilled,
    whole=True,
)
