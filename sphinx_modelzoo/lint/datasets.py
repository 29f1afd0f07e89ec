"""Rule on numbers that stand on another data set than the one that their model is named after."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.names import canonical
from sphinx_modelzoo.lint.rule import Example, Options, Rule
from sphinx_modelzoo.manifest.model import Entry, Zoo

# Of ten models on a data set at least eight are named after it: then names follow data sets.
_CUSTOM = 0.8
# Words of a name that are read as one label: ``something_something_v2``.
_WORDS = 4
_LEAST = 4  # characters of a label; shorter ones stand in names by chance


def _other(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    labels = _labels(zoo)
    if len(zoo.datasets) < 2:  # noqa: PLR2004 - there must be another one
        return
    named = [frozenset(_named(entry.name, labels)) for entry in zoo.entries]
    custom = _custom(zoo, named)
    for entry, after in zip(zoo.entries, named, strict=True):
        on = {result.dataset for result in entry.results}
        if len(after) != 1 or not on or after & on or not (on | after) <= custom:
            continue
        (dataset,) = after
        where = entry.results[0]
        title = zoo.datasets[dataset].title
        what = f"{entry.name} is named after {title}, and its numbers are on {where.dataset}"
        remedy = f"write 'dataset: {dataset}', if they were measured there"
        yield Remark(what, remedy, where.places.get("dataset", where.place), entry.key)


def _labels(zoo: Zoo) -> Mapping[str, str]:
    """Give the data sets by how models' names may write them: key or title, without separators."""
    return {
        label: dataset.key
        for dataset in zoo.datasets.values()
        for label in (_joined(dataset.title), _joined(dataset.key))
        if len(label) >= _LEAST and not label.isdecimal()
    }


def _joined(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def _named(name: str, labels: Mapping[str, str]) -> Iterator[str]:
    words = canonical(name).split("_")[:100]
    for start in range(len(words)):
        for end in range(start + 1, min(start + _WORDS, len(words)) + 1):
            label = "".join(words[start:end])
            if label in labels:
                yield labels[label]


def _custom(zoo: Zoo, named: Iterable[frozenset[str]]) -> frozenset[str]:
    """Give the data sets after which nearly all models on them are named."""
    have: Counter[str] = Counter()
    follow: Counter[str] = Counter()
    for entry, after in zip(zoo.entries, named, strict=True):
        on = _on(entry)
        have.update(on)
        follow.update(on & after)
    return frozenset(key for key in follow if follow[key] >= _CUSTOM * have[key])


def _on(entry: Entry) -> frozenset[str]:
    return frozenset(result.dataset for result in entry.results)


OTHER_DATASET = Rule(
    code="ZOO209",
    name="other-data-set",
    summary="A model is named after one data set, and its numbers stand on another.",
    explanation=(
        "Where at least eight of ten models on a data set carry its key or title in their names, "
        "a model that is named after another such data set has its numbers in the wrong place. "
        "It does not speak of models that have numbers on the data set of their name too, nor of "
        "such as are named after several, as models are that were trained on one and tuned on "
        "another."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {kinetics400: {}, sthv2: {}}\n"
        "models:\n"
        "  - {name: tsn_r50_kinetics400, dataset: kinetics400, top1: 72.83}\n"
        "  - {name: tsn_r101_kinetics400, dataset: kinetics400, top1: 75.89}\n"
        "  - {name: tsm_r50_kinetics400, dataset: kinetics400, top1: 73.18}\n"
        "  - {name: tsm_r101_kinetics400, dataset: kinetics400, top1: 75.12}\n"
        "  - {name: tsm_r50_sthv2, dataset: sthv2, top1: 62.72}\n"
        "  - {name: tsn_r50_sthv2, dataset: kinetics400, top1: 35.51}\n"
    ),
    right=Example(
        "datasets: {kinetics400: {}, sthv2: {}}\n"
        "models:\n"
        "  - {name: tsn_r50_kinetics400, dataset: kinetics400, top1: 72.83}\n"
        "  - {name: tsn_r101_kinetics400, dataset: kinetics400, top1: 75.89}\n"
        "  - {name: tsm_r50_kinetics400, dataset: kinetics400, top1: 73.18}\n"
        "  - {name: tsm_r101_kinetics400, dataset: kinetics400, top1: 75.12}\n"
        "  - {name: tsm_r50_sthv2, dataset: sthv2, top1: 62.72}\n"
        "  - {name: tsn_r50_sthv2, dataset: sthv2, top1: 35.51}\n"
    ),
    check=_other,
)
