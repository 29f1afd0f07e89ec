"""What kind of number a metric is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from sphinx_modelzoo.manifest.model import Metric, Number

_COST_WORDS = frozenset(
    {
        "batch",
        "epoch",
        "epochs",
        "flops",
        "fps",
        "gflops",
        "gmacs",
        "latency",
        "macs",
        "madds",
        "memory",
        "mflops",
        "param",
        "parameters",
        "params",
        "pixels",
        "resolution",
        "size",
        "speed",
        "throughput",
        "time",
    }
)
_COST_UNITS = re.compile(
    r"[kmgt]?i?b|[kmgt]|[kmgt]?(flops?|macs?|params?)|fps|hz|px|pixels|[mun]?s|sec|h|hours?|w|j"
    r"|(img|images|clips|videos|frames)/s",
    re.IGNORECASE,
)
_ERROR = re.compile(r"(?:^|[^a-z])(err|error|errors)(?:[^a-z]|$)")

# Families of metrics: the number in the key, and whether a larger one is looser.
_NESTED = (
    (re.compile(r"(?P<before>(?:.*[^a-z])?)top[_.-]?(?P<number>\d{1,3})(?P<after>(?!\d).*)"), 1),
    (
        re.compile(r"(?P<before>.*(?:recall|hits|pass)_at_)(?P<number>\d{1,3})(?P<after>(?!\d).*)"),
        1,
    ),
    (re.compile(r"(?P<before>.*delta[_.]?)(?P<number>[123])(?P<after>)"), 1),
    (re.compile(r"(?P<before>.*ap)[_.]?(?P<number>50|75)(?P<after>(?!\d).*)"), -1),
)
# AP is the mean over the overlaps 0.50 to 0.95, and each of those is at most AP50.
_MEAN_AP = re.compile(r"(?P<before>.*ap)(?P<half>[_.]?50)?(?P<after>(?:[_.-][a-z].*)?)")


def is_cost(metric: Metric) -> bool:
    """Tell whether a metric is what a model costs, such as FLOPs, and not how good it is."""
    if metric.top is not None:
        return False
    words = set(re.findall(r"[a-z0-9]+", f"{metric.key} {metric.title}".lower()))
    return bool(words & _COST_WORDS) or bool(_COST_UNITS.fullmatch(metric.unit.strip()))


def last_digit(number: Number) -> Decimal:
    """Give one unit of the last digit that is written."""
    return Decimal(1).scaleb(-number.decimals)


def same_rounded(first: Number, second: Number) -> bool:
    """Tell whether two numbers can be one value, rounded or cut to their digits."""
    coarse = max(last_digit(first), last_digit(second))
    if first.decimals == second.decimals:
        return first.value == second.value
    return abs(first.value - second.value) < coarse


def falls(metric: Metric) -> bool:
    """Tell whether the smaller number is the better one."""
    if metric.direction:
        return metric.direction == "lower"
    return bool(_ERROR.search(metric.key.lower()))


def looseness(metric: Metric) -> Iterator[tuple[str, int]]:
    """Give the families of metrics that this one is in, with how loose it is in each.

    What a stricter metric of a family counts, a looser one counts too: top-5 all of top-1.
    """
    if metric.top is not None:
        yield "top", metric.top
        return
    key = metric.key.lower()
    for pattern, sign in _NESTED:
        match = pattern.fullmatch(key)
        if match:
            yield f"{match['before']}N{match['after']}", sign * int(match["number"])
    match = _MEAN_AP.fullmatch(key)
    if match:
        yield f"{match['before']}{match['after']}", 1 if match["half"] else 0
