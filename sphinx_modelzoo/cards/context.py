"""Gathering what a card says from a zoo, the status of its numbers and their receipts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_modelzoo.cards.history import History
from sphinx_modelzoo.cards.model import (
    Card,
    Check,
    Dataset,
    Fact,
    Link,
    Measurement,
    Paper,
    Protocol,
    Said,
    Weights,
)
from sphinx_modelzoo.manifest import model
from sphinx_modelzoo.manifest.amounts import scaled
from sphinx_modelzoo.manifest.bibtex import bibtex_entry
from sphinx_modelzoo.manifest.loading import load_line
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.receipts.model import NumberKey, Receipt, Status, StatusKind
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.receipts.uncertainty import uncertainty
from sphinx_modelzoo.receipts.words import count_text, status_text

NO_HASHTAG = "no hashtag"

_CITED = re.compile(r"\[@([^\]\s]+)\]")


def models(zoo: model.Zoo) -> dict[str, list[model.Entry]]:
    """Give the entries of each model by its name, in the manifest's order."""
    found: dict[str, list[model.Entry]] = {}
    for entry in zoo.entries:
        found.setdefault(entry.name, []).append(entry)
    return found


@dataclass(frozen=True, slots=True)
class Gathering:
    """Where cards take their content from.

    ``locate`` gives how a card links to a file; empty where it cannot.
    """

    zoo: model.Zoo
    statuses: Mapping[NumberKey, Status]
    history: History = field(default_factory=dict)
    locate: Callable[[Path], str] = str

    def card(self, entries: Sequence[model.Entry]) -> Card:
        """Give the card of some entries of one name, at least one."""
        rows = [(entry, result) for entry in entries for result in entry.results]
        datasets = dict.fromkeys(result.dataset for _, result in rows)
        protocols = dict.fromkeys(result.protocol for _, result in rows if result.protocol)
        return Card(
            name=entries[0].name,
            zoo=self.zoo.title,
            manifest=self.zoo.path.name,
            descriptions=_said(entries, "description"),
            weights=tuple(self._weights(entry) for entry in entries),
            results=tuple(self._measurements(rows)),
            protocols=tuple(_protocol(self.zoo.protocols[key]) for key in protocols),
            datasets=tuple(self._dataset(self.zoo.datasets[key]) for key in datasets),
            intended_use=_said(entries, "intended_use"),
            limitations=_said(entries, "limitations"),
            licenses=_said(entries, "license"),
            papers=tuple(self._papers(entries, datasets)),
            history=tuple(self._history(entries)),
        )

    def _weights(self, entry: model.Entry) -> Weights:
        return Weights(
            label=label(entry),
            key=entry.key,
            hashtag=entry.hashtag,
            default=entry.default,
            tags=tuple(text for key in entry.tags if (text := self.zoo.tags[key].text)),
            load=load_line(self.zoo, entry),
            architecture=entry.architecture if entry.architecture != entry.name else "",
            file=entry.weights_file,
            address=_address(entry),
            sha1=entry.sha1,
            sha256=entry.sha256,
            size=scaled(entry.size, "B"),
            bytes=_grouped(entry.size),
            parameters=scaled(entry.parameters),
            count=_grouped(entry.parameters),
            released=entry.released,
            license=entry.license,
            note=entry.note,
            facts=tuple(Fact(title, text) for title, text in entry.details.items()),
            links=tuple(self._links(entry)),
        )

    def _links(self, entry: model.Entry) -> Iterable[Link]:
        """Give the links of all results, each once."""
        links: dict[Link, None] = {}
        for result in entry.results:
            for key, link in result.links.items():
                title = self.zoo.links[key].title
                file = self._located(link.file) if link.file else ""
                links[Link(title, link.text, link.url, file)] = None
        return links

    def _located(self, path: str) -> str:
        file = local_file(self.zoo, path)
        return self.locate(file) if file else ""

    def _measurements(
        self, rows: Iterable[tuple[model.Entry, model.Result]]
    ) -> Iterable[Measurement]:
        for entry, result in rows:
            for key, metric in self.zoo.metrics.items():
                if key in result.numbers:
                    yield self._measurement(entry, result, metric)

    def _measurement(
        self, entry: model.Entry, result: model.Result, metric: model.Metric
    ) -> Measurement:
        number = result.numbers[metric.key]
        dataset = self.zoo.datasets[result.dataset]
        key = number_key(entry, result, metric.key)
        status = self.statuses.get(key, Status(StatusKind.CLAIMED))
        known = uncertainty(number, metric, dataset, status)
        return Measurement(
            label=label(entry),
            dataset=dataset.title,
            protocol=result.protocol,
            metric=metric.title,
            number=number.text,
            unit=metric.unit,
            count=f"{known.correct} of {known.n}" if known else "",
            interval=known.interval() if known else "",
            measured=known.measured if known else False,
            kind=status.kind.value,
            status=_standing(status, counted=known is not None and known.measured),
        )

    def _dataset(self, dataset: model.Dataset) -> Dataset:
        return Dataset(
            title=dataset.title,
            description=dataset.description,
            home=Link("Home", dataset.url, url=dataset.url) if dataset.url else None,
            license=dataset.license,
            split=dataset.split,
            samples=_grouped(dataset.samples),
            classes=_grouped(dataset.classes),
            notes=tuple(_CITED.sub(self._number, note) for note in dataset.notes),
        )

    def _number(self, cited: re.Match[str]) -> str:
        paper = self.zoo.papers.get(cited[1])
        return f"[{paper.number}]" if paper else cited[0]

    def _papers(self, entries: Iterable[model.Entry], datasets: Iterable[str]) -> Iterable[Paper]:
        """Give the papers of the entries, and those that the data sets' notes cite."""
        notes = [note for key in datasets for note in self.zoo.datasets[key].notes]
        keys = [key for entry in entries for key in entry.papers]
        keys += [key for note in notes for key in _CITED.findall(note)]
        known = {self.zoo.papers[key].number: key for key in keys if key in self.zoo.papers}
        return (_paper(self.zoo.papers[known[number]]) for number in sorted(known))

    def _history(self, entries: Sequence[model.Entry]) -> Iterable[Check]:
        """Give the verifications of the entries' numbers, the newest first."""
        labels = {entry.hashtag: label(entry) for entry in entries}
        for path, receipt in self.history.get(entries[0].name, ()):
            if receipt.number.hashtag in labels:
                file = self.locate(path)
                yield Check(
                    date=receipt.date,
                    label=labels[receipt.number.hashtag],
                    number=self._number_title(receipt),
                    tier=str(receipt.tier),
                    verdict=str(receipt.verdict),
                    count=_counted(receipt),
                    tool=receipt.tool,
                    receipt=Link("Receipt", "receipt", file=file),
                )

    def _number_title(self, receipt: Receipt) -> str:
        """Give a number in words: ``UCF101 Top-1 83.4``; keys stand for what is gone."""
        key = receipt.number
        dataset = self.zoo.datasets.get(key.dataset)
        metric = self.zoo.metrics.get(key.metric)
        titles = (dataset.title if dataset else key.dataset, metric.title if metric else key.metric)
        return " ".join((*titles, receipt.listed))


