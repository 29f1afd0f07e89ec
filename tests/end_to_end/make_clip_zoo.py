"""Save networks that see clips with seeded weights, and say what GluonCV's own code predicts.

Run in a process of its own: ``make_clip_zoo.py DATA LIST WEIGHTS``. Each network is tested as
GluonCV's test script does it: its data set and transforms, three crops of two clips. Prints JSON:
the predicted class of each item, by network.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import mxnet as mx
import numpy as np
from gluoncv.data import Kinetics400
from gluoncv.data.transforms import video
from gluoncv.model_zoo import get_model
from mxnet.gluon.data.vision.transforms import Compose

CLASSES, SIZE, SEGMENTS, CROPS = 5, 32, 2, 3
NETWORKS = {
    "i3d_resnet50_v1_custom": {"new_length": 8, "new_step": 2},
    "slowfast_4x16_resnet50_custom": {
        "new_length": 64,
        "slowfast": True,
        "slow_temporal_stride": 16,
        "fast_temporal_stride": 2,
    },
}


def main(data: Path, items: Path, weights: Path) -> None:
    predicted = {}
    for name, settings in NETWORKS.items():
        net = get_model(
            name,
            nclass=CLASSES,
            pretrained=False,
            pretrained_base=False,
            use_kinetics_pretrain=False,
            num_segments=SEGMENTS,
            num_crop=CROPS,
        )
        fill(net)
        normalise = video.VideoNormalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        dataset = Kinetics400(
            root=str(data),
            setting=str(items),
            train=False,
            test_mode=True,
            num_segments=SEGMENTS,
            num_crop=CROPS,
            new_height=SIZE,
            new_width=SIZE * 4 // 3,
            target_height=SIZE,
            target_width=SIZE,
            transform=Compose([video.VideoThreeCrop(SIZE), video.VideoToTensor(), normalise]),
            **settings,
        )
        scores = np.concatenate([net(views).asnumpy() for views, _ in dataset])
        # What all items share decides no class.
        shared = scores.mean(axis=0)
        net.fc.bias.set_data(net.fc.bias.data() - mx.nd.array(shared))
        predicted[name] = (scores - shared).argmax(axis=1).tolist()
        net.save_parameters(str(weights / f"{name}.params"))
    print(json.dumps(predicted))


def fill(net: mx.gluon.Block) -> None:
    draw = np.random.default_rng(21)
    for name, parameter in net.collect_params().items():
        shape = parameter.shape
        if name.endswith(("gamma", "running_var")):
            values = draw.uniform(0.5, 1.5, shape)
        elif len(shape) > 1:
            values = draw.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        else:
            values = 0.1 * draw.standard_normal(shape)
        parameter.set_data(mx.nd.array(values))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
