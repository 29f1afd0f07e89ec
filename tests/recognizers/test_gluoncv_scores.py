"""A video's scores are those of GluonCV's own data set, transforms and network.

What GluonCV's test script does is done here: its data set gives all views of a video as one array,
its network sees them at once and averages inside. Ours gives each view to a network of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sphinx_modelzoo.recognizers.datasets import read_split
from sphinx_modelzoo.recognizers.frames import read_frames
from sphinx_modelzoo.recognizers.inference import classify
from sphinx_modelzoo.recognizers.protocol import read_protocol
from sphinx_modelzoo.recognizers.transforms import MEAN, STD
from sphinx_modelzoo.recognizers.views import Views

from .clips import make_frames, quietly, uses_mxnet
from .seeded_weights import prepare

pytestmark = uses_mxnet

CLASSES = 7
# The first is too short for most of the clips below, the second for some.
LENGTHS = (5, 21, 90)
# Whose functions fetch weights from the store whatever they are told.
BLOCKS = {
    "vgg16": "actionrec_vgg16.ActionRecVGG16",
    "inceptionv1": "actionrec_inceptionv1.ActionRecInceptionV1",
    "inceptionv3": "actionrec_inceptionv3.ActionRecInceptionV3",
    "resnet18": "actionrec_resnetv1b.ActionRecResNetV1b",
}
SLOWFAST = {"slow_temporal_stride": 16, "fast_temporal_stride": 2}
EIGHT = {"slow_temporal_stride": 8, "fast_temporal_stride": 2}


@dataclass(frozen=True)
class Case:
    name: str
    size: int
    height: int
    width: int
    settings: dict[str, int] = field(default_factory=dict)
    videos: int = len(LENGTHS)
    gammas: tuple[float, float] = (0.5, 1.5)

    @property
    def all_settings(self) -> dict[str, int]:
        sizes = {"input_size": self.size, "new_height": self.height, "new_width": self.width}
        return {**sizes, **self.settings}


def clips(length: int, step: int = 1, segments: int = 2, crops: int = 3) -> dict[str, int]:
    return {"segments": segments, "crops": crops, "new_length": length, "new_step": step}


CASES = [
    Case("resnet18_v1b_kinetics400", 64, 72, 96, {"segments": 3, "crops": 10}),
    Case("inceptionv1_hmdb51", 224, 224, 299, {"segments": 2, "crops": 3}),
    Case("i3d_resnet50_v1_ucf101", 48, 48, 64, clips(8, 2)),
    Case("i3d_inceptionv1_kinetics400", 48, 56, 64, clips(16, 2, crops=1)),
    Case("slowfast_4x16_resnet50_custom", 32, 32, 43, clips(64) | SLOWFAST),
]
LONG = [
    Case("vgg16_ucf101", 224, 256, 340, {"segments": 1, "crops": 10}, videos=2),
    Case("inceptionv3_ucf101", 299, 340, 450, {"segments": 2}),
    Case("i3d_resnet50_v1_hmdb51", 112, 112, 149, clips(32, 2, crops=1)),
    Case("i3d_nl5_resnet50_v1_kinetics400", 48, 48, 64, clips(8, 2, crops=1), gammas=(0.2, 0.6)),
    Case("i3d_inceptionv3_kinetics400", 96, 96, 128, clips(8, 2, crops=1)),
    Case("i3d_slow_resnet101_f16s4_kinetics700", 32, 32, 43, clips(16, 4, crops=1)),
    Case("slowfast_8x8_resnet50_kinetics400", 32, 40, 43, clips(64, crops=1) | EIGHT),
    Case("r2plus1d_resnet18_kinetics400", 32, 40, 32, clips(8, segments=1)),
    Case("p3d_resnet50_kinetics400", 48, 56, 64, clips(16, 2, crops=1)),
    Case("c3d_kinetics400", 112, 128, 171, clips(16, 2, segments=1, crops=1), videos=2),
]


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of frames with GluonCV's list."""
    root = tmp_path_factory.mktemp("videos")
    lines = []
    for number, length in enumerate(LENGTHS):
        make_frames(root / f"v_{number}", length, seed=1000 * number)
        lines.append(f"v_{number} {length} {number}\n")
    (root / "val.txt").write_text("".join(lines))
    return root


