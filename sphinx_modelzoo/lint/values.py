"""Rules on single numbers and on the numbers of one result: out of range, in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.lint.metrics import falls, is_cost, last_digit, looseness
from sphinx_modelzoo.lint.rule import Example, Options, Rule
from sphinx_modelzoo.manifest.model import Entry, Metric, Number, Result, Zoo
from sphinx_modelzoo.manifest.numbers import scale

# A percentage below one among others of ten and more is a fraction that was not multiplied.
_FRACTION = Decimal(1)
_PERCENT = Decimal(10)
_COMPANY = 2


def _out_of_range(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    bounds = {key: _bounds(metric) for key, metric in zoo.metrics.items()}
    for entry, result in zoo.rows():
        for key, number in result.numbers.items():
            low, high = bounds[key]
            metric = zoo.metrics[key]
            if (low is not None and number.value < low) or (
                high is not None and number.value > high
            ):
                limits = f"from {low} to {high}" if high is not None else f"from {low}"
                unit = f" ({metric.unit})" if metric.unit else ""
                what = f"{key} is {number.text}, and {metric.title} goes {limits}{unit}"
                remedy = "write the number that was measured, or the metric's right unit"
                yield Remark(what, remedy, number.place, entry.key)


def _bounds(metric: Metric) -> tuple[int | None, int | None]:
    """Give a metric's least and greatest value; None where there is none.

    A share of items has both. An error rate in percent may exceed 100, as a word error rate does.
    Any other unit says nothing.
    """
    if metric.top is not None:
        return 0, scale(metric)
    if metric.unit == "%" and not is_cost(metric):
        return 0, None if metric.direction == "lower" else scale(metric)
    return None, None


def _fraction(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    columns: dict[tuple[str, str], list[tuple[Entry, Number]]] = {}
    for entry, result in zoo.rows():
        for key, number in result.numbers.items():
            columns.setdefault((result.dataset, key), []).append((entry, number))
    for (_, key), column in columns.items():
        metric = zoo.metrics[key]
        if metric.unit != "%" or is_cost(metric) or len(column) <= _COMPANY:
            continue
        small = [pair for pair in column if 0 < pair[1].value < _FRACTION]
        typical = sorted(number.value for _, number in column)[len(column) // 2]
        if len(small) * _COMPANY >= len(column) or typical < _PERCENT:
            continue
        for entry, number in small:
            what = f"{key} is {number.text}, where the others on this data set are around {typical}"
            remedy = f"write it in percent, as {(number.value * 100).normalize():f}"
            yield Remark(what, remedy, number.place, entry.key)


def _order(zoo: Zoo, options: Options) -> Iterator[Remark]:
    del options
    families: dict[str, list[tuple[int, Metric]]] = {}
    for metric in zoo.metrics.values():
        for name, loose in looseness(metric):
            families.setdefault(f"{name} {metric.unit} {falls(metric)}", []).append((loose, metric))
    ordered = [sorted(family, key=_looseness) for family in families.values() if len(family) > 1]
    for entry, result in zoo.rows():
        if len(result.numbers) > 1:
            for family in ordered:
                yield from _disorder(entry, result, family)


def _looseness(pair: tuple[int, Metric]) -> int:
    return pair[0]


def _disorder(entry: Entry, result: Result, family: list[tuple[int, Metric]]) -> Iterator[Remark]:
    listed = [(loose, metric) for loose, metric in family if metric.key in result.numbers]
    for (strictness, strict), (looser, loose) in pairwise(listed):
        small, large = result.numbers[strict.key], result.numbers[loose.key]
        down = falls(loose)
        if strictness < looser and _exceeds(*((large, small) if down else (small, large))):
            word = "above" if down else "below"
            what = (
                f"{loose.key} is {large.text}, {word} {strict.key} with {small.text}, "
                f"but {loose.title} counts all that {strict.title} counts"
            )
            yield Remark(what, "look whether they were exchanged", large.place, entry.key)


def _exceeds(first: Number, second: Number) -> bool:
    """Tell whether one number is above another whatever their rounding."""
    slack = 0 if first.decimals == second.decimals else max(last_digit(first), last_digit(second))
    return first.value - second.value > slack


OUT_OF_RANGE = Rule(
    code="ZOO201",
    name="out-of-range",
    summary="A number lies outside what its metric can be.",
    explanation=(
        "A metric with `top` is a share of the items: from 0 to 100 when its unit is %, from 0 to "
        "1 for any other unit. A metric in % goes from 0 to 100, and one of which less is better "
        "from 0. Other metrics have no bounds: `flops` may be 4100, a loss may be negative."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "datasets: {ucf101: {}}\nmodels:\n  - {name: vgg16_ucf101, dataset: ucf101, top1: 834}\n"
    ),
    right=Example(
        "datasets: {ucf101: {}}\n"
        "metrics: {flops: {unit: GFLOPs}}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 83.4, flops: 154.8}\n"
    ),
    check=_out_of_range,
)

FRACTION = Rule(
    code="ZOO202",
    name="fraction-for-percent",
    summary="A number below 1 stands in a column of percentages.",
    explanation=(
        "Where most numbers of a metric in % on a data set are 10 and more, one below 1 was most "
        "likely measured as a fraction and not multiplied by 100."
    ),
    severity=Severity.WARNING,
    wrong=Example(
        "datasets: {ucf101: {}}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 0.834}\n"
        "  - {name: inceptionv3_ucf101, dataset: ucf101, top1: 88.1}\n"
        "  - {name: i3d_resnet50_v1_ucf101, dataset: ucf101, top1: 95.4}\n"
    ),
    right=Example(
        "datasets: {ucf101: {}}\n"
        "metrics: {top1: {unit: fraction}}\n"
        "models:\n"
        "  - {name: vgg16_ucf101, dataset: ucf101, top1: 0.834}\n"
        "  - {name: inceptionv3_ucf101, dataset: ucf101, top1: 0.881}\n"
        "  - {name: i3d_resnet50_v1_ucf101, dataset: ucf101, top1: 0.954}\n"
    ),
    check=_fraction,
)

ORDER = Rule(
    code="ZOO203",
    name="top5-below-top1",
    summary="A looser metric counts less than a stricter one.",
    explanation=(
        "What is right at top-1 is right at top-5. So it is with all metrics that have `top`, with "
        "keys such as `top1_err` and `top5_err` (where less is better, the other way round), "
        "`recall_at_1` and `recall_at_5`, `delta1` to `delta3`, and with `ap75` or `ap` and `ap50`."
    ),
    severity=Severity.ERROR,
    wrong=Example(
        "datasets: {kinetics400: {}}\n"
        "models:\n"
        "  - {name: tsn_r50, dataset: kinetics400, top1: 90.65, top5: 72.83}\n"
    ),
    right=Example(
        "datasets: {kinetics400: {}}\n"
        "models:\n"
        "  - {name: tsn_r50, dataset: kinetics400, top1: 72.83, top5: 90.65}\n"
    ),
    check=_order,
)
