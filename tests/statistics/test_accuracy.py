"""The test of a listed accuracy by outcomes alone, against exact enumeration."""

import itertools
import math
import time
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.claim import Claim, Conclusion, Side
from sphinx_modelzoo.statistics.dynamic import rejection_times
from sphinx_modelzoo.statistics.paths import endings
from sphinx_modelzoo.statistics.sequential import (
    ABOVE,
    BELOW,
    NOT_ABOVE,
    NOT_BELOW,
    log_thresholds,
)

SMALL = Claim(11, 7, 8, 8, alpha=0.3, refute=Side.BELOW)


def all_orders(total: int) -> np.ndarray:
    return np.array(list(itertools.product([0, 1], repeat=total)), dtype=np.int8)


def exact_e(total: int, n: int, correct: int, bound: int, bets: dict[int, Fraction]) -> Fraction:
    """Give the e-value against "K is at least the bound", in fractions."""

    def likelihood(count: int) -> Fraction:
        if not 0 <= count <= total or not 0 <= count - correct <= total - n:
            return Fraction(0)
        return Fraction(math.comb(total - n, count - correct), math.comb(total, count))

    return sum((w * likelihood(k) for k, w in bets.items()), Fraction(0)) / likelihood(bound)


def test_e_values_are_the_ratios_of_likelihoods_that_the_method_defines():
    claim = Claim(400, 330, 336, 333)
    test = AccuracyTest(claim)
    shifts = [1, 2, 4, 8, 16, 32, 64, 128]
    bets = {claim.low - shift: Fraction(1, 8) for shift in shifts}
    confirming = {337 - 4: Fraction(1, 2), 337 - 2: Fraction(3, 10), 337 - 7: Fraction(2, 10)}
    for n, correct in [(1, 0), (1, 1), (50, 30), (200, 166), (390, 328)]:
        log_e = test.log_e(np.array(n), np.array(correct))
        refuting = exact_e(400, n, correct, claim.low, bets)
        assert log_e[NOT_BELOW] == pytest.approx(math.log(refuting), abs=1e-9)
        not_above = exact_e(400, n, correct, 337, confirming)
        assert log_e[ABOVE] == pytest.approx(math.log(not_above), abs=1e-9)


def test_the_two_sides_mirror_each_other():
    test = AccuracyTest(Claim(400, 330, 336, 333))
    mirror = AccuracyTest(Claim(400, 64, 70, 67))
    n = np.arange(0, 401, 7)
    correct = n * 5 // 6
    here, there = test.log_e(n, correct), mirror.log_e(n, n - correct)
    for row, other in [(BELOW, ABOVE), (NOT_BELOW, NOT_ABOVE)]:
        np.testing.assert_allclose(here[row], there[other], atol=1e-9)


@pytest.mark.parametrize("count", range(12))
def test_crossing_by_dynamic_programme_equals_enumeration(count):
    test = AccuracyTest(SMALL)
    orders = all_orders(11)
    orders = orders[orders.sum(axis=1) == count]
    n = np.broadcast_to(np.arange(1, 12), orders.shape)
    log_e = test.log_e(n, orders.cumsum(axis=1))
    thresholds = log_thresholds(SMALL)
    for row in (BELOW, ABOVE, NOT_BELOW):
        reached = log_e[row] >= thresholds[row]
        ends = np.where(reached.any(axis=1), 1 + reached.argmax(axis=1), 0)
        shares = [(ends == n).mean() for n in range(1, 12)]
        np.testing.assert_allclose(rejection_times(test, count, [row])[1:], shares, atol=1e-12)


