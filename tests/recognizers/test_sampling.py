"""Which frames of a clip are seen: the same as GluonCV's data set chooses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.recognizers.sampling import drawn_frames, middle_frames

from .clips import quietly


@pytest.mark.mxnet
def test_test_frames_are_those_of_gluoncv():
    dataset = quietly("gluoncv.data").VideoClsCustom
    for segments in (1, 2, 3, 7, 25):
        theirs = dataset(None, None, num_segments=segments, test_mode=True, lazy_init=True)
        for frames in range(1, 400):
            indices, _ = theirs._sample_test_indices(frames)
            assert middle_frames(frames, segments) == [int(index) - 1 for index in indices]


@pytest.mark.mxnet
def test_training_frames_are_those_of_gluoncv_for_the_same_draws(monkeypatch):
    dataset = quietly("gluoncv.data").VideoClsCustom

    class Draw:
        """Draws the same numbers for both."""

        @staticmethod
        def integers(high, size):
            return np.random.default_rng(high).integers(high, size=size)

    monkeypatch.setattr(np.random, "randint", Draw.integers)
    for segments in (1, 3, 7):
        theirs = dataset(None, None, num_segments=segments, lazy_init=True)
        for frames in range(1, 100):
            indices, _ = theirs._sample_train_indices(frames)
            ours = drawn_frames(frames, segments, Draw)
            assert ours == [int(index) - 1 for index in indices]


@given(st.integers(1, 5000), st.integers(1, 50), st.integers(0, 2**32))
def test_frames_lie_in_the_clip_and_in_order(frames, segments, seed):
    for chosen in (
        middle_frames(frames, segments),
        drawn_frames(frames, segments, np.random.default_rng(seed)),
    ):
        assert len(chosen) == segments
        assert chosen == sorted(chosen)
        assert chosen[0] >= 0
        assert chosen[-1] < frames
