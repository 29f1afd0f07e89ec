"""One number's test: what it claims, when it is decided, and what a tier costs."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest

from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.evidence import make_evidence, open_evidence, write_evidence
from sphinx_modelzoo.receipts.evidence_lines import Origin
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.receipts.rule import (
    HIGHER,
    LOWER,
    LOWER_SHARE,
    NOT_HIGHER,
    NOT_LOWER,
    spot_verdict,
)
from sphinx_modelzoo.verify.copies import bounds_text, compare
from sphinx_modelzoo.verify.course import Course
from sphinx_modelzoo.verify.golden import golden_problem
from sphinx_modelzoo.verify.order import seeded_items
from sphinx_modelzoo.verify.plan import plan
from sphinx_modelzoo.verify.reference import Reference
from sphinx_modelzoo.verify.spot import SpotTest
from sphinx_modelzoo.verify.tally import Tally
from sphinx_modelzoo.verify.tiers import Tier, choose

TOTAL = 3783
RIGHT = 3155  # 83.4 %


def run_of(make_zoo, number: str = "top1: 83.4"):
    fields = "name: a, hashtag: aaaaaaaa, dataset: ucf101, protocol: tsn"
    (run,) = plan(make_zoo(f"  - {{{fields}, {number}}}\n"))
    return run


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """Give evidence that has the first 3155 of 3783 items right."""
    path = tmp_path_factory.mktemp("evidence") / "e.jsonl"
    origin = Origin("a", "aaaaaaaa", "ucf101", "tsn", 101, 0, "", "any 1", "")
    write_evidence(path, make_evidence(origin, [Prediction("x", 0, ((0, 0.5),))]))
    right = bytes(index < RIGHT for index in range(TOTAL))
    return Reference(open_evidence(path), {1: right, 5: right})


def follow(test: SpotTest, outcomes: list[bool], positions: list[int], piece: int = 50) -> None:
    for start in range(0, len(outcomes), piece):
        part = outcomes[start : start + piece]
        test.take(positions[start : start + piece], part, [True] * len(part))


def shuffled(seed: int = 3) -> list[int]:
    return random.Random(seed).sample(range(TOTAL), TOTAL)  # noqa: S311 - an order, no secret


def test_without_a_mismatch_evidence_confirms_within_633_items(make_zoo, reference):
    run = run_of(make_zoo)
    test = SpotTest(run, run.metrics[0], TOTAL, 0.05, reference)
    order = shuffled()
    follow(test, [position < RIGHT for position in order], order)
    spot = test.spot()
    assert (spot.verdict, spot.exact) == (Verdict.CONFIRMED, False)
    assert 400 < spot.n <= 633
    assert test.needed() == spot.n
    assert spot.correct == sum(position < RIGHT for position in order[: spot.n])
    assert min(spot.e_values[NOT_LOWER], spot.e_values[NOT_HIGHER]) >= 20
    assert spot_verdict(spot.e_values, 0.05) is Verdict.CONFIRMED
    assert (spot.delta, spot.evidence) == (0.5, reference.file.digest)
    assert 0.5 < (spot.detectable or 0) < 5


def test_machines_that_do_not_see_each_other_plan_for_a_few_flips(make_zoo, reference):
    run = run_of(make_zoo)
    test = SpotTest(run, run.metrics[0], TOTAL, 0.05, reference)
    assert 2 * test.needed() < test.planned() < 3 * test.needed()
    assert test.needed_in_all() == test.needed()
    order = shuffled()
    follow(test, [(position < RIGHT) != (position == 7) for position in order][:400], order[:400])
    assert not test.decided
    assert test.n == 400 < test.needed_in_all()


@pytest.mark.parametrize("piece", [1, 7, 4000])
def test_the_verdict_is_the_same_for_any_pieces(make_zoo, reference, piece):
    run = run_of(make_zoo)
    order = shuffled()
    draw = random.Random(5)  # noqa: S311 - outcomes, no secrets
    outcomes = [position < RIGHT and draw.random() > 0.02 for position in order]
    spots = []
    for size in (50, piece):
        test = SpotTest(run, run.metrics[0], TOTAL, 0.05, reference)
        follow(test, outcomes, order, size)
        spots.append(test.spot())
    assert spots[0] == spots[1]
    assert spots[0].n < TOTAL


def test_evidence_refutes_a_loss_of_five_points(make_zoo, reference):
    run = run_of(make_zoo)
    test = SpotTest(run, run.metrics[0], TOTAL, 0.05, reference)
    order = shuffled()
    lost = set(order[::20])
    follow(test, [position < RIGHT and position not in lost for position in order], order)
    spot = test.spot()
    assert spot.verdict is spot_verdict(spot.e_values, 0.05) is Verdict.REFUTED
    assert spot.e_values[LOWER] >= 20 / LOWER_SHARE * (1 - 1e-9)
    assert spot.n < 400


def test_without_evidence_ten_points_less_are_refuted_early(make_zoo):
    run = run_of(make_zoo)
    test = SpotTest(run, run.metrics[0], TOTAL, 0.05, None)
    order = shuffled()
    follow(test, [position < RIGHT - 378 for position in order], order)
    spot = test.spot()
    assert (spot.verdict, spot.evidence) == (Verdict.REFUTED, "")
    assert spot.n < 300


def test_all_items_decide_exactly(make_zoo):
    run = run_of(make_zoo)
    order = shuffled()
    for right, verdict in ((3135, Verdict.CONFIRMED), (3134, Verdict.REFUTED)):
        test = SpotTest(run, run.metrics[0], TOTAL, 0.05, None)
        follow(test, [position < right for position in order], order)
        assert test.spot().verdict is verdict
        assert spot_verdict(test.spot().e_values, 0.05) is verdict


def test_a_number_that_no_count_gives_is_refuted_by_its_own_rule(make_zoo):
    run = run_of(make_zoo, "err1: 83.41234")
    test = SpotTest(run, run.metrics[0], TOTAL, 0.05, None)
    spot = test.spot()
    assert (spot.verdict, spot.n, spot.exact) == (Verdict.REFUTED, 0, True)
    assert spot_verdict(spot.e_values, 0.05) is Verdict.REFUTED
    assert math.inf in (spot.e_values[LOWER], spot.e_values[HIGHER])


def test_an_unreadable_item_counts_as_wrong_and_is_told(make_zoo, reference):
    run = run_of(make_zoo)
    test = SpotTest(run, run.metrics[0], TOTAL, 0.05, reference)
    test.take([0, 1, 2], [True, False, True], [True, False, True])
    assert (test.spot().n, test.spot().correct, test.spot().unreadable) == (3, 2, 1)
    assert test.spot().e_values[LOWER] > 1


def test_a_budget_takes_the_strongest_tier_that_fits(make_zoo, reference):
    run = run_of(make_zoo)
    paired = [SpotTest(run, run.metrics[0], TOTAL, 0.05, reference)]
    alone = [SpotTest(run, run.metrics[0], TOTAL, 0.05, None)]
    for pace, left, tests, tier, words in (
        (0.1, 400, paired, Tier.FULL, "the number, exactly"),
        (0.1, 300, paired, Tier.SPOT, "top1 83.4 within 0.5 points holds"),
        (1.0, 300, paired, Tier.GOLDEN, "excludes no shift"),
        (1.0, 300, alone, Tier.SPOT, "may be refuted; to confirm one takes evidence or more time"),
        (None, 0, paired, Tier.WEIGHTS, "the right file loads"),
    ):
        choice = choose(run, TOTAL, tests, pace, left)
        assert choice.tier is tier
        assert words in choice.text
    assert "100 ms an item" in choose(run, TOTAL, paired, 0.1, 400).text


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_tier_is_chosen_by_the_pace_of_the_first_items(make_zoo, reference):
    run = run_of(make_zoo)
    clock = Clock()
    items = seeded_items({f"item{index}": 0 for index in range(TOTAL)}, "s")
    tally = Tally(items, (1,), 101, [SpotTest(run, run.metrics[0], TOTAL, 0.05, reference)])
    told = []
    course = Course(run, None, seconds=1000.0, tell=told.append, clock=clock)
    course.begin(tally)
    for item in items.in_order()[:63]:
        clock.now += 1.0
        tally.add(0, Prediction(item, 0, ((0, 0.5),)))
        assert not course.enough(tally)
    clock.now += 1.0
    tally.add(0, Prediction(items.in_order()[63], 0, ((0, 0.5),)))
    assert not course.enough(tally)
    assert (course.tier, len(told)) == (Tier.SPOT, 1)
    clock.now = 1001.0
    assert course.enough(tally)
    assert course.spent


def top(*scores: float) -> tuple[tuple[int, float], ...]:
    return tuple(enumerate(scores))


@pytest.mark.parametrize(
    ("now", "wrong"),
    [
        (top(0.5, 0.25, 0.125), False),
        (top(0.5009, 0.2491, 0.125), False),
        (top(0.502, 0.25, 0.125), True),
        (((0, 0.5), (2, 0.1255), (1, 0.1251)), True),
        (((0, 0.5), (1, 0.25), (3, 0.1255)), False),  # a class beyond the last, as near as it
        (((0, 0.5), (1, 0.25), (3, 0.2)), True),
    ],
)
def test_scores_are_compared_by_class(now, wrong):
    then = {"a": Prediction("a", 0, top(0.5, 0.25, 0.125))}
    problem = golden_problem([Prediction("a", 0, now)], then, "zoo.yaml:1:1")
    assert (problem is not None) is wrong


def test_large_scores_are_compared_in_relation():
    then = {"a": Prediction("a", 0, top(2000.0))}
    assert golden_problem([Prediction("a", 0, top(2001.9))], then, "") is None
    assert golden_problem([Prediction("a", 0, top(2002.1))], then, "")


def test_scores_of_another_engine_may_lie_apart_by_its_disagreement_of_the_largest():
    then = {"a": Prediction("a", 0, top(30.0, 0.5, 0.25))}
    now = [Prediction("a", 0, top(30.0, 0.5021, 0.25))]
    problem = golden_problem(now, then, "")
    assert problem
    assert "by more than 0.001: a by 0.0021" in problem.what
    assert golden_problem(now, then, "", 4e-5) is None
    problem = golden_problem(now, then, "", 2e-5)
    assert problem
    assert "by more than 0.001 beyond the 2e-05 of the largest score that engines" in problem.what
    assert "a by 0.0015" in problem.what


def test_an_item_that_cannot_be_read_is_no_golden_one():
    then = {"a": Prediction("a", 0, top(0.5))}
    problem = golden_problem([Prediction("a", 0, (), "gone")], then, "")
    assert problem
    assert "a cannot be read: gone" in problem.what


def test_copies_are_compared_by_id_and_label(make_zoo):
    copy = compare([("a", 0), ("b", 1), ("c", 2)], {"b": 1, "c": 0, "d": 3})
    assert (copy.missing, copy.extra, copy.relabelled, copy.same) == (["a"], ["d"], ["c"], 1)
    assert copy.differs
    run = run_of(make_zoo)
    assert bounds_text(run, TOTAL, 3700, {"top1": 3100}) == (
        "if top1 83.4 holds for 3783 items, it lies from 82.49 (3052) to 85.81 (3175) on the 3700 "
        "that are the same, and by the evidence it is 83.78 (3100)"
    )


def test_the_bounds_of_an_error_rate_are_those_of_the_wrong_items(make_zoo):
    run = run_of(make_zoo, "err1: 16.6")
    text = bounds_text(run, 1000, 900)
    # 834 of 1000 are right: of 900, from 734 to 834.
    assert "it lies from 7.33 (834) to 18.44 (734) on the 900" in text


def test_the_evidence_file_of_a_reference_is_its_own(reference):
    assert isinstance(reference.file.path, Path)
    assert reference.correct(1) == RIGHT
