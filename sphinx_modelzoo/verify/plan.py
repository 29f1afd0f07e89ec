"""From a manifest and the user's choice to the list of runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.model import Dataset, Entry, Metric, Number, Protocol, Result, Zoo
from sphinx_modelzoo.manifest.values import suggestion
from sphinx_modelzoo.receipts.store import file_name


@dataclass(frozen=True, slots=True)
class Run:
    """One entry on one data set under one protocol: what a recognizer does once.

    ``metrics`` are all that the result lists, in the manifest's order.
    """

    entry: Entry
    result: Result
    dataset: Dataset
    protocol: Protocol | None
    metrics: tuple[Metric, ...]

    @property
    def counted(self) -> tuple[Metric, ...]:
        """The metrics that are counted item by item; the others cannot be re-measured."""
        return tuple(metric for metric in self.metrics if metric.top is not None)

    @property
    def tops(self) -> frozenset[int]:
        """Of how many of the best classes the metrics ask whether the label is among them."""
        return frozenset(metric.top for metric in self.counted if metric.top is not None)

    @property
    def title(self) -> str:
        """The run in a few words: ``NAME@HASHTAG on DATASET``."""
        return f"{self.entry.key} on {self.dataset.key}"

    @property
    def file_name(self) -> str:
        """The beginning of the names of files that are of this run alone."""
        parts = (self.entry.key, self.dataset.key, self.result.protocol)
        return file_name(part for part in parts if part)

    @property
    def seed(self) -> str:
        """The seed of the items' order, where the user gives none."""
        return f"{self.entry.key}|{self.dataset.key}|{self.result.protocol}"

    def number(self, metric: Metric) -> Number:
        """Give the number that is listed for a metric."""
        return self.result.numbers[metric.key]


def plan(zoo: Zoo, models: Sequence[str] = (), datasets: Sequence[str] = ()) -> tuple[Run, ...]:
    """Choose what to run, in the manifest's order.

    Args:
        zoo: The manifest.
        models: ``NAME`` or ``NAME@HASHTAG`` of the entries to take; all, where empty.
        datasets: Keys of the data sets to take; all, where empty.

    Raises:
        CallError: a choice fits nothing.
    """
    runs = tuple(
        Run(
            entry,
            result,
            zoo.datasets[result.dataset],
            zoo.protocols.get(result.protocol),
            tuple(zoo.metrics[key] for key in result.numbers),
        )
        for entry, result in zoo.rows()
        if result.numbers
    )
    problems = [*_unknown_models(zoo, models), *check_datasets(zoo, datasets, "--dataset")]
    if problems:
        raise CallError(*problems)
    chosen = tuple(
        run
        for run in runs
        if (not models or run.entry.key in models or run.entry.name in models)
        and (not datasets or run.dataset.key in datasets)
    )
    if not chosen and (models or datasets):
        names = ", ".join((*models, *datasets))
        remedy = "choose a model that lists numbers, and a data set that it lists them on"
        raise CallError(Problem(f"no number is listed for {names}", remedy, str(zoo.path)))
    return chosen


def check_datasets(zoo: Zoo, names: Sequence[str], option: str) -> list[Problem]:
    """Give the problems of names that are no data set of the manifest."""
    return [
        Problem(
            f"{option} {name}: the manifest has no data set {name!r}",
            suggestion(name, zoo.datasets, f"it has {', '.join(zoo.datasets) or 'none'}"),
            str(zoo.path),
        )
        for name in names
        if name not in zoo.datasets
    ]


def _unknown_models(zoo: Zoo, models: Sequence[str]) -> list[Problem]:
    known = {word: None for entry in zoo.entries for word in (entry.name, entry.key)}
    problems = []
    for model in models:
        if model in known:
            continue
        name = model.partition("@")[0]
        same = [entry.key for entry in zoo.entries if entry.name == name]
        remedy = f"it has {', '.join(same)}" if same else suggestion(model, known, "")
        if not remedy:
            remedy = f"it has {', '.join(dict.fromkeys(entry.name for entry in zoo.entries))}"
        what = f"--model {model}: the manifest has no such entry"
        problems.append(Problem(what, remedy, str(zoo.path)))
    return problems
