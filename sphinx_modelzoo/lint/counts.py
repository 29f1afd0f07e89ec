"""Rules on shares of N items: numbers that no count gives, and digits that N cannot carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.rule import Example, Options, Rule
from sphinx_modelzoo.manifest.model import Entry, Metric, Number, Zoo
from sphinx_modelzoo.manifest.numbers import percentage, scale

# Two decimals are written by custom, however few the items are.
_CUSTOMARY = 2
# So many numbers of a column with the same digits are the zoo's way of writing them.
_HABIT = 3


def possible(number: Number, metric: Metric, total: int) -> bool:
    """Tell whether a count of ``total`` items gives a number, rounded or cut to its digits.

    A half may be rounded up or to the even digit, so both ends of the interval are allowed.
    """
    value, digit = Fraction(number.value), Fraction(1, 10**number.decimals)
    least = max(0, ceil((value - digit / 2) * total / scale(metric)))
    share = percentage(least, total, metric)
    return least <= total and share < value + digit


def enough_decimals(metric: Metric, total: int) -> int:
    """Give how many decimals tell apart any two counts of ``total`` items."""
    decimals = 0
    while Fraction(1, 10**decimals) > percentage(1, total, metric):
        decimals += 1
    return decimals


def _counted(zoo: Zoo) -> Iterator[tuple[Entry, str, Number, Metric, int]]:
    """Give the numbers that are a share of a known count of items, with their data set."""
    tops = [metric for metric in zoo.metrics.values() if metric.top is not None]
    for entry, result in zoo.rows():
        dataset = zoo.datasets.get(result.dataset)
        if dataset is None or dataset.samples is None:
            continue
        for metric in tops:
            number = result.numbers.get(metric.key)
            if number is not None and 0 <= number.value <= scale(metric):
                yield entry, dataset.key, number, metric, dataset.samples


def _impossible(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    for entry, dataset, number, metric, total in _counted(zoo):
        if not possible(number, metric, total):
            below = floor(Fraction(number.value) * total / scale(metric))
            near = " and ".join(
                f"{count} are {_written(percentage(count, total, metric), number.decimals)}"
                for count in (below, below + 1)
                if count <= total
            )
            what = f"{metric.key} is {number.text}, which no count of {total} items gives: {near}"
            remedy = f"correct the number, or 'samples' of {dataset}"
            yield Remark(what, remedy, number.place, entry.key)


def _written(share: Fraction, decimals: int) -> str:
    return f"{float(share):.{min(decimals, 15)}f}"


def _digits(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    counted = list(_counted(zoo))
    habits = Counter((dataset, metric.key, n.decimals) for _, dataset, n, metric, _ in counted)
    needed: dict[tuple[str, int], int] = {}
    for entry, dataset, number, metric, total in counted:
        if number.decimals <= _CUSTOMARY:
            continue
        about = (metric.key, total)
        if about not in needed:
            needed[about] = enough_decimals(metric, total)
        spare = number.decimals - needed[about]
        habit = habits[dataset, metric.key, number.decimals] >= _HABIT
        exact = (Fraction(number.value) * total / scale(metric)).denominator == 1
        if (
            (spare > 1 or (spare == 1 and not habit))
            and not exact
            and possible(number, metric, total)
        ):
            step = _written(percentage(1, total, metric), needed[about] + 1)
            what = (
                f"{metric.key} is {number.text}, and one item of {total} changes it by {step}: "
                f"{number.decimals} decimals say more than was counted"
            )
            remedy = f"write {max(_CUSTOMARY, needed[about])} decimals"
            yield Remark(what, remedy, number.place, entry.key)


IMPOSSIBLE = Rule(
    code="ZOO206",
    name="impossible-number",
    summary="No count of the data set's items gives this number.",
    explanation=(
        "A metric with `top` is a count of right items among the data set's `samples`. Of 1530 "
        "items 1020 are 66.67 % and 1021 are 66.73 %, so 66.70 is of another data set, of another "
        "split, a mean of several, or a slip. Rounding to the nearest digit and cutting off are "
        "both understood."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "datasets: {hmdb51: {samples: 1530}}\n"
        "models:\n"
        "  - {name: resnet50_v1b_hmdb51, dataset: hmdb51, top1: 66.70}\n"
    ),
    right=Example(
        "datasets: {hmdb51: {samples: 1530}}\n"
        "models:\n"
        "  - {name: resnet50_v1b_hmdb51, dataset: hmdb51, top1: 66.73}\n"
    ),
    check=_impossible,
)

DIGITS = Rule(
    code="ZOO207",
    name="too-many-digits",
    summary="A number has more digits than the data set's items can carry.",
    explanation=(
        "One item of 1530 is 0.065 points: two decimals tell all counts apart, and a third says "
        "nothing. Two decimals are always allowed, an exact share such as 97.125 is, and so is a "
        "whole column that is written with one digit too many."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {hmdb51: {samples: 1530}}\n"
        "models:\n"
        "  - {name: resnet50_v1b_hmdb51, dataset: hmdb51, top1: 66.7320}\n"
    ),
    right=Example(
        "datasets: {hmdb51: {samples: 1530}}\n"
        "models:\n"
        "  - {name: resnet50_v1b_hmdb51, dataset: hmdb51, top1: 66.73}\n"
    ),
    check=_digits,
)
