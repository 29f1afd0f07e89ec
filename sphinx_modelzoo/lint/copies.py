"""Rule on rows that have all their numbers alike: copied from one to the other, most likely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sphinx_modelzoo.lint.chance import Coincidence, Column, coincidence
from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.metrics import is_cost
from sphinx_modelzoo.lint.names import canonical, stem
from sphinx_modelzoo.lint.rule import Example, Options, Rule
from sphinx_modelzoo.lint.weights import same_weights
from sphinx_modelzoo.manifest.model import Entry, Metric, Result, Zoo
from sphinx_modelzoo.manifest.numbers import scale

# Fewer than this many pairs alike by chance: then they are not alike by chance.
_RARE = 0.05
# One metric alone must be written this finely, and be this rare.
_FINE = 3
_VERY_RARE = 0.001

Key = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A result of an entry, with what identifies its weights."""

    entry: Entry
    result: Result
    weights: int


@dataclass(slots=True)
class _Table:
    """The rows that list the same metrics, and how likely they are alike by chance."""

    metrics: Sequence[Metric]
    zoo: Zoo
    rows: dict[str, list[_Row]] = field(default_factory=dict)
    known: dict[frozenset[str], Coincidence] = field(default_factory=dict)

    def chance(self, datasets: frozenset[str]) -> Coincidence:
        """Give how likely two rows on these data sets are alike by chance."""
        if datasets not in self.known:
            rows = [row for dataset in sorted(datasets) for row in self.rows[dataset]]
            self.known[datasets] = coincidence(self._columns(rows, datasets), len(rows))
        return self.known[datasets]

    def _columns(self, rows: Sequence[_Row], datasets: frozenset[str]) -> list[Column]:
        """Give the columns of the rows that differ, so that copies do not narrow the spread."""
        different = {tuple(row.result.numbers[m.key].value for m in self.metrics) for row in rows}
        counts = [self.zoo.datasets[key].samples for key in datasets if key in self.zoo.datasets]
        columns = []
        for position, metric in enumerate(self.metrics):
            values = [float(row[position]) for row in different]
            decimals = Counter(row.result.numbers[metric.key].decimals for row in rows)
            step = 10.0 ** -decimals.most_common(1)[0][0]
            whole = float(scale(metric))
            if metric.top is not None:
                step = max([step, *(whole / count for count in counts if count)])
            elif metric.unit != "%":
                whole = max(abs(value) for value in values)
            columns.append(Column(values, step, whole))
        return columns


def _copied(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    weights = same_weights(zoo)
    tables: dict[tuple[str, ...], _Table] = {}
    alike: dict[Key, list[_Row]] = {}
    quality = [metric for metric in zoo.metrics.values() if not is_cost(metric)]
    for position, entry in enumerate(zoo.entries):
        for result in entry.results:
            metrics = [metric for metric in quality if metric.key in result.numbers]
            if not metrics:
                continue
            keys = tuple(metric.key for metric in metrics)
            row = _Row(entry, result, weights[position])
            table = tables.setdefault(keys, _Table(metrics, zoo))
            table.rows.setdefault(result.dataset, []).append(row)
            alike.setdefault(tuple((key, result.numbers[key].value) for key in keys), []).append(
                row
            )
    for key, rows in alike.items():
        if len(rows) > 1:
            yield from _of_group(tables[tuple(name for name, _ in key)], rows)


def _of_group(table: _Table, rows: Sequence[_Row]) -> Iterator[Remark]:
    """Compare rows that are alike with the first of them."""
    origin = rows[0]
    seen: set[tuple[int, str]] = set()
    names: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        about = row.weights, row.result.dataset
        name = canonical(row.entry.name)
        models = names.setdefault((stem(row.entry.name), row.result.dataset), set())
        variant = bool(models - {name})
        if about not in seen and not variant and row is not origin:
            datasets = frozenset({row.result.dataset, origin.result.dataset})
            if _suspicious(table, row, table.chance(datasets)):
                yield _remark(table, row, origin)
        seen.add(about)
        models.add(name)


def _suspicious(table: _Table, row: _Row, chance: Coincidence) -> bool:
    numbers = [row.result.numbers[metric.key] for metric in table.metrics]
    if any(n.value in {0, scale(m)} for n, m in zip(numbers, table.metrics, strict=True)):
        return False
    if chance.informative > 1:
        return chance.expected < _RARE
    return chance.expected < _VERY_RARE and max(number.decimals for number in numbers) >= _FINE


def _remark(table: _Table, row: _Row, origin: _Row) -> Remark:
    numbers = [row.result.numbers[metric.key] for metric in table.metrics]
    listed = ", ".join(
        f"{metric.key} {number.text}" for metric, number in zip(table.metrics, numbers, strict=True)
    )
    line = origin.result.numbers[table.metrics[0].key].place.line
    whose = "these weights" if origin.weights == row.weights else origin.entry.key
    on = "" if origin.result.dataset == row.result.dataset else f" on {origin.result.dataset}"
    what = f"{listed}: to the last digit as in line {line} for {whose}{on}"
    remedy = "write what was measured here; nearly always one was copied from the other"
    return Remark(what, remedy, numbers[0].place, row.entry.key)


COPIED = Rule(
    code="ZOO205",
    name="copied-numbers",
    summary="Two rows have the same full set of numbers: one was copied from the other.",
    explanation=(
        "Different weights, or one set of weights on different data sets, hardly ever have all "
        "numbers alike. The rule asks how many pairs of rows would be alike by chance, from how "
        "far the table's numbers lie apart, how many digits they have and how the metrics depend "
        "on each other, and speaks when that is less than 0.05. A single metric of one or two "
        "decimals never is enough. Costs such as FLOPs are left out, and so are variants of one "
        "model that differ by precision, file format or input size."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {kinetics400: {}}\n"
        "models:\n"
        "  - {name: tsm_r50, dataset: kinetics400, top1: 73.18, top5: 90.56}\n"
        "  - {name: tsm_r101, dataset: kinetics400, top1: 73.18, top5: 90.56}\n"
    ),
    right=Example(
        "datasets: {kinetics400: {}}\n"
        "models:\n"
        "  - {name: tsm_r50, dataset: kinetics400, top1: 73.18, top5: 90.56}\n"
        "  - {name: tsm_r101, dataset: kinetics400, top1: 73.18, top5: 91.04}\n"
    ),
    check=_copied,
)
