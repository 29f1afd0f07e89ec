"""Save one of GluonCV's action models with seeded weights, as GluonCV's store serves it.

Run in a process of its own: ``make_store.py MODEL INPUT_SIZE HEIGHT WIDTH DATA STORE``. Prints
JSON: the hashtag, and the class that GluonCV's own data set, transforms and network give each item.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path

import mxnet as mx
import numpy as np
from gluoncv.data import UCF101
from gluoncv.data.transforms.video import VideoGroupValTransform
from gluoncv.model_zoo.action_recognition.actionrec_inceptionv3 import ActionRecInceptionV3
from gluoncv.model_zoo.action_recognition.actionrec_vgg16 import ActionRecVGG16

CLASSES = {"vgg16_ucf101": ActionRecVGG16, "inceptionv3_ucf101": ActionRecInceptionV3}
SEGMENTS = 3


def main(model: str, sizes: tuple[int, int, int], data: Path, store: Path) -> None:
    input_size, height, width = sizes
    mx.random.seed(20)
    np.random.seed(20)  # noqa: NPY002 - MXNet's initializers draw from it
    net = CLASSES[model](nclass=101, pretrained_base=False, num_segments=SEGMENTS)
    net.initialize(mx.init.MSRAPrelu(), force_reinit=True)
    transform = VideoGroupValTransform(
        size=input_size, mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]
    )
    items = UCF101(
        root=str(data / "rawframes"),
        setting=str(data / "ucfTrainTestlist" / "ucf101_val_split_1_rawframes.txt"),
        train=False,
        test_mode=True,
        num_segments=SEGMENTS,
        new_height=height,
        new_width=width,
        target_height=input_size,
        target_width=input_size,
        transform=transform,
    )
    clips = [clip for clip, _ in items]
    spread_classes(net, clips)
    predicted = [int(net(clip).argmax(axis=1).asscalar()) for clip in clips]
    print(json.dumps({"hashtag": save(net, model, store), "predicted": predicted}))


def spread_classes(net: mx.gluon.Block, clips: list[mx.nd.NDArray]) -> None:
    """Set the last layer so that each clip's own features, not what all share, decide its class."""
    features = mx.nd.stack(*[net.features(clip).mean(axis=0).reshape((-1,)) for clip in clips])
    spread = (features - features.mean(axis=0)).norm()
    weight = mx.nd.random.normal(shape=net.output.weight.shape) / spread
    net.output.weight.set_data(weight)
    net.output.bias.set_data(-mx.nd.dot(weight, features.mean(axis=0)))


def save(net: mx.gluon.Block, model: str, store: Path) -> str:
    folder = store / "gluon" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / "new.params"
    net.save_parameters(str(plain))
    hashtag = hashlib.sha1(plain.read_bytes()).hexdigest()[:8]  # noqa: S324 - the store's own
    with zipfile.ZipFile(folder / f"{model}-{hashtag}.zip", "w") as archive:
        archive.write(plain, f"{model}-{hashtag}.params")
    plain.unlink()
    return hashtag


if __name__ == "__main__":
    size, high, wide = map(int, sys.argv[2:5])
    main(sys.argv[1], (size, high, wide), Path(sys.argv[5]), Path(sys.argv[6]))
