"""The interval and the test against exact sums over all outcomes."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.statistics.intervals import clopper_pearson
from sphinx_modelzoo.statistics.mcnemar import mcnemar_exact


def upper_tail(k: int, n: int, p: Fraction) -> Fraction:
    terms = (math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
    return sum(terms, Fraction(0))


def exact_lower(k: int, n: int, tail: Fraction) -> Fraction:
    """Halve until the bound is known to 2^-60."""
    low, high = 0, 2**60
    while high - low > 1:
        middle = (low + high) // 2
        if upper_tail(k, n, Fraction(middle, 2**60)) < tail:
            low = middle
        else:
            high = middle
    return Fraction(low, 2**60)


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.99, 0.999999])
@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 2), (3, 10), (9, 10), (10, 10), (40, 50)])
def test_the_lower_bound_gives_so_many_or_more_with_half_the_rest(k, n, confidence):
    tail = (1 - Fraction(confidence)) / 2
    interval = clopper_pearson(k, n, confidence)
    assert abs(interval.low - exact_lower(k, n, tail)) < 1e-12
    mirrored = clopper_pearson(n - k, n, confidence)
    assert abs(mirrored.high - (1 - exact_lower(k, n, tail))) < 1e-12


def decimal_upper_tail(k: int, n: int, p: float) -> Decimal:
    """Sum the tail in 60 digits, from the largest term on."""
    with localcontext() as context:
        context.prec = 60
        share = Decimal(p)
        odds = share / (1 - share)
        term = math.comb(n, k) * share**k * (1 - share) ** (n - k)
        total = Decimal(0)
        while term > total * Decimal("1e-30"):
            total += term
            term *= odds * (n - k) / (k + 1)
            k += 1
        return total


@pytest.mark.parametrize(("k", "n"), [(3155, 3783), (2, 50_000), (40_123, 50_000)])
def test_bounds_of_large_counts_are_right_to_the_twelfth_digit(k, n):
    low = clopper_pearson(k, n).low
    assert decimal_upper_tail(k, n, low + 1e-12) > Decimal("0.025")
    assert decimal_upper_tail(k, n, low - 1e-12) < Decimal("0.025")


def test_the_listed_number_of_the_seed_zoo_has_its_known_interval():
    interval = clopper_pearson(3155, 3783)
    assert round(100 * interval.low, 1) == 82.2
    assert round(100 * interval.high, 1) == 84.6


def test_none_correct_gives_the_rule_of_three():
    interval = clopper_pearson(0, 1000)
    assert interval.low == 0
    assert interval.high == pytest.approx(1 - 0.025 ** (1 / 1000), abs=1e-15)


@settings(deadline=None)
@given(n=st.integers(1, 10**6), data=st.data(), confidence=st.floats(0.01, 0.9999))
def test_the_interval_holds_what_was_seen_and_its_mirror(n, data, confidence):
    k = data.draw(st.integers(0, n))
    interval = clopper_pearson(k, n, confidence)
    assert 0 <= interval.low <= k / n <= interval.high <= 1
    mirrored = clopper_pearson(n - k, n, confidence)
    assert interval.low == pytest.approx(1 - mirrored.high, abs=1e-15)


@pytest.mark.parametrize(
    ("k", "n", "confidence"), [(-1, 3, 0.95), (4, 3, 0.95), (0, 0, 0.95), (1, 3, 1), (1, 3, 0)]
)
def test_what_is_no_share_is_refused(k, n, confidence):
    with pytest.raises(ValueError, match=r"is no share|between 0 and 1"):
        clopper_pearson(k, n, confidence)


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(0, 400))
def test_mcnemar_is_twice_the_exact_tail(first, second):
    n, least = first + second, min(first, second)
    exact = min(Fraction(1), Fraction(2 * sum(math.comb(n, i) for i in range(least + 1)), 2**n))
    assert mcnemar_exact(first, second) == pytest.approx(float(exact), rel=1e-11)
    assert mcnemar_exact(second, first) == mcnemar_exact(first, second)


def test_mcnemar_stands_large_counts():
    assert mcnemar_exact(0, 100_000) == 0
    assert mcnemar_exact(100_000, 100_000) == 1
    share = decimal_upper_tail(100_000, 199_000, 0.5)
    assert mcnemar_exact(99_000, 100_000) == pytest.approx(2 * float(share), rel=1e-9)


def test_mcnemar_refuses_what_is_no_count():
    with pytest.raises(ValueError, match="are not counts"):
        mcnemar_exact(-1, 3)
