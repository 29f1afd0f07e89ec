"""The views of an item: the same as what GluonCV's transforms and data set give a network."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.recognizers.frames import Clip, read_frames
from sphinx_modelzoo.recognizers.protocol import Protocol
from sphinx_modelzoo.recognizers.transforms import MEAN, STD
from sphinx_modelzoo.recognizers.views import Views, views_of

from .clips import make_frames, picture, quietly

CROPS = {1: "VideoCenterCrop", 3: "VideoThreeCrop", 10: "VideoTenCrop"}


def theirs(crops: int, frames: list[np.ndarray], size: int) -> np.ndarray:
    """What GluonCV's test script makes of frames."""
    video = quietly("gluoncv.data.transforms.video")
    steps = (
        getattr(video, CROPS[crops])(size),
        video.VideoToTensor(),
        video.VideoNormalize(MEAN, STD),
    )
    for step in steps:
        frames = step(frames)
    return np.stack(frames)


def whole(views: Views) -> np.ndarray:
    return views.cut(0, len(views))


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, int, int, int, int, int]:
    """Crops, size, height, width, segments, and a seed for the frames."""
    crops = draw(st.sampled_from(list(CROPS)))
    size = draw(st.integers(1, 40))
    down, right = draw(st.integers(0, 30)), draw(st.integers(0, 30))
    if crops == 3 and draw(st.booleans()):
        down = 0
    elif crops == 3:
        right = 0
    return crops, size, size + down, size + right, draw(st.integers(1, 4)), draw(st.integers(0, 99))


@pytest.mark.mxnet
@given(case=cases())
@settings(deadline=None, max_examples=100)
def test_images_are_those_of_gluoncv(case):
    crops, size, height, width, segments, seed = case
    rng = np.random.default_rng(seed)
    frames = list(rng.integers(0, 256, (segments, height, width, 3), dtype=np.uint8))
    views = views_of(frames, size, crops)
    ours = whole(views)
    assert ours.dtype == np.float32
    assert ours.shape == (segments * crops, *views.shape) == (segments * crops, 3, size, size)
    assert np.abs(ours - theirs(crops, frames, size)).max() <= 1e-6


@pytest.mark.mxnet
@pytest.mark.parametrize(
    ("crops", "height", "width", "size"),
    [(10, 256, 340, 224), (10, 340, 450, 299), (3, 256, 341, 256), (1, 256, 340, 224)],
)
def test_images_are_those_of_gluoncv_at_the_sizes_of_its_numbers(crops, height, width, size):
    frames = [picture(number, height, width) for number in range(2)]
    ours = whole(views_of(frames, size, crops))
    assert np.abs(ours - theirs(crops, frames, size)).max() <= 1e-6


@pytest.mark.mxnet
def test_the_centre_is_that_of_gluoncvs_transform_for_validation():
    video = quietly("gluoncv.data.transforms.video")
    frames = [picture(number, 41, 53) for number in range(3)]
    expected = np.stack(video.VideoGroupValTransform(32, MEAN, STD)(frames))
    assert np.abs(whole(views_of(frames, 32, 1)) - expected).max() <= 1e-6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of 41 frames of 48x64 pixels, in GluonCV's form, with its list."""
    root = tmp_path_factory.mktemp("clip")
    make_frames(root / "v", 41)
    (root / "list.txt").write_text("v 41 0\n")
    return root


@pytest.mark.mxnet
@pytest.mark.parametrize(
    "protocol",
    [
        Protocol(7, 10, 32, 36, 48),
        Protocol(3, 3, 36, 36, 48),
        Protocol(2, 3, 36, 36, 48, new_length=6, new_step=2),
        Protocol(4, 1, 32, 36, 48, new_length=8),
        # Longer than the clip: it starts with the first frame, and repeats the last ones.
        Protocol(2, 1, 32, 36, 48, new_length=24, new_step=2),
        Protocol(2, 3, 36, 36, 48, 16, slow_temporal_stride=8, fast_temporal_stride=2),
    ],
    ids=str,
)
def test_an_items_views_are_those_of_gluoncvs_data_set(folder, protocol):
    """From the files to the network's input."""
    custom = quietly("gluoncv.data.video_custom.classification")
    dataset = custom.VideoClsCustom(
        root=str(folder),
        setting=str(folder / "list.txt"),
        train=False,
        test_mode=True,
        num_segments=protocol.segments,
        num_crop=protocol.crops,
        new_length=protocol.new_length,
        new_step=protocol.new_step,
        new_width=protocol.new_width,
        new_height=protocol.new_height,
        target_width=protocol.input_size,
        target_height=protocol.input_size,
        slowfast=protocol.two_rates,
        slow_temporal_stride=protocol.slow_temporal_stride or 16,
        fast_temporal_stride=protocol.fast_temporal_stride or 2,
        transform=lambda frames: list(theirs(protocol.crops, frames, protocol.input_size)),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        expected = dataset[0][0].asnumpy()
    frames = read_frames(Clip(folder / "v", "frames", 41), protocol.pick, protocol.size)
    views = protocol.crop(frames)
    assert len(views) == protocol.views
    assert views.shape == protocol.view_shape
    assert whole(views).shape == expected.shape
    assert np.abs(whole(views) - expected).max() <= 1e-6


@given(
    crops=st.sampled_from([1, 10]),
    length=st.integers(1, 3),
    bounds=st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted),
)
def test_a_part_of_the_views_is_the_same_as_in_the_whole(crops, length, bounds):
    crops = crops if length == 1 else 1
    frames = [picture(number, 9, 11) for number in range(12 * length)]
    views = views_of(frames, 8, crops, length)
    start, stop = bounds
    out = np.full((stop - start, *views.shape), np.nan, dtype=np.float32)
    assert views.cut(start, stop, out) is out
    assert np.array_equal(out, whole(views)[start:stop])


def test_a_frame_of_several_segments_is_kept_once():
    frame = picture(0, 9, 11)
    views = views_of([frame, frame, picture(1, 9, 11)], 8, 10)
    assert len(views) == 30
    assert views.nbytes == 2 * frame.nbytes


def test_the_frames_of_the_longest_protocol_are_a_few_megabytes():
    frames = [np.zeros((256, 340, 3), dtype=np.uint8) for _ in range(25)]
    views = views_of(frames, 224, 10)
    assert len(views) == 250
    assert views.nbytes < 7e6
    assert views.cut(0, 13).nbytes < 8e6
