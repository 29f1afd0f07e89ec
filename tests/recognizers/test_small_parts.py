"""The protocol's settings, the learning rate, and counting."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.recognizers.command import list_path
from sphinx_modelzoo.recognizers.counting import Counts, best
from sphinx_modelzoo.recognizers.protocol import Protocol, read_protocol
from sphinx_modelzoo.recognizers.schedule import Schedule

SETTINGS = [
    *("segments", "crops", "input_size", "new_height", "new_width", "new_length", "new_step"),
    *("slow_temporal_stride", "fast_temporal_stride"),
]


def test_the_home_of_nobody_is_a_path_that_is_not_there():
    options = argparse.Namespace(val_list="~no-such-user/val.txt", dataset="custom")
    assert list_path(options, "val") == Path("~no-such-user/val.txt")


def test_a_protocol_has_gluoncvs_defaults():
    assert read_protocol({}) == Protocol(1, 1, 224, 256, 340)
    assert read_protocol({"segments": 25, "crops": 10}).views == 250


def test_every_wrong_setting_is_told_with_the_nearest_name():
    with pytest.raises(CallError) as caught:
        read_protocol({"segmants": 3, "crops": "ten", "input_size": 0, "speed": 1, "new_width": 40})
    assert str(caught.value).splitlines() == [
        "gluoncv-action has no setting 'segmants'; did you mean segments?",
        "crops is 'ten', not a whole number from 1; write a number such as 25",
        "input_size is 0, not a whole number from 1; write a number such as 25",
        "gluoncv-action has no setting 'speed'; it knows " + ", ".join(SETTINGS),
    ]


def test_crops_that_do_not_fit_are_told_before_any_work():
    with pytest.raises(CallError, match="does not fit frames of 256x340"):
        read_protocol({"input_size": 299})


def test_the_step_schedule_warms_up_and_decays():
    schedule = Schedule(0.1, 10, decay=0.5, decay_epochs=(4, 8), warmup_epochs=2, warmup_base=0.02)
    rates = [schedule.rate(epoch) for epoch in (0, 1, 2, 3.9, 4, 7.5, 8, 9)]
    assert rates == pytest.approx([0.02, 0.06, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025])


def test_the_cosine_schedule_ends_at_zero():
    schedule = Schedule(0.1, 10, mode="cosine", warmup_epochs=2)
    assert [schedule.rate(epoch) for epoch in (1, 2, 6, 10)] == pytest.approx([0.05, 0.1, 0.05, 0])


def test_of_equal_scores_the_lower_class_is_first():
    scores = np.array([0.5, 2, 0.5, 2, 1, 0.5, -1], dtype=np.float32)
    assert [label for label, _ in best(scores)] == [1, 3, 4, 0, 2]
    assert best(scores[:2]) == ((1, 2.0), (0, 0.5))


def test_counts_are_written_as_gluoncv_writes_them():
    counts = Counts()
    top = ((3, 2.0), (1, 1.0), (0, 0.5), (2, 0.1), (5, 0.0))
    for label in (3, 0, 4):
        counts = counts.add(top, label)
    assert counts == Counts(top1=1, top5=2, total=3)
    assert str(counts) == "acc-top1=33.333333 acc-top5=66.666667"
