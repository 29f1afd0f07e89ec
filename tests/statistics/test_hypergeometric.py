"""Draws without replacement against exact sums; peeking at a fixed sample as negative control."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.claim import Claim, Side
from sphinx_modelzoo.statistics.hypergeometric import at_least, fixed_sample
from sphinx_modelzoo.statistics.logfactorial import log_factorials
from sphinx_modelzoo.statistics.paths import endings
from sphinx_modelzoo.statistics.search import least, spread


def exact_at_least(k: int, total: int, marked: int, drawn: int) -> Fraction:
    ways = (
        math.comb(marked, i) * math.comb(total - marked, drawn - i)
        for i in range(max(k, 0), min(marked, drawn) + 1)
        if drawn - i <= total - marked
    )
    return Fraction(sum(ways), math.comb(total, drawn))


@settings(deadline=None)
@given(st.data())
def test_the_tail_is_the_exact_sum(data):
    total = data.draw(st.integers(1, 400))
    marked, drawn = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    k = data.draw(st.integers(-1, total + 1))
    found = at_least(k, total=total, marked=marked, drawn=drawn, table=log_factorials(total))
    assert found == pytest.approx(float(exact_at_least(k, total, marked, drawn)), abs=1e-12)


def test_the_tail_of_a_large_draw_keeps_all_that_counts():
    table = log_factorials(100_000)
    half = at_least(15_001, total=100_000, marked=50_000, drawn=30_001, table=table)
    assert half == pytest.approx(0.5, abs=1e-9)
    whole = at_least(0, total=100_000, marked=50_000, drawn=30_001, table=table)
    assert whole == pytest.approx(1.0, abs=1e-9)
    assert at_least(20_000, total=100_000, marked=50_000, drawn=30_001, table=table) < 1e-200


def test_a_fixed_sample_has_the_known_sizes():
    for (total, losses), size in {(3783, 19): 551, (19_800, 100): 583, (50_000, 251): 592}.items():
        assert fixed_sample(total, losses, 0, 0.05) == size
    assert fixed_sample(3783, 19, 1, 0.05) == 855
    assert fixed_sample(3783, 19, 19, 0.05) is None
    assert fixed_sample(10, 1, 0, 0.05) == 10


@pytest.mark.parametrize("n", [0, 1, 19, 20, 21, 1000, 100_000])
def test_log_factorials_are_those_of_the_gamma_function(n):
    table = log_factorials(n)
    assert len(table) == n + 2
    assert table[-1] == math.inf
    expected = [math.lgamma(k + 1) for k in range(n + 1)]
    np.testing.assert_allclose(table[:-1], expected, rtol=2e-15, atol=1e-15)


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(0, 50), st.integers(-3, 60))
def test_the_least_is_where_a_condition_begins_to_hold(first, last, boundary):
    expected = next((x for x in range(first, last + 1) if x >= boundary), None)
    assert least(lambda x: x >= boundary, first, last) == expected


@settings(deadline=None)
@given(st.data())
def test_marks_are_spread_evenly(data):
    items = data.draw(st.integers(0, 200))
    marked = data.draw(st.integers(0, items))
    flags = spread(marked, items)
    assert len(flags) == items
    assert flags.sum() == marked
    assert set(flags.tolist()) <= {0, 1}
    for n in range(items):
        assert abs(flags[:n].sum() - marked * n / items) <= 1


def test_peeking_at_a_fixed_p_value_errs_far_more_often_than_its_nominal_rate():
    """The negative control: what the sequential test must not do, and does not."""
    claim = Claim(3783, 3144, 3166, 3155, alpha=0.05, refute=Side.BELOW)
    total, correct, paths = 3783, claim.low, 400
    outcomes = np.ones((paths, total), dtype=np.int8)
    generator = np.random.default_rng(11)
    for row in outcomes:
        row[generator.choice(total, total - correct, replace=False)] = 0
    table = log_factorials(total)
    wrong_needed = [
        least(
            lambda k, n=n: (
                at_least(k, total=total, marked=total - correct, drawn=n, table=table) <= 0.05
            ),
            0,
            n + 1,
        )
        for n in range(1, total + 1)
    ]
    peeked = ((1 - outcomes).cumsum(axis=1) >= np.array(wrong_needed)).any(axis=1).mean()
    ends = endings(AccuracyTest(claim), outcomes)
    sequential = (ends.refuted_at < ends.never).mean()
    assert peeked > 0.45
    assert sequential <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / paths)
