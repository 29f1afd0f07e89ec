"""What is promised beforehand, held against simulated runs."""

import math
from fractions import Fraction

import numpy as np
import pytest

from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.claim import Claim, Side, claim_within
from sphinx_modelzoo.statistics.detectable import detectable_shift
from sphinx_modelzoo.statistics.paired import PairedTest
from sphinx_modelzoo.statistics.paths import endings
from sphinx_modelzoo.statistics.planning import items_to_confirm

PATHS = 600
ALLOWANCE = 4 * math.sqrt(0.9 * 0.1 / PATHS)


def drawn(total: int, counts: dict[int, int], rest: int, items: int, seed: int) -> np.ndarray:
    """Give random paths of the first items, with so many outcomes of each value among all."""
    generator = np.random.default_rng(seed)
    outcomes = np.full((PATHS, total), rest, dtype=np.int8)
    for row in outcomes:
        places = generator.choice(total, sum(counts.values()), replace=False)
        row[places] = np.repeat(list(counts), list(counts.values()))
    return outcomes[:, :items]


def found(test: AccuracyTest | PairedTest, outcomes: np.ndarray) -> float:
    """Give the share of the paths that are refuted, confirmed ones included."""
    ends = endings(test, outcomes)
    return (ends.refuted_at < ends.never).mean()


@pytest.mark.parametrize("n", [60, 300, 1200])
@pytest.mark.parametrize("side", [Side.BELOW, Side.ABOVE])
def test_outcomes_alone_find_the_promised_shift_nine_times_of_ten(n, side):
    claim = Claim(2000, 1195, 1205, 1200)
    test = AccuracyTest(claim)
    shift = detectable_shift(test, n, side=side)
    sign = -1 if side is Side.BELOW else 1
    assert shift > 5
    outcomes = drawn(2000, {1: 1200 + sign * shift}, 0, n, seed=n)
    assert found(test, outcomes) >= 0.9 - ALLOWANCE
    half = drawn(2000, {1: 1200 + sign * shift // 2}, 0, n, seed=n)
    assert found(test, half) < 0.7


@pytest.mark.parametrize("n", [60, 300, 1200])
@pytest.mark.parametrize("flips", [0.0, 0.0025])
def test_evidence_finds_the_promised_shift_nine_times_of_ten(n, flips):
    test = PairedTest(claim_within(3783, 3155, Fraction(1, 2)))
    shift = detectable_shift(test, n, flips=flips)
    each = round(flips * 3783)
    outcomes = drawn(3783, {-1: shift + each, 1: each}, 0, n, seed=n)
    assert found(test, outcomes) >= 0.9 - ALLOWANCE
    half = drawn(3783, {-1: shift // 2 + each, 1: each}, 0, n, seed=n)
    assert found(test, half) < 0.7


def test_more_items_find_smaller_shifts_down_to_the_exact_one():
    for kind in (AccuracyTest, PairedTest):
        test = kind(Claim(1000, 795, 803, 800))
        shifts = [detectable_shift(test, n) for n in (40, 100, 300, 600, 900, 1000)]
        assert shifts == sorted(shifts, reverse=True)
        assert shifts[-1] == 6
        assert detectable_shift(test, 1000, side=Side.ABOVE) == 4
        assert detectable_shift(test, 1) is None
        assert detectable_shift(test, 0) is None


def test_a_side_that_is_not_looked_at_finds_its_shifts_only_at_the_end():
    test = AccuracyTest(Claim(1000, 795, 803, 800, refute=Side.BELOW))
    assert detectable_shift(test, 900, side=Side.ABOVE) is None
    assert detectable_shift(test, 1000, side=Side.ABOVE) == 4
    alone = AccuracyTest(Claim(1000, 795, 803, 800, sides=Side.BELOW, refute=Side.BELOW))
    assert detectable_shift(alone, 1000, side=Side.ABOVE) is None


def test_no_shift_leads_out_of_a_band_that_holds_all():
    test = PairedTest(Claim(10, 0, 10, 5))
    assert detectable_shift(test, 10) is None
    assert detectable_shift(test, 10, side=Side.ABOVE) is None
    assert detectable_shift(test, 9) is None


def test_a_shift_has_one_side():
    with pytest.raises(ValueError, match="to one side"):
        detectable_shift(PairedTest(Claim(10, 3, 7, 5)), 5, side=Side.BOTH)


def test_without_a_flip_the_items_are_those_that_confirm():
    test = PairedTest(claim_within(3783, 3155, Fraction(1, 2)))
    assert items_to_confirm(test) == 633
    assert items_to_confirm(PairedTest(claim_within(40, 30, Fraction(0)))) == 39


@pytest.mark.parametrize("flips", [0.001, 0.0025])
def test_with_flips_the_items_are_the_median_of_other_runs(flips):
    test = PairedTest(claim_within(3783, 3155, Fraction(1, 2)))
    each = round(flips * 3783)
    ends = endings(test, drawn(3783, {-1: each, 1: each}, 0, 3783, seed=8))
    assert items_to_confirm(test, flips) == pytest.approx(np.median(ends.confirmed_at), rel=0.1)


def test_outcomes_alone_confirm_about_where_it_is_said():
    test = AccuracyTest(claim_within(3783, 3155, Fraction(1)))
    ends = endings(test, drawn(3783, {1: 3155}, 0, 3783, seed=9))
    assert items_to_confirm(test) == pytest.approx(np.median(ends.confirmed_at), rel=0.1)
    share = (ends.confirmed_at <= items_to_confirm(test, probability=0.9)).mean()
    assert share == pytest.approx(0.9, abs=0.06)


@pytest.mark.parametrize("probability", [0.5, 0.9])
def test_so_many_items_confirm_with_the_probability_that_is_asked_for(probability):
    test = PairedTest(claim_within(3783, 3155, Fraction(1, 2)))
    ends = endings(test, drawn(3783, {-1: 2, 1: 2}, 0, 3783, seed=10))
    share = (ends.confirmed_at <= items_to_confirm(test, 0.0005, probability)).mean()
    assert share == pytest.approx(probability, abs=0.06)


def test_so_many_flips_that_no_sample_confirms_take_all_items():
    assert items_to_confirm(PairedTest(claim_within(60, 30, Fraction(0))), 0.4) == 60
