from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.manifest.numbers import Band
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.verify.plan import plan
from sphinx_modelzoo.verify.printed.readings import Reading, decide_reading, read_number

MODEL = "  - {{name: a, dataset: ucf101, protocol: own, {}}}\n"


@pytest.fixture
def run(make_zoo):
    """Give a function that makes the run of a model that lists some numbers, and a metric."""

    def make(numbers="top1: 83.4", key="top1"):
        zoo = make_zoo(MODEL.format(numbers))
        (only,) = plan(zoo)
        return only, zoo.metrics[key]

    return make


def read(metric, text, total=3783, scale=100, decimals=None):
    line = f"accuracy: {text}"
    return read_number(text, line, metric, total, scale=scale, decimals=decimals)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("83.399418", 3155, 3155),
        ("83.40", 3155, 3155),
        ("83.4", 3154, 3156),
        ("83", 3121, 3158),
        ("83.4%", 3154, 3156),
        (" 8.34e1 ", 3154, 3156),
        ("0", 0, 18),
        ("100", 3765, 3783),
        ("100.000000", 3783, 3783),
    ],
)
def test_printed_digits_stand_for_counts(run, text, low, high):
    assert read(run()[1], text).counts == Band(low, high)


def test_a_number_that_no_count_gives_has_none(run):
    counts = read(run()[1], "83.395127").counts  # 3149 of 3776: a batch of 7 was dropped
    assert counts.low > counts.high


@given(total=st.integers(1, 100_000), data=st.data(), decimals=st.integers(0, 9))
def test_the_count_that_was_printed_is_always_among_the_counts(total, data, decimals):
    from sphinx_modelzoo.manifest.model import Metric, Place  # noqa: PLC0415

    metric = Metric("top1", "Top-1", Place("zoo.yaml", 1, 1), top=1)
    right = data.draw(st.integers(0, total))
    text = f"{100 * right / total:.{decimals}f}"
    assert right in read(metric, text, total).counts
    shares = read(metric, f"{right / total:.{decimals}f}", total, scale=1)
    assert right in shares.counts


def test_decimals_say_how_many_are_right(run):
    metric = run()[1]
    assert read(metric, "83.399422").counts == Band(3156, 3155)  # of 32-bit floats, the last is off
    assert read(metric, "83.399422", decimals=4).counts == Band(3155, 3155)
    assert read(metric, "0.834", 1000, scale=1, decimals=6).counts == Band(834, 834)


def test_a_metric_of_which_less_is_better_counts_the_right_items(run):
    metric = run("err1: 16.6", "err1")[1]
    assert read(metric, "16.600582").counts == Band(3155, 3155)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nan", "it printed 'nan' as top1 in the line 'accuracy: nan'; it evaluated nothing"),
        ("-NaN", "it evaluated nothing"),
        ("inf", "it evaluated nothing"),
        ("good", "it printed 'good', which is no number, as top1"),
        ("", "which is no number"),
        ("8 3", "which is no number"),
        ("1e9999", "which is no number"),
        ("101", "it printed 101, which is not from 0 to 100"),
        ("-1", "which is not from 0 to 100"),
        ("1e99", "which is not from 0 to 100"),
    ],
)
def test_what_is_no_share_of_the_items_is_named(run, text, message):
    with pytest.raises(UndecidedError) as caught:
        read(run()[1], text)
    assert message in str(caught.value)


def decide(run, text, listed="top1: 83.4", **how):
    only, metric = run(listed, listed.partition(":")[0])
    return decide_reading(only, metric, read(metric, text, **how), 3783)


def test_one_count_is_confirmed_or_refuted_as_if_it_was_counted(run):
    decision = decide(run, "83.399418")
    assert (decision.verdict, decision.correct, decision.n) == (Verdict.CONFIRMED, 3155, 3783)
    assert decision.measured == Fraction(315500, 3783)
    decision = decide(run, "81.390431")
    assert (decision.verdict, decision.correct) == (Verdict.REFUTED, 3079)
    assert "measured 81.4 (3079 of 3783)" in str(decision.problems[0])


def test_several_counts_confirm_nothing_and_ask_for_digits(run):
    decision = decide(run, "83.4")
    assert (decision.verdict, decision.n) == (Verdict.UNDECIDED, 0)
    (problem,) = decision.problems
    assert "stands for 3154 to 3156 of 3783 correct" in problem.what
    assert "all of them would hold" in problem.what
    assert problem.remedy == "let it print more digits"
    assert problem.place.endswith("zoo.yaml:21:53")
    assert "not all of them would hold" in str(decide(run, "84").problems[0])


def test_several_counts_refute_where_none_of_them_fits(run):
    decision = decide(run, "80")
    assert decision.verdict is Verdict.REFUTED
    assert decision.correct == 3045  # the one that is nearest to what is listed
    assert "stands for 3008 to 3045 of 3783 correct" in str(decision.problems[0])
    assert decide(run, "87").correct == 3273


def test_no_count_is_undecided_with_what_may_be_the_reason(run):
    decision = decide(run, "83.395127")
    assert decision.verdict is Verdict.UNDECIDED
    assert "which no count of 3783 items gives" in str(decision.problems[0])
    assert "a last batch may be dropped" in decision.problems[0].remedy
    assert "'scale'" not in decision.problems[0].remedy
    assert "'scale' be 1" in decide(run, "0.833994").problems[0].remedy


def test_a_reading_is_determined_by_one_count_alone():
    assert Reading("83.40", "", Band(3155, 3155)).determined
    assert not Reading("83.4", "", Band(3154, 3156)).determined
    assert not Reading("83.395127", "", Band(3155, 3154)).determined
