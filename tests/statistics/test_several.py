"""Statements about a whole zoo."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.claim import Claim, Side
from sphinx_modelzoo.statistics.several import bonferroni, confirmation_log_e, e_bh


def test_bonferroni_shares_the_rate():
    assert bonferroni(0.05, 20) == pytest.approx(0.0025)
    assert bonferroni(0.05, 0) == 0.05


def test_e_bh_rejects_the_largest_that_carry_each_other():
    e_values = [90, 1, 25, 45, 20.1]
    # Of five, one needs 100, two 50, three 33.3, four 25, five 20.
    assert e_bh([math.log(e) for e in e_values], 0.05) == ()
    e_values[2] = e_values[4] = 26
    assert e_bh([math.log(e) for e in e_values], 0.05) == (0, 2, 3, 4)
    assert e_bh([math.inf, -math.inf], 0.05) == (0,)
    assert e_bh([], 0.05) == ()


@settings(deadline=None)
@given(st.lists(st.floats(-5, 8), max_size=8), st.floats(0.01, 0.5))
def test_e_bh_is_the_largest_set_that_its_definition_allows(log_e, alpha):
    sizes = [
        k
        for k in range(1, len(log_e) + 1)
        if sum(value >= math.log(len(log_e) / (k * alpha)) for value in log_e) >= k
    ]
    rejected = e_bh(log_e, alpha)
    assert len(rejected) == max(sizes, default=0)
    assert all(log_e[i] >= log_e[j] for i in rejected for j in set(range(len(log_e))) - {*rejected})


def test_the_false_discoveries_are_at_most_the_rate():
    generator = np.random.default_rng(2)
    false = []
    for _ in range(2000):
        # E-values of true hypotheses: lognormal with mean 1; of false ones: large.
        true = generator.normal(-2.0, 2.0, 8)
        rejected = e_bh([*true, *generator.normal(4.0, 1.0, 4)], 0.1)
        false.append(sum(i < 8 for i in rejected) / max(len(rejected), 1))
    assert 0 < np.mean(false) <= 0.1


def test_the_e_value_of_a_confirmation_is_the_lesser_of_the_sides_that_matter():
    claim = Claim(1000, 780, 820, 800)
    test = AccuracyTest(claim)
    state = test.after(test.start(), [True] * 8 + [False] * 2)
    assert confirmation_log_e(claim, state.standing) == min(state.standing.log_e[:2])
    below = Claim(1000, 780, 820, 800, sides=Side.BELOW, refute=Side.BELOW)
    assert confirmation_log_e(below, state.standing) == state.standing.log_e[0]
