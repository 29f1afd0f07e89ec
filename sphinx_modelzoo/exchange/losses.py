"""What a format cannot carry, said entry by entry and field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sphinx_modelzoo.manifest.model import Dataset, Entry, Metric, Place, Zoo

_ENTRY_FIELDS = (
    *("hashtag", "weights", "sha1", "sha256", "size", "parameters", "license", "description"),
    *("released", "intended_use", "limitations", "papers", "tags", "note", "details", "ignore"),
)
_DATASET_FIELDS = (
    "description",
    "url",
    "license",
    "split",
    "samples",
    "classes",
    "notes",
    "root",
    "list",
    "media",
    "template",
    "require",
)
_METRIC_FIELDS = ("unit", "direction", "tolerance", "decimals")


@dataclass(slots=True)
class Losses:
    """The lines of one export: what of which part its format has no place for."""

    lines: list[str] = field(default_factory=list)

    def lost(self, where: str, what: str, why: str = "") -> None:
        """Note that a field was not carried; ``where`` is an entry's key or a part's."""
        line = f"{where}: {what} not carried" + (f": {why}" if why else "")
        if line not in self.lines:
            self.lines.append(line)

    def check(self, zoo: Zoo, carried: Collection[str]) -> None:
        """Note each field of the manifest that is given and not among the carried ones.

        Fields of entries are named as in the model (``papers``); others with their part:
        ``zoo.usage``, ``papers.authors``, ``datasets.notes``, ``metrics.unit``,
        ``results.protocol``, ``links``.
        """
        for where, what, name in (
            *_zoo_fields(zoo),
            *(each for dataset in zoo.datasets.values() for each in _dataset_fields(dataset)),
            *(each for metric in zoo.metrics.values() for each in _metric_fields(metric)),
            *_entries_fields(zoo),
        ):
            if name not in carried:
                self.lost(where, what)


def _zoo_fields(zoo: Zoo) -> Iterator[tuple[str, str, str]]:
    for key in ("title", "description", "loader", "usage"):
        if getattr(zoo, key):
            yield "the zoo", key, f"zoo.{key}"
    for paper in zoo.papers.values():
        if paper.authors or paper.published or paper.year:
            yield f"paper {paper.key}", "authors, year and where it was published", "papers.authors"
    for protocol in zoo.protocols.values():
        yield f"protocol {protocol.key}", "recognizer", "protocols.recognizer"
    for tag in zoo.tags.values():
        if tag.text or tag.style:
            yield f"tag {tag.key}", "text and style", "tags.text"


def _dataset_fields(dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    plain = Dataset(dataset.key, dataset.title, Place("", 1, 1))
    for key in _DATASET_FIELDS:
        if getattr(dataset, key) != getattr(plain, key):
            yield f"data set {dataset.key}", key, f"datasets.{key}"


def _metric_fields(metric: Metric) -> Iterator[tuple[str, str, str]]:
    if metric.place.line == 1 and metric.key in {"top1", "top5"}:
        return  # not declared: everyone's
    for key in _METRIC_FIELDS:
        if getattr(metric, key) is not None and getattr(metric, key) != "":
            yield f"metric {metric.key}", key, f"metrics.{key}"


def _entries_fields(zoo: Zoo) -> Iterator[tuple[str, str, str]]:
    names = Counter(entry.name for entry in zoo.entries)
    for entry in zoo.entries:
        for key in _ENTRY_FIELDS:
            if getattr(entry, key):
                yield entry.key, key, key
        if entry.default and names[entry.name] > 1:
            yield entry.key, "default", "default"
        if entry.architecture != entry.name:
            yield entry.key, "architecture", "architecture"
        yield from _results_fields(entry)


def _results_fields(entry: Entry) -> Iterator[tuple[str, str, str]]:
    for result in entry.results:
        if result.protocol:
            yield entry.key, f"protocol {result.protocol}", "results.protocol"
        if result.evidence:
            yield entry.key, "evidence", "results.evidence"
        for key, link in result.links.items():
            yield entry.key, f"link {key}", "links"
            if link.file:
                yield entry.key, f"link {key} to a file", "links.file"
