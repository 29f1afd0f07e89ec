from __future__ import annotations

import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.verify.plan import plan


def titles(runs) -> list[str]:
    return [run.title for run in runs]


def test_a_plan_keeps_the_order_of_the_manifest(make_zoo):
    everything = ["a@aaaaaaaa on ucf101", "a@bbbbbbbb on images", "b on ucf101"]
    assert titles(plan(make_zoo())) == everything
    assert titles(plan(make_zoo(), ["b", "a"])) == everything


@pytest.mark.parametrize(
    ("models", "datasets", "chosen"),
    [
        (["a"], [], ["a@aaaaaaaa on ucf101", "a@bbbbbbbb on images"]),
        (["a@bbbbbbbb"], [], ["a@bbbbbbbb on images"]),
        ([], ["ucf101"], ["a@aaaaaaaa on ucf101", "b on ucf101"]),
        (["a"], ["ucf101"], ["a@aaaaaaaa on ucf101"]),
    ],
)
def test_choices_are_joined(make_zoo, models, datasets, chosen):
    assert titles(plan(make_zoo(), models, datasets)) == chosen


def test_numbers_of_one_result_share_a_run(make_zoo):
    run = plan(make_zoo(), ["a@bbbbbbbb"])[0]
    assert [metric.key for metric in run.metrics] == ["top1", "speed"]
    assert [metric.key for metric in run.counted] == ["top1"]


def test_an_entry_with_several_results_has_a_run_for_each(make_zoo):
    results = "[{dataset: ucf101, top1: 1}, {dataset: images, top1: 2}]"
    zoo = make_zoo(f"  - {{name: a, protocol: tsn, results: {results}}}\n")
    assert titles(plan(zoo)) == ["a on ucf101", "a on images"]


@pytest.mark.parametrize(
    ("models", "datasets", "message"),
    [
        (["aa"], [], "--model aa: the manifest has no such entry"),
        (["a@cccccccc"], [], "it has a@aaaaaaaa, a@bbbbbbbb"),
        ([], ["ucf1O1"], "did you mean 'ucf101'?"),
        (["b"], ["images"], "no number is listed for b, images"),
    ],
)
def test_a_choice_that_fits_nothing_is_an_error(make_zoo, models, datasets, message):
    with pytest.raises(CallError) as caught:
        plan(make_zoo(), models, datasets)
    assert message in str(caught.value)


def test_all_wrong_choices_come_in_one_go(make_zoo):
    with pytest.raises(CallError) as caught:
        plan(make_zoo(), ["x", "y"], ["z"])
    assert len(caught.value.problems) == 3