def label(entry: model.Entry) -> str:
    """Give what tells an entry from the others of its name."""
    return entry.hashtag or NO_HASHTAG


def _address(entry: model.Entry) -> Link | None:
    """Give the link to weights that are not beside the manifest."""
    if not entry.weights or entry.weights_file:
        return None
    name = entry.weights.rstrip("/").rpartition("/")[2]
    return Link("File", name or entry.weights, url=entry.weights)


def _said(entries: Sequence[model.Entry], field_name: str) -> tuple[Said, ...]:
    """Give the texts of a field, each once, with the weights that it is about."""
    labels: dict[str, list[str]] = {}
    for entry in entries:
        text = getattr(entry, field_name)
        if text:
            labels.setdefault(text, []).append(label(entry))
    return tuple(
        Said(text, () if len(of) == len(entries) else tuple(of)) for text, of in labels.items()
    )


def _standing(status: Status, *, counted: bool) -> str:
    """Give a status in words, without its count where that is ``counted`` beside it."""
    text = status_text(status)
    return text.removesuffix(f", {count_text(status)}") if counted else text


def _protocol(protocol: model.Protocol) -> Protocol:
    settings = protocol.settings.items()
    facts = tuple(Fact(name, str(value)) for name, value in settings)
    return Protocol(protocol.key, protocol.recognizer, facts)


def _paper(paper: model.Paper) -> Paper:
    *others, last = paper.authors or ("",)
    return Paper(
        label=f"[{paper.number}]",
        key=paper.key,
        authors=f"{', '.join(others)} and {last}" if others else last,
        link=Link("Paper", paper.title, url=paper.url),
        appeared=", ".join(str(part) for part in (paper.published, paper.year) if part),
        bibtex=bibtex_entry(paper).rstrip("\n"),
    )


def _counted(receipt: Receipt) -> str:
    counted = f"{receipt.correct} of {receipt.n}"
    return counted if receipt.n == receipt.total else f"{counted} checked, of {receipt.total}"


def _grouped(amount: int | None) -> str:
    return "" if amount is None else f"{amount:,}"