def gluoncv_network(case: Case):
    protocol = read_protocol(case.all_settings)
    options = {
        "nclass": CLASSES,
        "pretrained_base": False,
        "num_segments": protocol.segments,
        "num_crop": protocol.crops,
    }
    family = next((part for part in BLOCKS if case.name.startswith(part)), "")
    if family:
        module, _, block = BLOCKS[family].partition(".")
        depth = {"depth": 18} if family == "resnet18" else {}
        module = quietly(f"gluoncv.model_zoo.action_recognition.{module}")
        network = getattr(module, block)(**options, **depth)
    else:
        if "inception" not in case.name:
            options["use_kinetics_pretrain"] = False
        network = quietly("gluoncv.model_zoo").get_model(case.name, pretrained=False, **options)
    prepare(network, (protocol.views, *protocol.view_shape), case.gammas)
    return network


def gluoncv_scores(case: Case, network, videos: Path, mx) -> np.ndarray:
    """Do what GluonCV's test script does, video after video."""
    video = quietly("gluoncv.data.transforms.video")
    compose = quietly("mxnet.gluon.data.vision.transforms").Compose
    protocol = read_protocol(case.all_settings)
    steps = video.VideoToTensor(), video.VideoNormalize(MEAN, STD)
    transform = {
        1: video.VideoGroupValTransform(case.size, MEAN, STD),
        3: compose([video.VideoThreeCrop(case.size), *steps]),
        10: compose([video.VideoTenCrop(case.size), *steps]),
    }[protocol.crops]
    rates = {name: value for name, value in case.settings.items() if "stride" in name}
    dataset = quietly("gluoncv.data").Kinetics400(
        root=str(videos),
        setting=str(videos / "val.txt"),
        train=False,
        test_mode=True,
        num_segments=protocol.segments,
        num_crop=protocol.crops,
        new_length=protocol.new_length,
        new_step=protocol.new_step,
        new_height=case.height,
        new_width=case.width,
        target_height=case.size,
        target_width=case.size,
        transform=transform,
        slowfast=bool(rates),
        **rates,
    )
    scores = []
    for number in range(case.videos):
        views, _ = dataset[number]
        batch = mx.nd.stack(views)
        scores.append(network(batch.reshape((-1, *batch.shape[2:]))).asnumpy()[0])
    return np.stack(scores)


def our_scores(case: Case, weights: Path, videos: Path, rooms: SimpleNamespace) -> np.ndarray:
    protocol = read_protocol(case.all_settings)
    split = read_split(videos / "val.txt", videos, CLASSES)
    network = rooms.network.build(case.name, CLASSES)
    rooms.network.load(network, weights)
    # A number of views that divides none of the videos': passes are cut within videos.
    batch = 5 if protocol.view_frames == 1 else 4
    classifier = rooms.network.MXNetClassifier(network, CLASSES, protocol.view_shape, batch)

    def read(index: int) -> Views:
        return protocol.crop(read_frames(split.clips[index], protocol.pick, protocol.size))

    return np.stack([scores.mean for _, scores in classify(range(case.videos), read, classifier)])


@pytest.mark.parametrize(
    "case",
    [*CASES, *(pytest.param(case, marks=pytest.mark.long) for case in LONG)],
    ids=lambda case: case.name,
)
def test_scores_are_those_of_gluoncvs_own_code(
    case: Case, videos: Path, rooms: SimpleNamespace, tmp_path: Path
) -> None:
    network = gluoncv_network(case)
    expected = gluoncv_scores(case, network, videos, rooms.mx)
    network.save_parameters(str(tmp_path / "saved.params"))
    ours = our_scores(case, tmp_path / "saved.params", videos, rooms)
    largest = np.abs(expected).max(axis=1)
    assert (np.abs(ours - expected).max(axis=1) <= 1e-5 * largest).all()
    assert (np.argsort(-ours)[:, :5] == np.argsort(-expected)[:, :5]).all()
    # The videos differ by more than what is allowed, so that no two could be mixed up.
    for one, other in combinations(expected, 2):
        assert np.abs(one - other).max() > 1e-3 * largest.max()
