"""Building GluonCV's networks and loading weights strictly."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_modelzoo.errors import CallError, UndecidedError
from sphinx_modelzoo.recognizers.inference import classify

from .clips import CLASSES, NETWORK, quietly, uses_mxnet

pytestmark = uses_mxnet


def pictures(count: int, size: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, 3, size, size)).astype(np.float32)


def by_gluoncv(network, images: np.ndarray, mx) -> np.ndarray:
    return network(mx.nd.array(images)).asnumpy()


@pytest.mark.parametrize(
    ("name", "block", "size"),
    [
        ("inceptionv1_hmdb51", "actionrec_inceptionv1.ActionRecInceptionV1", 224),
        ("inceptionv3_ucf101", "actionrec_inceptionv3.ActionRecInceptionV3", 299),
        ("resnet18_v1b_kinetics400", "actionrec_resnetv1b.ActionRecResNetV1b", 224),
        pytest.param(
            *("vgg16_ucf101", "actionrec_vgg16.ActionRecVGG16", 224), marks=pytest.mark.long
        ),
    ],
)
def test_an_items_score_is_that_of_gluoncvs_network_with_segments_and_crops(
    rooms, tmp_path, name, block, size
):
    segments, crops, mx = 2, 2, rooms.mx
    mx.random.seed(5)
    module, _, block = block.partition(".")
    make = getattr(quietly(f"gluoncv.model_zoo.action_recognition.{module}"), block)
    depth = {"depth": 18} if "resnet" in name else {}
    theirs = make(
        nclass=CLASSES, pretrained_base=False, num_segments=segments, num_crop=crops, **depth
    )
    theirs.initialize(mx.init.Xavier(magnitude=2), force_reinit=True)
    images = pictures(2 * segments * crops, size)
    expected = by_gluoncv(theirs, images, mx)
    theirs.save_parameters(str(tmp_path / "saved.params"))

    network = rooms.network.build(name, CLASSES)
    rooms.network.load(network, tmp_path / "saved.params")
    # Three images a pass: passes are cut within clips, and the last one is not full.
    classifier = rooms.network.FrameClassifier(network, CLASSES, size, batch=3)
    clips = images.reshape(2, segments * crops, 3, size, size)
    ours = np.stack([score for _, score in classify(range(2), lambda n: clips[n], classifier)])
    assert np.abs(ours - expected).max() <= 1e-4 * np.abs(expected).max()
    assert np.abs(expected[0] - expected[1]).max() > 1e-3 * np.abs(expected).max()


def test_an_images_scores_do_not_depend_on_its_neighbours(rooms):
    rooms.mx.random.seed(1)
    network = rooms.network.build(NETWORK, CLASSES)
    rooms.network.initialise(network, 32)
    classifier = rooms.network.FrameClassifier(network, CLASSES, 32, batch=8)
    images = pictures(8, 32)
    together = classifier.scores(images)
    for place in range(8):
        alone = classifier.scores(images[place : place + 1])
        assert np.array_equal(alone[0], together[place])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("vgg16_ufc101", "GluonCV has no model 'vgg16_ufc101'; did you mean vgg16_ucf101"),
        ("i3d_resnet50_v1_ucf101", "takes clips of several frames"),
        ("slowfast_4x16_resnet50_kinetics400", "takes clips of several frames"),
        ("yolo3_darknet53_coco", "is no image classifier"),
        ("vgg16_ucf101_int8", "is no image classifier"),
    ],
)
def test_networks_that_are_unknown_or_see_no_single_frames_are_refused(rooms, name, message):
    with pytest.raises(CallError, match=message):
        rooms.network.build(name, CLASSES)


def test_every_name_that_is_taken_can_be_built_without_the_network(rooms, monkeypatch):
    store = quietly("gluoncv.model_zoo.model_store")
    monkeypatch.setattr(store, "download", lambda *_, **__: pytest.fail("asked the network"))
    monkeypatch.setattr(store, "get_model_file", lambda *_, **__: pytest.fail("asked the store"))
    for name in ("resnet18_v1b_sthsthv2", "resnet18_v1b_custom", "mobilenet0.25", "vgg16_hmdb51"):
        rooms.network.build(name, 7)


def test_another_number_of_classes_names_the_layer_and_both_shapes(rooms, weights_file):
    network = rooms.network.build(NETWORK, CLASSES + 1)
    with pytest.raises(UndecidedError) as caught:
        rooms.network.load(network, weights_file)
    message = str(caught.value)
    assert message.startswith(f"{weights_file}: output.")
    assert "has shape (4" in message
    assert "the network needs (5" in message
    assert "number of classes" in message


def test_another_architecture_names_parameters_that_are_missing_and_left_over(rooms, weights_file):
    network = rooms.network.build("mobilenet0.25", CLASSES)
    with pytest.raises(UndecidedError, match=r"another architecture: \d+ parameters missing"):
        rooms.network.load(network, weights_file)


@pytest.mark.parametrize("keep", [0, 7, 0.5])
def test_a_truncated_or_empty_file_is_told_without_mxnets_trace(
    rooms, weights_file, tmp_path, keep
):
    data = weights_file.read_bytes()
    path = tmp_path / "broken.params"
    path.write_bytes(data[: int(len(data) * keep) if isinstance(keep, float) else keep])
    with pytest.raises(UndecidedError) as caught:
        rooms.network.load(rooms.network.build(NETWORK, CLASSES), path)
    message = str(caught.value)
    assert message.startswith(f"{path}: not a file of MXNet parameters, or damaged")
    assert "\n" not in message
    assert len(message) < 500


def test_an_input_size_that_the_network_does_not_take_is_told(rooms):
    network = rooms.network.build("inceptionv3", CLASSES)
    with pytest.raises(UndecidedError, match="does not take images of 32x32"):
        rooms.network.initialise(network, 32)
    rooms.network.initialise(network, 299)
    with pytest.raises(UndecidedError, match="does not take images of 32x32"):
        rooms.network.FrameClassifier(network, CLASSES, 32, batch=2)


def test_parameters_are_counted(rooms):
    network = rooms.network.build(NETWORK, 10)
    rooms.network.initialise(network, 32)
    # 272,474 that are trained (He et al., 2015), and the running statistics.
    trained = [p for p in network.collect_params().values() if p.grad_req != "null"]
    assert sum(int(np.prod(p.shape)) for p in trained) == pytest.approx(272_474, rel=0.005)
    assert rooms.network.count_parameters(network) > 272_474


def test_passes_are_bounded_by_the_images_size(rooms):
    sizes = [rooms.network.images_per_pass(size) for size in (32, 224, 299, 2000)]
    assert sizes == [48, 13, 7, 4]