@pytest.mark.parametrize("total", [11, 60])
def test_the_bet_is_a_martingale_at_its_bound_and_a_supermartingale_beyond(total):
    low = total * 2 // 3
    test = AccuracyTest(Claim(total, low, low + 2, low + 1))
    bounds = {BELOW: low - 1, ABOVE: low + 3, NOT_BELOW: low, NOT_ABOVE: low + 2}
    checked = fair = 0
    for row, bound in bounds.items():
        beyond = range(bound, total + 1) if row in (ABOVE, NOT_BELOW) else range(bound + 1)
        for count in beyond:
            for n in range(total):
                seen = np.arange(max(0, count - (total - n)), min(count, n) + 1)
                now = np.exp(test.log_e(np.full(len(seen), n), seen)[row])
                then = np.full(len(seen), n + 1)
                right = np.exp(test.log_e(then, np.minimum(seen + 1, n + 1))[row])
                wrong = np.exp(test.log_e(then, seen)[row])
                share = (count - seen) / (total - n)
                # What has no probability may have any wealth.
                gain = np.where(share > 0, share, 0) * np.where(share > 0, right, 0)
                expected = gain + (1 - share) * np.where(share < 1, wrong, 0)
                if count == bound:
                    # At the edge of what the bound allows, wealth lies where it cannot go.
                    open_ = (share > 0) & (share < 1)
                    np.testing.assert_allclose(expected[open_], now[open_], rtol=1e-9)
                    fair += open_.sum()
                assert (expected <= now * (1 + 1e-9) + 1e-12).all()
                checked += len(seen)
    assert checked > 5 * total**2 / 2
    assert fair > total**2 / 2


@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_false_alarms_stay_below_alpha_and_what_is_just_outside_is_always_found(alpha):
    claim = Claim(600, 498, 502, 500, alpha=alpha, refute=Side.BELOW)
    test = AccuracyTest(claim)
    at_bound, above = (
        rejection_times(test, 498, [NOT_BELOW]).sum(),
        rejection_times(test, 502, [NOT_BELOW]).sum(),
    )
    assert alpha / 3 < at_bound <= alpha
    assert above < at_bound
    assert rejection_times(test, 497, [NOT_BELOW]).sum() == pytest.approx(1, abs=1e-12)
    assert rejection_times(test, 497, [BELOW]).sum() <= alpha
    assert rejection_times(test, 503, [ABOVE]).sum() <= alpha


def test_split_over_both_sides_the_false_alarms_together_stay_below_alpha():
    claim = Claim(11, 6, 6, 6, alpha=0.3)
    orders = all_orders(11)
    orders = orders[orders.sum(axis=1) == 6]
    ends = endings(AccuracyTest(claim), orders)
    assert (ends.refuted_at < ends.never).mean() <= 0.3


def test_over_all_orders_the_end_is_exact_or_within_its_error_rate():
    test = AccuracyTest(SMALL)
    for count in range(12):
        orders = all_orders(11)
        orders = orders[orders.sum(axis=1) == count]
        wrong = 0
        for order in orders:
            state = test.after(test.start(), order)
            right = Conclusion.CONFIRMED if SMALL.holds(count) else Conclusion.REFUTED
            assert state.standing.decided
            assert state.correct == order[: state.standing.n].sum()
            if state.standing.exact:
                assert state.standing.conclusion is right
            if state.standing.n == 11:
                assert state.standing.exact
            wrong += state.standing.conclusion is not right
        assert wrong <= 0.3 * len(orders)


@settings(deadline=None)  # a busy machine is no failure
@given(data=st.data())
def test_pieces_of_any_size_end_as_item_by_item(data):
    total = data.draw(st.integers(1, 300))
    low = data.draw(st.integers(0, total))
    high = data.draw(st.integers(low, total))
    listed = data.draw(st.integers(low, high))
    claim = Claim(total, low, high, listed, alpha=data.draw(st.sampled_from([0.05, 0.3])))
    test = AccuracyTest(claim)
    correct = data.draw(st.integers(0, total))
    outcomes = np.arange(total) < correct
    np.random.default_rng(data.draw(st.integers(0, 99))).shuffle(outcomes)
    cuts = sorted(data.draw(st.lists(st.integers(0, total), max_size=6)))
    one = pieces = test.start()
    for outcome in outcomes:
        one = test.after(one, [outcome])
    for piece in np.split(outcomes[: len(outcomes)], cuts):
        if not pieces.standing.decided:
            pieces = test.after(pieces, piece)
    assert pieces.standing.n == one.standing.n
    assert pieces.correct == one.correct
    assert pieces.standing.conclusion is one.standing.conclusion
    assert pieces.standing.exact == one.standing.exact
    assert pieces.standing.rejected_at == one.standing.rejected_at
    assert pieces.standing.log_e == pytest.approx(one.standing.log_e, abs=1e-12)
    assert pieces.standing.peak == pytest.approx(one.standing.peak, abs=1e-12)
    assert one.standing.decided


