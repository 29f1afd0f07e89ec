"""A network with its weights, and what it predicts for the clips of a list."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import av
import cv2
import gluoncv
import mxnet as mx
import numpy as np

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction, WeightsFile
from sphinx_modelzoo.recognizers import network as networks
from sphinx_modelzoo.recognizers.counting import TOP, best
from sphinx_modelzoo.recognizers.datasets import Split
from sphinx_modelzoo.recognizers.frames import read_frames
from sphinx_modelzoo.recognizers.inference import classify
from sphinx_modelzoo.recognizers.protocol import Protocol
from sphinx_modelzoo.recognizers.transforms import Images
from sphinx_modelzoo.recognizers.weights import Wanted, find_weights


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded network, its test protocol, and the file that its weights came from."""

    classifier: networks.FrameClassifier
    protocol: Protocol
    weights: WeightsFile


def open_model(
    wanted: Wanted,
    classes: int,
    protocol: Protocol,
    note: Callable[[str], None],
    *,
    offline: bool = False,
    batch: int = 0,
) -> Model:
    """Find the weights, build the network and load them strictly.

    Args:
        wanted: The weights, by the network's name.
        classes: The number of classes.
        protocol: What a clip's images are.
        note: Is told what is being done.
        offline: Fetch nothing.
        batch: At most so many images a pass; 0 lets the images' size decide.

    Raises:
        CallError: when the network is not known.
        UndecidedError: when the weights are not found, are others, or do not fit.
    """
    networks.check_name(wanted.name)
    note(f"finding the weights of {wanted.name}")
    found = find_weights(wanted, offline=offline)
    note(f"loading {found.path.name} ({found.size} bytes)")
    network = networks.build(wanted.name, classes)
    networks.load(network, found.path)
    most = networks.images_per_pass(protocol.input_size)
    classifier = networks.FrameClassifier(
        network, classes, protocol.input_size, min(most, batch or most)
    )
    parameters = networks.count_parameters(network)
    name = found.path.name
    weights = WeightsFile(name, found.size, found.sha1, found.sha256, parameters)
    return Model(classifier, protocol, weights)


def predict(
    model: Model, split: Split, indices: Sequence[int], workers: int
) -> Iterator[Prediction]:
    """Give the best classes of each clip, in order; an unreadable clip gives its error."""

    def read(index: int) -> Images:
        frames = read_frames(split.clips[index], model.protocol.pick, model.protocol.size)
        return model.protocol.crop(frames)

    for index, scores in classify(indices, read, model.classifier, workers):
        item = split.items[index]
        if isinstance(scores, UndecidedError):
            yield Prediction(item.id, item.label, error=str(scores))
        elif not np.isfinite(scores).all():
            error = f"{item.id}: the network gives scores that are no numbers; check the weights"
            yield Prediction(item.id, item.label, error=error)
        else:
            yield Prediction(item.id, item.label, best(scores, TOP))


def environment() -> Mapping[str, str]:
    """Give what predictions may depend on besides weights, data and protocol."""
    return {
        "python": platform.python_version(),
        "mxnet": str(mx.__version__),
        "gluoncv": str(gluoncv.__version__),
        "numpy": str(np.__version__),
        "opencv": str(cv2.__version__),
        "av": str(av.__version__),
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
        "machine": f"{platform.system()} {platform.machine()}",
    }
