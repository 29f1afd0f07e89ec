"""The counts that a listed number stands for are exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.manifest.model import Metric, Number, Place
from sphinx_modelzoo.manifest.numbers import Band, band, percentage, tolerance

PLACE = Place("zoo.yaml", 1, 1)


def number(text: str) -> Number:
    return Number(text, Decimal(text), PLACE)


def metric(unit: str = "%", allowed: str | None = None) -> Metric:
    return Metric("top1", "Top-1", PLACE, unit, tolerance=Decimal(allowed) if allowed else None)


@pytest.mark.parametrize(
    ("listed", "total", "allowed", "expected"),
    [
        ("83.4", 3783, "0", Band(3154, 3156)),
        ("83.4", 3783, "0.25", Band(3144, 3166)),
        ("66.70", 1530, "0", Band(1021, 1020)),
        ("100.0", 10, "0.5", Band(10, 10)),
        ("0", 10, "0", Band(0, 0)),
        ("834", 3783, "0.5", Band(31513, 3783)),
    ],
)
def test_a_band_holds_the_counts_within_rounding_and_tolerance(
    listed: str, total: int, allowed: str, expected: Band
) -> None:
    assert band(number(listed), metric(), total, Fraction(allowed)) == expected


def test_a_fraction_is_scaled_as_its_unit_says() -> None:
    found = band(number("0.834"), metric(unit="fraction"), 3783, Fraction(0))
    assert found == band(number("83.4"), metric(), 3783, Fraction(0))


@given(
    total=st.integers(1, 50_000),
    listed=st.decimals(0, 100, places=2),
    allowed=st.decimals(0, 2, places=2),
    data=st.data(),
)
def test_a_count_is_in_the_band_exactly_when_it_is_near_enough(
    total: int, listed: Decimal, allowed: Decimal, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, total))
    found = band(number(str(listed)), metric(), total, Fraction(allowed))
    distance = abs(Fraction(100 * count, total) - Fraction(listed))
    assert (count in found) == (distance <= Fraction(1, 200) + Fraction(allowed))


def test_the_customary_tolerance_is_wider_for_video() -> None:
    assert tolerance(metric(), "videos") == Fraction(1, 2)
    assert tolerance(metric(), "frames") == Fraction(1, 2)
    assert tolerance(metric(), "") == Fraction(1, 4)
    assert tolerance(metric(unit="fraction"), "") == Fraction(1, 400)
    assert tolerance(metric(allowed="0.1"), "videos") == Fraction(1, 10)


def test_a_percentage_is_exact() -> None:
    assert percentage(1, 3, metric()) == Fraction(100, 3)
