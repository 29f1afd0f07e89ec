from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.plots.scale import Scale, span, ticks, wants_log

VALUES = st.lists(
    st.floats(-1e100, 1e100, allow_subnormal=False).filter(lambda v: v == 0 or abs(v) > 1e-100),
    min_size=1,
    max_size=6,
)
POSITIVE = st.lists(st.floats(1e-100, 1e100, exclude_min=True), min_size=1, max_size=6)


def texts(low: float, high: float, *, log: bool = False, whole: bool = False) -> list[str]:
    return [f"{tick.normalize():f}" for tick in ticks(low, high, log=log, whole=whole)]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (79.0, 92.5, ["80", "82", "84", "86", "88", "90", "92"]),
        (0.0, 1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (-3.0, 3.0, ["-3", "-2", "-1", "0", "1", "2", "3"]),
        (0.0, 45e6, ["0", "10000000", "20000000", "30000000", "40000000"]),
    ],
)
def test_linear_ticks_are_few_and_round(low: float, high: float, expected: list[str]) -> None:
    assert texts(low, high) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (3e6, 1.6e8, ["5000000", "10000000", "20000000", "50000000", "100000000"]),
        (0.25, 80, ["0.5", "1", "2", "5", "10", "20", "50"]),
        (0.25, 400, ["0.3", "1", "3", "10", "30", "100", "300"]),
        (0.9e-3, 1.1e3, ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]),
    ],
)
def test_logarithmic_ticks_are_few_and_round(low: float, high: float, expected: list[str]) -> None:
    assert texts(low, high, log=True) == expected


def test_years_are_whole() -> None:
    assert texts(2015.5, 2018.5, whole=True) == ["2016", "2017", "2018"]
    assert texts(2015.5, 2016.5, whole=True) == ["2016"]
    assert texts(1990, 2026, whole=True) == ["1990", "2000", "2010", "2020"]


def test_a_logarithmic_scale_is_wanted_where_values_spread_far() -> None:
    assert wants_log([1e6, 1e8])
    assert not wants_log([1e6, 2e7])
    assert not wants_log([0, 1e8])
    assert not wants_log([])


def test_a_scale_takes_equal_ratios_to_equal_lengths_when_logarithmic() -> None:
    scale = Scale(1, 100, 0, 200, log=True)
    assert [round(scale.at(value)) for value in (1, 10, 100)] == [0, 100, 200]
    assert scale.at(1000) == 200, "what is beyond the end is put there"


def test_percentages_keep_their_ends() -> None:
    assert span([99.0, 100.0], log=False, whole=False, percent=True)[1] == 100
    assert span([0.0, 50.0], log=False, whole=False, percent=True)[0] == 0
    assert span([99.0, 120.0], log=False, whole=False, percent=True)[1] > 120


@given(VALUES, st.booleans())
def test_an_axis_holds_all_its_values_and_has_few_ticks(values: list[float], whole: bool) -> None:  # noqa: FBT001
    low, high = span(values, log=False, whole=whole, percent=False)
    check(values, low, high, ticks(low, high, log=False, whole=whole), log=False)


@given(POSITIVE)
def test_a_logarithmic_axis_holds_all_its_values_and_has_few_ticks(values: list[float]) -> None:
    low, high = span(values, log=True, whole=False, percent=False)
    check(values, low, high, ticks(low, high, log=True, whole=False), log=True)


def check(values: list[float], low: float, high: float, found: list[Decimal], *, log: bool) -> None:
    assert low <= min(values) <= max(values) <= high
    assert 1 <= len(found) <= 7
    assert all(Decimal(low) <= tick <= Decimal(high) for tick in found)
    scale = Scale(low, high, 10, 500, log)
    places = [scale.at(value) for value in sorted(values)]
    assert all(math.isfinite(place) and 10 <= place <= 500 for place in places)
    assert places == sorted(places)
