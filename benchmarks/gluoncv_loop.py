"""GluonCV's evaluation as its published test script runs it, for ``benchmarks/engines.py``.

Run as ``python gluoncv_loop.py SETTINGS.json``: the network is built once, then each line ``run``
on standard input evaluates all clips and answers one JSON object: seconds, the logits of each clip,
its label. ``save PATH`` writes the weights, ``work`` answers the multiplications of one image.

The data set, its DataLoader with worker processes, the transforms and the order of reshaping are
those of ``scripts/action-recognition/test_recognizer.py`` of GluonCV 0.10
(https://cv.gluon.ai/build/examples_action_recognition/index.html); ``hybrid`` is its ``--mode``.
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

warnings.simplefilter("ignore")

import mxnet as mx  # noqa: E402 - it warns while it is imported
from gluoncv.data import VideoClsCustom  # noqa: E402
from gluoncv.data.transforms import video  # noqa: E402
from gluoncv.model_zoo.action_recognition.actionrec_inceptionv3 import (  # noqa: E402
    ActionRecInceptionV3,
)
from gluoncv.model_zoo.action_recognition.actionrec_vgg16 import ActionRecVGG16  # noqa: E402
from mxnet.gluon.data import DataLoader  # noqa: E402
from mxnet.gluon.data.vision import transforms  # noqa: E402

# ``get_model`` cannot build them without fetching ImageNet's weights.
NETWORKS = {"vgg16_ucf101": ActionRecVGG16, "inceptionv3_ucf101": ActionRecInceptionV3}

MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]


def main() -> int:
    """Answer the lines of standard input."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    network = _network(settings)
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "run":
            answer = _run(network, settings)
        elif word == "save":
            # One image's network has the parameters of the clip's.
            network.save_parameters(rest)
            answer = {}
        else:
            answer = {"multiplications": _multiplications(settings)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    return 0


def _build(settings: dict[str, Any], segments: int, crops: int) -> Any:
    network = NETWORKS[settings["model"]](
        nclass=settings["classes"], pretrained_base=False, num_segments=segments, num_crop=crops
    )
    network.initialize(mx.init.Xavier(magnitude=2))
    return network


def _network(settings: dict[str, Any]) -> Any:
    mx.random.seed(20)
    np.random.seed(20)  # noqa: NPY002 - MXNet's initializers draw from it
    network = _build(settings, settings["segments"], settings["crops"])
    size = settings["input_size"]
    network(mx.nd.zeros((settings["segments"] * settings["crops"], 3, size, size)))
    if settings.get("weights"):
        network.load_parameters(settings["weights"])
    if settings["hybrid"]:
        network.hybridize(static_alloc=True, static_shape=True)
    return network


def _transform(settings: dict[str, Any]) -> Any:
    size = settings["input_size"]
    if settings["crops"] == 1:
        return video.VideoGroupValTransform(size=size, mean=MEAN, std=STD)
    return transforms.Compose(
        [video.VideoTenCrop(size), video.VideoToTensor(), video.VideoNormalize(MEAN, STD)]
    )


def _run(network: Any, settings: dict[str, Any]) -> dict[str, Any]:
    begun = time.perf_counter()
    data = VideoClsCustom(
        root=settings["root"],
        setting=settings["list"],
        train=False,
        test_mode=True,
        num_segments=settings["segments"],
        num_crop=settings["crops"],
        new_width=settings["new_width"],
        new_height=settings["new_height"],
        target_width=settings["input_size"],
        target_height=settings["input_size"],
        transform=_transform(settings),
    )
    loader = DataLoader(
        data, batch_size=settings["batch"], shuffle=False, num_workers=settings["workers"]
    )
    logits: list[list[float]] = []
    labels: list[int] = []
    for images, targets in loader:
        # The loader's batches lie in memory that processes share; the script copies them, too.
        flat = images.as_in_context(mx.cpu()).reshape((-1, *images.shape[2:]))
        logits.extend(network(flat).asnumpy().tolist())
        labels.extend(int(target) for target in targets.asnumpy())
    return {"seconds": time.perf_counter() - begun, "logits": logits, "labels": labels}


def _multiplications(settings: dict[str, Any]) -> int:
    """Count the multiplications of convolutions and dense layers for one image."""
    network = _build(settings, 1, 1)
    counts: list[int] = []

    def count(layer: Any, _: Any, output: Any) -> None:
        shape = layer.weight.shape
        places = int(np.prod(output.shape[2:])) if len(shape) > 2 else 1  # noqa: PLR2004
        counts.append(int(np.prod(shape)) * places)

    def register(block: Any) -> None:
        kinds = (mx.gluon.nn.Conv2D, mx.gluon.nn.Dense)
        if isinstance(block, kinds):
            block.register_forward_hook(count)

    network.apply(register)
    size = settings["input_size"]
    network(mx.nd.zeros((1, 3, size, size))).wait_to_read()
    return sum(counts)


if __name__ == "__main__":
    sys.exit(main())
