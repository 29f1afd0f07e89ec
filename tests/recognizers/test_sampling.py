"""Which frames of a clip are seen: the same as GluonCV's data set chooses."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.recognizers.protocol import read_protocol
from sphinx_modelzoo.recognizers.sampling import clip_frames, drawn_frames

from .clips import quietly


class Video:
    """Gives frame numbers as frames, where GluonCV asks decord for a batch of them."""

    def get_batch(self, wanted):
        self._frames = np.reshape(wanted, (-1, 1, 1, 1))
        return self

    def asnumpy(self):
        return self._frames


def frames_of_gluoncv(frames: int, segments: int, **options: int | bool) -> list[int]:
    """Give the frames that GluonCV's own data set asks a video's reader for, from 0."""
    dataset = quietly("gluoncv.data").VideoClsCustom(
        None, None, num_segments=segments, test_mode=True, train=False, lazy_init=True, **options
    )
    starts, skips = dataset._sample_test_indices(frames)
    load = dataset._video_TSN_decord_batch_loader
    if options.get("slowfast"):
        load = dataset._video_TSN_decord_slowfast_loader
    return [int(frame.item()) for frame in load("", Video(), frames, starts, skips)]


def our_frames(frames: int, **settings: int) -> list[int]:
    return read_protocol(settings).pick(frames)


@pytest.mark.mxnet
def test_test_frames_are_those_of_gluoncv():
    for segments in (1, 2, 3, 7, 25):
        for frames in range(1, 200):
            theirs = frames_of_gluoncv(frames, segments)
            assert our_frames(frames, segments=segments) == theirs


@pytest.mark.mxnet
@pytest.mark.parametrize(
    ("segments", "length", "step"), [(1, 32, 2), (10, 32, 2), (10, 16, 4), (3, 8, 1), (4, 2, 5)]
)
def test_frames_of_clips_are_those_of_gluoncv(segments, length, step):
    """Videos that are too short for one clip, just long enough, and long."""
    clip = {"new_length": length, "new_step": step}
    for frames in [*range(1, length * step + 12), 250, 299, 300]:
        theirs = frames_of_gluoncv(frames, segments, **clip)
        assert our_frames(frames, segments=segments, **clip) == theirs


@pytest.mark.mxnet
@pytest.mark.parametrize(
    ("length", "slow", "fast"), [(64, 16, 2), (64, 8, 2), (128, 8, 2), (9, 3, 1)]
)
def test_frames_of_both_pathways_are_those_of_gluoncv(length, slow, fast):
    clip = {"new_length": length, "slow_temporal_stride": slow, "fast_temporal_stride": fast}
    for frames in [*range(1, 12), *range(length - 3, length + 5), 250, 300]:
        theirs = frames_of_gluoncv(frames, 10, slowfast=True, **clip)
        assert our_frames(frames, segments=10, **clip) == theirs


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


@given(
    st.integers(1, 5000),
    st.integers(1, 50),
    st.integers(1, 64),
    st.integers(1, 8),
    st.integers(0, 2**32),
)
def test_frames_lie_in_the_video_and_in_order(frames, segments, length, step, seed):
    drawn = drawn_frames(frames, segments, np.random.default_rng(seed))
    chosen = clip_frames(frames, segments, length, step)
    assert len(drawn) == len(chosen) == segments
    for clip in [drawn, [first for first, *_ in chosen], *chosen]:
        assert clip == sorted(clip)
        assert clip[0] >= 0
        assert clip[-1] < frames
    for clip in chosen:
        assert len(clip) == length
        assert {later - earlier for earlier, later in pairwise(clip)} <= {step, 0}
