"""The test against evidence, against exact enumeration and by simulation."""

import itertools
import math
import time
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.statistics.claim import Claim, Conclusion, Side, claim_within
from sphinx_modelzoo.statistics.hypergeometric import fixed_sample
from sphinx_modelzoo.statistics.paired import PairedTest
from sphinx_modelzoo.statistics.paths import endings
from sphinx_modelzoo.statistics.sequential import ABOVE, BELOW, NOT_ABOVE, NOT_BELOW

STAKES = [Fraction(1), Fraction(9, 10), Fraction(7, 10), Fraction(2, 5), Fraction(3, 20)]
WEIGHTS = [Fraction(7, 20), Fraction(1, 4), Fraction(1, 5), Fraction(1, 10), Fraction(1, 10)]


def exact_e(total: int, least_loss: int, differences: list[int]) -> Fraction | None:
    """Give the e-value against "the sum is at most -least_loss"; None: it is impossible."""
    wealth = list(WEIGHTS)
    net = 0
    for n, difference in enumerate(differences, start=1):
        left = total - n + 1
        mean = Fraction(-least_loss - net, left)
        if -1 < mean < 1:
            ratio = (difference - mean) / (1 + mean)
            wealth = [w * (1 + c * ratio) for w, c in zip(wealth, STAKES, strict=True)]
        net += difference
        if -least_loss - net < -(total - n):
            return None
    return sum(wealth, Fraction(0))


def all_orders(total: int) -> np.ndarray:
    return np.array(list(itertools.product([-1, 0, 1], repeat=total)), dtype=np.int8)


def shuffled(
    total: int, losses: int, gains: int, *, paths: int, seed: int, items: int | None = None
) -> np.ndarray:
    generator = np.random.default_rng(seed)
    outcomes = np.zeros((paths, total), dtype=np.int8)
    for row in outcomes:
        places = generator.choice(total, losses + gains, replace=False)
        row[places[:losses]] = -1
        row[places[losses:]] = 1
    return outcomes[:, :items]


def allowance(rate: float, paths: int) -> float:
    return 4 * math.sqrt(rate * (1 - rate) / paths)


