from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.manifest.model import Dataset, Entry, Metric, Number, Place, Result
from sphinx_modelzoo.manifest.numbers import correct_band
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.verify.count import Counts
from sphinx_modelzoo.verify.plan import Run, plan
from sphinx_modelzoo.verify.verdict import decide


def first(zoo):
    run = plan(zoo)[0]
    return run, run.metrics[0]


def counts(correct: int, n: int, unreadable=()) -> Counts:
    return Counts(n, dict.fromkeys((1, 5), correct), dict.fromkeys(unreadable, "gone"), "")


def entry(numbers: str, dataset: str = "ucf101") -> str:
    return f"  - {{name: a, hashtag: aaaaaaaa, dataset: {dataset}, protocol: tsn, {numbers}}}\n"


@pytest.mark.parametrize(
    ("correct", "verdict"),
    [
        # |100 K / 3783 - 83.4| <= 0.05 + 0.5
        (3134, Verdict.REFUTED),
        (3135, Verdict.CONFIRMED),
        (3175, Verdict.CONFIRMED),
        (3176, Verdict.REFUTED),
    ],
)
def test_the_band_holds_at_its_edges_and_not_beyond(make_zoo, correct, verdict):
    run, metric = first(make_zoo(entry("top1: 83.4")))
    assert decide(run, metric, counts(correct, 3783), 3783).verdict is verdict


@pytest.mark.parametrize(
    ("dataset", "low", "high"),
    [("ucf101", 829, 839), ("images", 831, 837)],
)
def test_without_a_tolerance_videos_get_half_a_point_and_images_a_quarter(
    make_zoo, dataset, low, high
):
    run, metric = first(make_zoo(entry("top5: 83.4", dataset)))
    band = correct_band(run.number(metric), metric, 1000, run.dataset.media)
    assert (band.low, band.high) == (low, high)


def test_a_metric_of_which_less_is_better_counts_the_wrong_items(make_zoo):
    run, metric = first(make_zoo(entry("err1: 16.6")))
    found = decide(run, metric, counts(834, 1000), 1000)
    assert found.verdict is Verdict.CONFIRMED
    assert float(found.measured) == 16.6
    found = decide(run, metric, counts(166, 1000), 1000)
    assert found.verdict is Verdict.REFUTED
    assert "measured 83.4 (166 of 1000), and 16.6 stands for 834 correct" in str(found.problems[0])


def test_a_metric_without_percent_is_a_fraction(make_zoo):
    run, metric = first(make_zoo(entry("part: 0.834")))
    assert decide(run, metric, counts(834, 1000), 1000).verdict is Verdict.CONFIRMED
    found = decide(run, metric, counts(800, 1000), 1000)
    assert found.verdict is Verdict.REFUTED
    assert "measured 0.800" in str(found.problems[0])


def test_a_number_above_the_whole_in_another_unit_than_percent_is_not_refuted_but_named(make_zoo):
    run, metric = first(make_zoo(entry("part: 83.4")))
    found = decide(run, metric, counts(834, 1000), 1000)
    assert found.verdict is Verdict.UNDECIDED
    text = str(found.problems[0])
    assert "in the unit 'part' a share of the items goes from 0 to 1; write 'unit: \"%\"'" in text


def test_a_number_that_no_count_gives_is_refuted_and_says_so(make_zoo):
    run, metric = first(make_zoo(entry("top5: 50.0")))
    found = decide(run, metric, counts(1, 3), 3)
    assert found.verdict is Verdict.REFUTED
    assert "no count of 3 items gives 50.0 within 0.5 points" in str(found.problems[0])


def test_unreadable_items_leave_the_number_undecided_even_far_from_the_band(make_zoo):
    run, metric = first(make_zoo(entry("top1: 83.4")))
    unreadable = [f"clip{number:02}" for number in range(12)]
    found = decide(run, metric, counts(0, 3771, unreadable), 3783)
    assert (found.verdict, found.measured) == (Verdict.UNDECIDED, None)
    text = str(found.problems[0])
    assert "12 of 3783 items could not be read: clip00 (gone), " in text
    assert "clip09 (gone) and 2 more" in text


@given(
    total=st.integers(1, 5000),
    share=st.fractions(0, 1),
    decimals=st.integers(0, 3),
)
def test_what_was_measured_and_rounded_is_always_confirmed(total, share, decimals):
    correct = int(share * total)
    place = Place("zoo.yaml", 1, 1)
    text = f"{Decimal(100 * correct) / Decimal(total):.{decimals}f}"
    metric = Metric("top1", "Top-1", place, top=1, tolerance=Decimal(0))
    number = Number(text, Decimal(text), place)
    result = Result("d", place, numbers={"top1": number})
    run = Run(Entry("a", "", place), result, Dataset("d", "", place), None, (metric,))
    found = decide(run, metric, counts(correct, total), total)
    assert found.verdict is Verdict.CONFIRMED
    assert found.measured == Fraction(100 * correct, total)
