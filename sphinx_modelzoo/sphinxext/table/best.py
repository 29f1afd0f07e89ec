"""Which numbers of a column cannot be told from its best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sphinx_modelzoo.manifest.model import Metric, Zoo
from sphinx_modelzoo.receipts.model import NumberKey
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.sphinxext.table.columns import Row, uncertainty_of
from sphinx_modelzoo.statistics.mcnemar import mcnemar_exact

LEVEL = 0.05

Outcomes = Callable[[Row, Metric], Mapping[str, bool] | None]
"""Gives which items a row's model got right, from its evidence; None where there is none."""


@dataclass(frozen=True, slots=True)
class Best:
    """The numbers to mark, and by which comparisons others were told from the best, or not."""

    numbers: frozenset[NumberKey]
    paired: bool = False
    by_interval: bool = False

    def words(self) -> str:
        """Say what the mark means."""
        ways = []
        if self.paired:
            ways.append(
                f"by the exact McNemar test (p of {LEVEL} or more) where the predictions for "
                "each item are on record"
            )
        if self.by_interval:
            ways.append("by exact 95 % intervals that overlap" + (" elsewhere" if ways else ""))
        told = f", or not told apart from it {', '.join(ways)}" if ways else ""
        return f"the best of its column on its data set{told}."


def has_best(metric: Metric) -> bool:
    """Tell whether it is known which numbers of a metric are better."""
    return bool(metric.direction) or metric.top is not None


def find_best(zoo: Zoo, metrics: Iterable[Metric], rows: Iterable[Row], outcomes: Outcomes) -> Best:
    """Find the best number of each metric on each data set, and those not told apart from it.

    Two numbers are compared item by item where there is evidence for both on the same items (exact
    McNemar test at 5 %), else by whether their exact 95 % intervals overlap. A number whose count
    of items is not known is only marked where it is the best or equal to it.
    """
    by_dataset: dict[str, list[Row]] = {}
    for row in rows:
        by_dataset.setdefault(row.result.dataset, []).append(row)
    marked: set[NumberKey] = set()
    paired = by_interval = False
    for metric in metrics:
        for group in by_dataset.values():
            numbered = [row for row in group if metric.key in row.result.numbers]
            if not numbered:
                continue
            best = _best(metric, numbered)
            for row in numbered:
                same, way = _not_told_apart(zoo, metric, best, row, outcomes)
                if same:
                    marked.add(number_key(row.entry, row.result, metric.key))
                paired |= way == "paired"
                by_interval |= way == "interval"
    return Best(frozenset(marked), paired, by_interval)


def _best(metric: Metric, rows: list[Row]) -> Row:
    choose = min if metric.direction == "lower" else max
    return choose(rows, key=lambda row: row.result.numbers[metric.key].value)


def _not_told_apart(
    zoo: Zoo, metric: Metric, best: Row, row: Row, outcomes: Outcomes
) -> tuple[bool, str]:
    """Tell whether a number could be as good as the best, and how that was found."""
    if row.result.numbers[metric.key].value == best.result.numbers[metric.key].value:
        return True, ""
    ours, its = outcomes(row, metric), outcomes(best, metric)
    if ours is not None and its is not None and ours.keys() == its.keys():
        only_best = sum(right and not ours[item] for item, right in its.items())
        only_ours = sum(right and not its[item] for item, right in ours.items())
        return mcnemar_exact(only_best, only_ours) >= LEVEL, "paired"
    known, highest = uncertainty_of(zoo, metric, row), uncertainty_of(zoo, metric, best)
    if known is None or highest is None:
        return False, ""
    return known.overlaps(highest), "interval"
