"""What a network sees is known from its name, and a protocol that does not fit is told at once."""

from __future__ import annotations

import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.recognizers.architectures import architecture, check_protocol
from sphinx_modelzoo.recognizers.protocol import Protocol, read_protocol

I3D = "i3d_resnet50_v1_ucf101"
SLOWFAST = "slowfast_4x16_resnet50_kinetics400"
TWO_RATES = {"new_length": 64, "slow_temporal_stride": 16, "fast_temporal_stride": 2}
WITH_STRIDES = (
    "new_length: 64, slow_temporal_stride: 16, fast_temporal_stride: 2 "
    "(--slowfast --new-length 64 --slow-temporal-stride 16 --fast-temporal-stride 2)"
)


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        (
            I3D,
            {"segments": 25},
            (
                f"{I3D} sees clips of several frames, the protocol has single frames; "
                "GluonCV's weights were tested with new_length: 32, new_step: 2 "
                "(--new-length 32 --new-step 2)"
            ),
        ),
        (
            "vgg16_ucf101",
            {"new_length": 32},
            (
                "vgg16_ucf101 sees single frames, the protocol has clips of 32 frames; leave out "
                "new_length, new_step (--new-length, --new-step)"
            ),
        ),
        (
            "resnet50_v1b",
            TWO_RATES,
            (
                "resnet50_v1b sees single frames, the protocol has clips of 64 frames; leave out "
                "new_length, slow_temporal_stride, fast_temporal_stride "
                "(--new-length, --slow-temporal-stride, --fast-temporal-stride)"
            ),
        ),
        (
            I3D,
            TWO_RATES,
            (
                f"{I3D} sees frames at one rate, the protocol has two, as SlowFast networks do; "
                "leave out slow_temporal_stride, fast_temporal_stride "
                "(--slow-temporal-stride, --fast-temporal-stride)"
            ),
        ),
        (
            SLOWFAST,
            {"new_length": 32, "new_step": 2},
            (
                f"{SLOWFAST} sees frames at two rates, the protocol has one; "
                f"GluonCV's weights were tested with {WITH_STRIDES}"
            ),
        ),
        (
            SLOWFAST,
            TWO_RATES | {"slow_temporal_stride": 8},
            (
                f"{SLOWFAST} sees 32 fast and 4 slow frames, the protocol gives 32 fast and 8 slow "
                f"frames; GluonCV's weights were tested with {WITH_STRIDES}"
            ),
        ),
        (
            "c3d_kinetics400",
            {"segments": 10, "new_length": 16, "input_size": 112},
            (
                "c3d_kinetics400 is tested with one view, the protocol has 10: GluonCV averages "
                "its clips below three layers that are not linear; write segments: 1, crops: 1"
            ),
        ),
    ],
)
def test_a_protocol_that_gives_other_views_is_refused_with_what_to_write(name, settings, message):
    with pytest.raises(CallError) as caught:
        check_protocol(name, read_protocol(settings))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        (I3D, {"segments": 10, "crops": 3, "input_size": 256, "new_length": 32, "new_step": 2}),
        (SLOWFAST, TWO_RATES),
        # Other strides that give the same numbers of frames: a video of half the frame rate.
        (SLOWFAST, {"new_length": 32, "slow_temporal_stride": 8, "fast_temporal_stride": 1}),
        (
            "slowfast_16x8_resnet101_50_50_kinetics400",
            TWO_RATES | {"new_length": 128, "slow_temporal_stride": 8},
        ),
        ("vgg16_ucf101", {"segments": 25, "crops": 10}),
        ("cifar_resnet20_v1", {"input_size": 32}),
        ("c3d_kinetics400", {"new_length": 16, "input_size": 112}),
        (
            "p3d_resnet101_kinetics400",
            {"segments": 10, "crops": 3, "input_size": 256, "new_length": 16},
        ),
    ],
)
def test_a_protocol_that_fits_is_taken(name, settings):
    check_protocol(name, read_protocol(settings))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"new_length": 32, "crops": 10},
            (
                "ten crops of clips are not known: GluonCV's code mixes up crops and frames there; "
                "write crops: 3 (--three-crop), or leave it out"
            ),
        ),
        (
            {"new_length": 64, "slow_temporal_stride": 16},
            (
                "slow_temporal_stride stands alone; "
                "write both, such as slow_temporal_stride: 16, fast_temporal_stride: 2"
            ),
        ),
        (
            TWO_RATES | {"fast_temporal_stride": 3},
            (
                "slow_temporal_stride 16 is no multiple of fast_temporal_stride 3; "
                "write a multiple, such as 15"
            ),
        ),
        (
            TWO_RATES | {"new_length": 8},
            (
                "a clip of 8 frames has none at slow_temporal_stride 16; "
                "write new_length: 64 (--new-length 64) for four slow frames"
            ),
        ),
        (
            TWO_RATES | {"new_step": 2},
            (
                "new_step goes with one frame rate, a SlowFast network's strides give two; "
                "leave out new_step (--new-step)"
            ),
        ),
    ],
)
def test_settings_that_exclude_each_other_are_refused(settings, message):
    with pytest.raises(CallError) as caught:
        read_protocol(settings)
    assert str(caught.value) == message


def test_views_have_the_shape_that_the_settings_give():
    assert Protocol().view_shape == (3, 224, 224)
    assert read_protocol({"new_length": 32, "new_step": 2}).view_shape == (3, 32, 224, 224)
    two_rates = read_protocol({**TWO_RATES, "segments": 10, "crops": 3, "input_size": 256})
    assert two_rates.pathways == (32, 4)
    assert two_rates.view_shape == (3, 36, 256, 256)
    assert two_rates.views == 30
    assert len(two_rates.pick(100)) == 10 * 36


@pytest.mark.parametrize(
    ("name", "family", "clip"),
    [
        ("vgg16_ucf101", "vgg16", {}),
        ("resnet152_v1b_sthsthv2", "resnet_v1b", {}),
        ("i3d_nl10_resnet101_v1_kinetics400", "i3d_resnet", {"new_length": 32, "new_step": 2}),
        ("i3d_inceptionv3_kinetics400", "i3d_inception", {"new_length": 32, "new_step": 2}),
        ("i3d_slow_resnet101_f16s4_kinetics700", "i3d_slow", {"new_length": 16, "new_step": 4}),
        (SLOWFAST, "slowfast", TWO_RATES),
    ],
)
def test_an_architecture_is_known_from_its_name(name, family, clip):
    known = architecture(name)
    assert known
    assert (known.family, known.clip) == (family, clip)


@pytest.mark.parametrize(
    "name", ["resnet50_v1b", "vgg16", "yolo3_darknet53_custom", "slowfast_ucf101"]
)
def test_other_names_are_no_architectures_for_actions(name):
    assert architecture(name) is None
