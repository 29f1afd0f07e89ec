"""Building GluonCV's networks and loading weights strictly."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sphinx_modelzoo.errors import CallError, UndecidedError
from sphinx_modelzoo.recognizers.architectures import architecture

from .clips import CLASSES, NETWORK, quietly, uses_mxnet

pytestmark = uses_mxnet

VIEW = (3, 32, 32)


def pictures(count: int, size: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, 3, size, size)).astype(np.float32)


def test_an_images_scores_do_not_depend_on_its_neighbours(rooms):
    rooms.mx.random.seed(1)
    network = rooms.network.build(NETWORK, CLASSES)
    rooms.network.initialise(network, VIEW)
    classifier = rooms.network.MXNetClassifier(network, CLASSES, VIEW, batch=8)
    images = pictures(8, 32)
    together = classifier.scores(images)
    for place in range(8):
        alone = classifier.scores(images[place : place + 1])
        assert np.array_equal(alone[0], together[place])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("vgg16_ufc101", "GluonCV has no model 'vgg16_ufc101'; did you mean vgg16_ucf101"),
        ("i3d_resnet50_v2_ucf101", "GluonCV has no model .*; did you mean i3d_resnet50_v1_ucf101"),
        ("yolo3_darknet53_coco", "is no image classifier"),
        ("vgg16_ucf101_int8", "is no image classifier"),
    ],
)
def test_networks_that_are_unknown_or_classify_nothing_are_refused(rooms, name, message):
    with pytest.raises(CallError, match=message):
        rooms.network.build(name, CLASSES)


def test_every_name_that_is_taken_can_be_built_without_the_network(rooms, monkeypatch):
    store = quietly("gluoncv.model_zoo.model_store")
    monkeypatch.setattr(store, "download", lambda *_, **__: pytest.fail("asked the network"))
    monkeypatch.setattr(store, "get_model_file", lambda *_, **__: pytest.fail("asked the store"))
    for name in ("resnet18_v1b_sthsthv2", "resnet18_v1b_custom", "mobilenet0.25", "vgg16_hmdb51"):
        rooms.network.build(name, 7)
    known = (architecture(name) for name in quietly("gluoncv.model_zoo").get_model_list())
    clips = [each.name for each in known if each and each.clip]
    assert len(clips) >= 27
    # One of each family and data set; those that are left out differ in depth.
    for name in clips:
        if not re.search(r"resnet(34|101|152)_", name):
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
        rooms.network.initialise(network, VIEW)
    rooms.network.initialise(network, (3, 299, 299))
    with pytest.raises(UndecidedError, match="does not take images of 32x32"):
        rooms.network.MXNetClassifier(network, CLASSES, VIEW, batch=2)


def test_parameters_are_counted(rooms):
    network = rooms.network.build(NETWORK, 10)
    rooms.network.initialise(network, VIEW)
    # 272,474 that are trained (He et al., 2015), and the running statistics.
    trained = [p for p in network.collect_params().values() if p.grad_req != "null"]
    assert sum(int(np.prod(p.shape)) for p in trained) == pytest.approx(272_474, rel=0.005)
    assert rooms.network.count_parameters(network) > 272_474


def test_a_clip_that_is_shorter_than_the_network_needs_is_told(rooms):
    network = rooms.network.build("p3d_resnet50_kinetics400", CLASSES)
    with pytest.raises(UndecidedError, match="does not take clips of 8 frames of 48x48") as caught:
        rooms.network.initialise(network, (3, 8, 48, 48))
    assert "check the protocol's new_length and input_size (--new-length" in str(caught.value)


def test_a_clip_that_the_network_takes_for_two_is_told(rooms):
    network = rooms.network.build("p3d_resnet50_kinetics400", CLASSES)
    rooms.network.initialise(network, (3, 16, 32, 32))
    with pytest.raises(UndecidedError) as caught:
        rooms.network.MXNetClassifier(network, CLASSES, (3, 32, 32, 32), batch=1)
    message = f"the network gives (2, {CLASSES}) for 1 clips of 32 frames of 32x32"
    assert str(caught.value).startswith(message)


def test_parameters_of_a_layer_in_two_places_may_be_saved_once(rooms, tmp_path):
    """I3D's blocks hold each layer twice; saving may write it twice or once."""
    rooms.mx.random.seed(2)
    network = rooms.network.build("i3d_resnet50_v1_custom", CLASSES)
    path = tmp_path / "once.params"
    network.save_parameters(str(path), deduplicate=True)
    other = rooms.network.build("i3d_resnet50_v1_custom", CLASSES)
    rooms.network.load(other, path)
    for ours, theirs in zip(
        other.collect_params().values(), network.collect_params().values(), strict=True
    ):
        assert (ours.data() == theirs.data()).asnumpy().all()


def test_a_clip_networks_parameter_that_is_missing_is_named(rooms, tmp_path):
    network = rooms.network.build("i3d_resnet50_v1_custom", CLASSES)
    path = tmp_path / "all.params"
    network.save_parameters(str(path), deduplicate=True)
    saved = rooms.mx.nd.load(str(path))
    del saved["fc.bias"]
    rooms.mx.nd.save(str(path), saved)
    with pytest.raises(UndecidedError, match=r"1 parameters missing \((fc|head\.1)\.bias\)"):
        rooms.network.load(network, path)
