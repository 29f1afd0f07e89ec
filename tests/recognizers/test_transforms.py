"""From frames to a network's input: the same as GluonCV's transforms."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.recognizers import transforms

from .clips import picture, quietly


@pytest.mark.mxnet
def test_augmentation_is_that_of_gluoncv_for_the_same_draws(monkeypatch):
    video = quietly("gluoncv.data.transforms.video")
    ratios = [1.0, 0.875, 0.75, 0.66]
    frames = [picture(number, 40, 53) for number in range(2)]
    crops = transforms.augmentation_crops(40, 53, ratios)
    block = video.VideoGroupTrainTransform((32, 32), ratios, transforms.MEAN, transforms.STD)
    pairs, places = 10, 13
    assert len(crops) == pairs * places * 2
    for number, crop in enumerate(crops):
        choices = iter([number // (2 * places), number // 2 % places])
        monkeypatch.setattr(random, "choice", lambda options, it=choices: options[next(it)])
        monkeypatch.setattr(random, "random", lambda odd=number % 2: 0.0 if odd else 1.0)
        ours = transforms.augmented_images(frames, 32, crop)
        assert np.abs(ours - np.stack(block(frames))).max() <= 1e-6


def test_a_crop_larger_than_the_frame_says_which_options_to_raise():
    with pytest.raises(CallError) as caught:
        transforms.crops_of(256, 340, 299, 1)
    message = str(caught.value)
    assert message.startswith("a crop of 299x299 does not fit frames of 256x340; raise new_height")
    assert "--new-height, --new-width" in message
    assert "340 and 450" in message


def test_three_crops_that_touch_no_side_are_an_error():
    with pytest.raises(CallError, match="three crops of 224x224 need frames as high or as wide"):
        transforms.crops_of(256, 340, 224, 3)


def test_other_numbers_of_crops_are_an_error():
    with pytest.raises(CallError, match="5 crops are not known; use 1, 3 or 10"):
        transforms.crops_of(256, 340, 224, 5)


def test_a_frame_of_the_right_size_is_not_touched():
    frame = picture(0)
    assert transforms.resize(frame, *frame.shape[:2]) is frame