def test_many_paths_at_once_end_as_each_alone():
    claim = Claim(500, 410, 420, 415)
    test = AccuracyTest(claim)
    generator = np.random.default_rng(3)
    outcomes = (generator.random((60, 500)) < generator.uniform(0.6, 1, (60, 1))).astype(np.int8)
    ends = endings(test, outcomes)
    for path, confirmed, refuted in zip(outcomes, ends.confirmed_at, ends.refuted_at, strict=True):
        standing = test.after(test.start(), path).standing
        if not standing.exact:
            at = confirmed if standing.conclusion is Conclusion.CONFIRMED else refuted
            assert standing.n == at
        assert min(confirmed, refuted) >= standing.n


@pytest.mark.parametrize(
    ("claim", "outcomes", "conclusion", "n"),
    [
        (Claim(1, 1, 1, 1), [1], "confirmed", 1),
        (Claim(1, 1, 1, 1), [0], "refuted", 1),
        (Claim(1, 0, 0, 0), [0], "confirmed", 1),
        (Claim(1, 0, 0, 0), [1], "refuted", 1),
        (Claim(1, 0, 1, 1), [], "confirmed", 0),
        (Claim(1000, -20, 1200, 500), [], "confirmed", 0),
        (Claim(1000, 5, 4, 5), [], "refuted", 0),
        (Claim(1000, 1000, 1000, 1000), [0], "refuted", 1),
        (Claim(1000, 0, 0, 0), [0, 0, 1], "refuted", 3),
        (Claim(9, 9, 9, 9), [1] * 9, "confirmed", 9),
    ],
)
def test_extreme_claims_are_decided_as_soon_as_they_are_certain(claim, outcomes, conclusion, n):
    test = AccuracyTest(claim)
    standing = test.after(test.start(), outcomes).standing
    assert (standing.conclusion, standing.n, standing.exact) == (conclusion, n, True)


def test_not_inflated_alone_asks_nothing_of_the_other_side():
    claim = Claim(1000, 780, 820, 800, sides=Side.BELOW, refute=Side.BELOW)
    test = AccuracyTest(claim)
    state = test.after(test.start(), [True] * 400)
    assert state.standing.conclusion is Conclusion.CONFIRMED
    assert claim.holds(1000)


def test_more_outcomes_than_items_are_refused():
    test = AccuracyTest(Claim(10, 5, 9, 7))
    with pytest.raises(ValueError, match="11 more outcomes after 0 of 10 items"):
        test.after(test.start(), [True] * 11)


@pytest.mark.parametrize(
    "arguments",
    [
        {"total": 0, "low": 0, "high": 0, "listed": 0},
        {"total": 9, "low": 3, "high": 4, "listed": 10},
        {"total": 9, "low": 3, "high": 4, "listed": 5},
        {"total": 9, "low": 3, "high": 4, "listed": 3, "alpha": 0},
        {"total": 9, "low": 3, "high": 4, "listed": 3, "alpha": 1},
        {"total": 9, "low": 3, "high": 4, "listed": 3, "sides": Side.BELOW},
    ],
)
def test_a_claim_out_of_its_ranges_is_refused(arguments):
    with pytest.raises(ValueError, match=r"no count|outside|not between|refuted there"):
        Claim(**arguments)


def test_a_million_items_take_seconds_and_little_memory():
    total = 1_000_000
    outcomes = np.arange(total) < 834_000
    np.random.default_rng(0).shuffle(outcomes)
    begin = time.process_time()
    tracemalloc.start()
    test = AccuracyTest(Claim(total, 833_999, 834_001, 834_000))
    state = test.after(test.start(), outcomes)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert state.standing.conclusion is Conclusion.CONFIRMED
    assert state.standing.n > 999_000
    assert all(math.isfinite(value) or value > 0 for value in state.standing.peak)
    assert peak < 100e6
    assert time.process_time() - begin < 30


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.data())
def test_e_values_are_numbers_wherever_a_path_can_be(total, data):
    low = data.draw(st.integers(-3, total + 3))
    high = data.draw(st.integers(low, total + 6))
    assume(high >= 0 and low <= total)
    listed = data.draw(st.integers(max(0, low), min(total, high)))
    test = AccuracyTest(Claim(total, low, high, listed))
    for n in range(total + 1):
        log_e = test.log_e(np.full(n + 1, n), np.arange(n + 1))
        assert not np.isnan(log_e).any()
