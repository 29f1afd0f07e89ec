"""A zoo to be written: what an import found, before it becomes a manifest's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sphinx_modelzoo.exchange.words import slug, unused
from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.manifest.entries import TEXTS
from sphinx_modelzoo.manifest.model import (
    Dataset,
    LinkTemplate,
    Metric,
    Paper,
    Place,
    Tag,
    Usage,
)

FIELDS = frozenset(
    {
        *(field.key for section in (fields.ENTRY, fields.RESULT) for field in section.fields),
        *("results", *TEXTS),
    }
)
"""The fields of a model, which no metric or link may be called."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a foreign table: one model's numbers on one data set under one protocol.

    ``settings`` are the protocol's, ``numbers`` the texts by metric, ``links`` the targets by kind
    of link; ``default`` is None where the source does not say. ``remarks`` become comments.
    """

    name: str
    place: Place
    hashtag: str = ""
    default: bool | None = None
    dataset: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    architecture: str = ""
    weights: str = ""
    sha1: str = ""
    sha256: str = ""
    size: int | None = None
    parameters: int | None = None
    license: str = ""
    description: str = ""
    papers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The entry as commands write it: ``NAME@HASHTAG``, or the name alone."""
        return f"{self.name}@{self.hashtag}" if self.hashtag else self.name


@dataclass(slots=True)
class Draft:
    """A zoo under construction: an importer adds what it finds, and the writer takes it.

    ``recognizer`` is what protocols name. ``remarks`` are comments, by section and key
    (``papers.he2016deep``, ``links``) or, under the empty text, at the top. ``details`` are the
    titles of entries' details, ``folders`` those of the tables that were imported. ``defaults``
    are the hashes of the loader's default weights by its name in lower case, where they are known.
    """

    title: str = ""
    description: str = ""
    loader: str = ""
    recognizer: str = ""
    usage: Usage | None = None
    papers: dict[str, Paper] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    links: dict[str, LinkTemplate] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    metrics: dict[str, Metric] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    defaults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def remark(self, text: str, section: str = "") -> None:
        """Add a comment, once."""
        remarks = self.remarks.setdefault(section, [])
        if text not in remarks:
            remarks.append(text)

    def add_paper(self, paper: Paper) -> str:
        """Add a paper, once, and give its key: another where its own means another paper."""
        for key, known in self.papers.items():
            same_address = bool(paper.url) and paper.url == known.url
            if same_address or paper.title.casefold() == known.title.casefold():
                return key
        key = unused(paper.key, self.papers)
        self.papers[key] = replace(paper, key=key, number=len(self.papers) + 1)
        return key

    def drop_papers(self) -> None:
        """Drop the papers that neither a row nor a note cites."""
        notes = " ".join(note for dataset in self.datasets.values() for note in dataset.notes)
        cited = {key for row in self.rows for key in row.papers}
        cited |= {key for key in self.papers if f"[@{key}]" in notes}
        self.papers = {key: paper for key, paper in self.papers.items() if key in cited}

    def detail(self, title: str) -> str:
        """Give the title for a detail: the first of those that differ in case or number only."""
        plain = slug(title).rstrip("s")
        return self.details.setdefault(plain, title)

    def add_dataset(self, dataset: Dataset) -> str:
        """Add a data set, once, and give its key; notes of one that is known are added to it."""
        known = self.datasets.get(dataset.key)
        if known is None:
            self.datasets[dataset.key] = dataset
        else:
            notes = tuple(note for note in dataset.notes if note not in known.notes)
            split = known.split or dataset.split
            self.datasets[dataset.key] = replace(known, split=split, notes=(*known.notes, *notes))
        return dataset.key

    def add_metric(self, metric: Metric) -> str:
        """Add a metric, once, and give its key: another where that is a field's or a link's."""
        taken = metric.key in FIELDS or metric.key in self.links
        key = f"{metric.key}_metric" if taken else metric.key
        self.metrics.setdefault(key, replace(metric, key=key))
        return key

    def add_link(self, link: LinkTemplate) -> str:
        """Add a kind of link, once, and give its key: another where that is a field's."""
        taken = link.key in FIELDS or link.key in self.metrics
        key = f"{link.key}_link" if taken else link.key
        self.links.setdefault(key, replace(link, key=key))
        return key

    def add_tag(self, name: str, place: Place, style: str = "") -> str:
        """Add a tag, once, and give its key."""
        key = slug(name, separator="-")
        self.tags.setdefault(key, Tag(key, place, style=style))
        return key