@pytest.mark.parametrize("total", [1, 2, 5, 8])
def test_e_values_are_the_products_that_the_method_defines(total):
    claim = Claim(total, total // 2, total // 2 + 1, total // 2)
    test = PairedTest(claim)
    # Each hypothesis as one on the sum of the differences, or of their negatives.
    as_sums = {BELOW: (1, 1), ABOVE: (-1, 2), NOT_BELOW: (-1, 0), NOT_ABOVE: (1, -1)}
    orders = all_orders(total)[:: max(1, 3**total // 100)]
    log_e, _ = test.bet(test.remember((len(orders),)), 0, orders)
    for row, (sign, bound) in as_sums.items():
        for path, order in enumerate(orders.tolist()):
            for n in range(1, total + 1):
                exact = exact_e(total, bound, [sign * d for d in order[:n]])
                found = math.exp(log_e[row, path, n - 1])
                assert found == (math.inf if exact is None else pytest.approx(exact, rel=1e-12))


@pytest.mark.parametrize("total", [3, 6, 8])
@pytest.mark.parametrize("loss", [1, 2, 3])
def test_over_all_losses_and_gains_no_error_rate_is_exceeded(total, loss):
    alpha = 0.25
    listed = total // 2
    claim = Claim(total, listed - loss + 1, listed + loss - 1, listed, alpha=alpha)
    orders = all_orders(total)
    test = PairedTest(claim)
    log_e, _ = test.bet(test.remember((len(orders),)), 0, orders)
    e_values, nets = np.exp(log_e), orders.sum(axis=1)
    false_when = {
        BELOW: nets <= -loss,
        ABOVE: nets >= loss,
        NOT_BELOW: nets >= 1 - loss,
        NOT_ABOVE: nets <= loss - 1,
    }
    losses, gains = (orders < 0).sum(axis=1), (orders > 0).sum(axis=1)
    ends = endings(test, orders)
    for lost, gained in itertools.product(range(total + 1), repeat=2):
        chosen = (losses == lost) & (gains == gained)
        if not chosen.any():
            continue
        for row, true in false_when.items():
            if true[chosen].all():
                assert (e_values[row, chosen].mean(axis=0) <= 1 + 1e-12).all()
                assert (e_values[row, chosen].max(axis=1) >= 1 / alpha).mean() <= alpha
        wrong = ends.refuted_at if abs(gained - lost) < loss else ends.confirmed_at
        assert (wrong[chosen] < ends.never).mean() <= alpha


@pytest.mark.parametrize(("total", "loss"), [(8, 2), (8, 3)])
def test_at_the_bound_without_freezing_the_bet_is_fair(total, loss):
    claim = Claim(total, 4 - loss + 1, 8, 4, sides=Side.BELOW, refute=Side.BELOW)
    orders = all_orders(total)
    orders = orders[((orders < 0).sum(axis=1) == loss) & ((orders > 0).sum(axis=1) == 0)]
    test = PairedTest(claim)
    log_e, _ = test.bet(test.remember((len(orders),)), 0, orders)
    np.testing.assert_allclose(np.exp(log_e[BELOW]).mean(axis=0), 1.0, rtol=1e-12)


@pytest.mark.parametrize("n", [1, 10, 551, 633, 2000, 3700])
@pytest.mark.parametrize(("total", "loss"), [(3783, 19), (50_000, 251)])
def test_the_whole_stake_without_a_flip_is_the_inverse_of_the_hypergeometric(n, total, loss):
    listed = total // 2
    claim = Claim(total, listed - loss + 1, listed + loss - 1, listed)
    test = PairedTest(claim)
    _, (wealth, _) = test.bet(test.remember(()), 0, np.zeros(n, dtype=np.int64))
    none_seen = Fraction(math.comb(total - loss, n), math.comb(total, n))
    exact = -math.log(none_seen.numerator) + math.log(none_seen.denominator)
    for row in (BELOW, ABOVE):
        assert wealth[row, 0] - math.log(0.35) == pytest.approx(exact, abs=1e-8)


@pytest.mark.parametrize(
    ("total", "alpha", "items"),
    [
        (3783, 0.05, 633),
        (19_800, 0.05, 676),
        (50_000, 0.05, 688),
        (3783, 0.01, 906),
        (19_800, 0.01, 1003),
        (50_000, 0.01, 1025),
    ],
)
def test_without_a_flip_the_listed_numbers_of_items_confirm(total, alpha, items):
    claim = claim_within(total, round(0.834 * total), Fraction(1, 2), alpha=alpha)
    test = PairedTest(claim)
    before = test.after(test.start(), [0] * (items - 1))
    assert not before.standing.decided
    standing = test.after(before, [0]).standing
    assert (standing.conclusion, standing.n, standing.exact) == ("confirmed", items, False)
    least_loss = claim.listed - claim.low + 1
    assert items > fixed_sample(total, least_loss, 0, alpha)


@pytest.mark.parametrize(("gains", "side"), [(0, -1), (10, -1), (60, -1), (10, 1)])
def test_a_number_just_outside_its_band_is_confirmed_no_more_often_than_alpha(gains, side):
    claim = claim_within(3783, 3155, Fraction(1, 2))
    loss = claim.listed - claim.low + 1
    assert loss == 19
    paths = 2000
    outcomes = -side * shuffled(3783, loss + gains, gains, paths=paths, seed=gains, items=1500)
    ends = endings(PairedTest(claim), outcomes)
    confirmed = (ends.confirmed_at < ends.never).mean()
    assert confirmed <= 0.05 + allowance(0.05, paths)
    # The test is not idle either.
    assert confirmed > (0.01 if gains == 0 else 0.0)


@pytest.mark.parametrize("gains", [0, 10])
def test_a_number_just_inside_its_band_is_refuted_no_more_often_than_alpha(gains):
    claim = claim_within(3783, 3155, Fraction(1, 2))
    paths = 1000
    outcomes = shuffled(3783, 18 + gains, gains, paths=paths, seed=5, items=2000)
    ends = endings(PairedTest(claim), outcomes)
    assert (ends.refuted_at < ends.never).mean() <= 0.05 + allowance(0.05, paths)


def test_a_large_loss_is_refuted_after_few_items():
    claim = claim_within(3783, 3155, Fraction(1, 2), refute=Side.BELOW)
    ends = endings(PairedTest(claim), shuffled(3783, 378 + 4, 4, paths=500, seed=1, items=600))
    assert np.median(ends.refuted_at) < 75
    assert (ends.confirmed_at == ends.never).all()


@settings(deadline=None)  # a busy machine is no failure
@given(data=st.data())
def test_pieces_of_any_size_end_as_item_by_item(data):
    total = data.draw(st.integers(1, 200))
    listed = data.draw(st.integers(0, total))
    low = data.draw(st.integers(listed - 20, listed))
    high = data.draw(st.integers(listed, listed + 20))
    test = PairedTest(
        Claim(total, low, high, listed, alpha=data.draw(st.sampled_from([0.05, 0.3])))
    )
    weights = data.draw(st.sampled_from([(0.02, 0.96, 0.02), (0.2, 0.8, 0.0), (0.1, 0.5, 0.4)]))
    generator = np.random.default_rng(data.draw(st.integers(0, 99)))
    steps = generator.choice([-1, 0, 1], total, p=weights)
    one = pieces = test.start()
    for step in steps:
        one = test.after(one, [step])
    for piece in np.split(steps, sorted(data.draw(st.lists(st.integers(0, total), max_size=6)))):
        if not pieces.standing.decided:
            pieces = test.after(pieces, piece)
    assert one.standing.decided
    assert pieces == one
    assert one.losses + one.gains == abs(steps[: one.standing.n]).sum()


def test_over_all_orders_the_end_is_exact_or_counted_as_an_error():
    claim = Claim(7, 3, 4, 4, alpha=0.2)
    test = PairedTest(claim)
    for order in all_orders(7):
        state = test.after(test.start(), order)
        assert state.standing.decided
        if state.standing.exact:
            holds = claim.holds(4 + int(order.sum()))
            expected = Conclusion.CONFIRMED if holds else Conclusion.REFUTED
            assert state.standing.conclusion is expected


@pytest.mark.parametrize(
    ("claim", "steps", "conclusion", "n"),
    [
        (Claim(1, 1, 1, 1), [0], "confirmed", 1),
        (Claim(1, 1, 1, 1), [-1], "refuted", 1),
        (Claim(5, -10, 20, 3), [], "confirmed", 0),
        (Claim(9, 0, 9, 3), [], "confirmed", 0),
        (Claim(5, 4, 3, 3), [], "refuted", 0),
        (Claim(4, 4, 4, 4), [0, 0, 0, 0], "confirmed", 4),
        (Claim(4, 0, 0, 0), [0, 0, 0, 1], "refuted", 4),
        (claim_within(30, 7, Fraction(0), alpha=1e-6), [0] * 30, "confirmed", 30),
        (claim_within(1000, 700, Fraction(100)), [], "confirmed", 0),
    ],
)
def test_extreme_claims_end_as_soon_as_they_are_certain(claim, steps, conclusion, n):
    test = PairedTest(claim)
    standing = test.after(test.start(), steps).standing
    assert (standing.conclusion, standing.n, standing.exact) == (conclusion, n, True)


def test_the_least_net_loss_that_breaks_a_tolerance_is_one_more_than_its_items():
    assert claim_within(3783, 3155, Fraction(1, 2)).low == 3155 - 18
    assert claim_within(50_000, 40_000, Fraction(1, 2)).low == 40_000 - 250
    assert claim_within(1, 1, Fraction(0)) == Claim(1, 1, 1, 1)


def test_what_is_no_difference_is_refused():
    test = PairedTest(Claim(10, 5, 9, 7))
    with pytest.raises(ValueError, match="none of -1, 0, 1"):
        test.after(test.start(), [0, 2])
    with pytest.raises(ValueError, match="11 more outcomes after 0 of 10 items"):
        test.after(test.start(), [0] * 11)


def test_a_million_items_take_seconds_and_little_memory():
    total = 1_000_000
    steps = np.zeros(total, dtype=np.int8)
    steps[:2000] = np.tile([-1, 1], 1000)
    np.random.default_rng(0).shuffle(steps)
    begin = time.process_time()
    tracemalloc.start()
    test = PairedTest(Claim(total, 834_000, 834_000, 834_000, alpha=1e-9))
    state = test.after(test.start(), steps)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert state.standing.exact
    assert state.standing.conclusion is Conclusion.CONFIRMED
    assert (state.losses, state.gains) == (1000, 1000)
    assert peak < 100e6
    assert time.process_time() - begin < 30
