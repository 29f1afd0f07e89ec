"""Building GluonCV's networks for single frames, and loading their weights strictly.

GluonCV's action models average a clip's features over segments and crops, then apply a linear
layer. The mean of the images' own outputs is the same, so networks are built for one image and a
clip's score is the mean over its images; that keeps memory bounded whatever the protocol.
"""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mxnet as mx
import numpy as np
from gluoncv.model_zoo import get_model, get_model_list
from gluoncv.model_zoo.action_recognition.actionrec_inceptionv1 import ActionRecInceptionV1
from gluoncv.model_zoo.action_recognition.actionrec_inceptionv3 import ActionRecInceptionV3
from gluoncv.model_zoo.action_recognition.actionrec_resnetv1b import ActionRecResNetV1b
from gluoncv.model_zoo.action_recognition.actionrec_vgg16 import ActionRecVGG16

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError
from sphinx_modelzoo.recognizers.transforms import Images

_ACTION = re.compile(
    r"(?P<family>vgg16|inceptionv1|inceptionv3|resnet(?P<depth>\d+)_v1b)"
    r"_(?P<dataset>ucf101|hmdb51|kinetics400|sthsthv2|custom)"
)
_CLIPS = re.compile(r"(c3d|p3d|r2plus1d|i3d|slowfast)_")
_CLASSIFIER = re.compile(
    r"alexnet|darknet53|densenet\d+|googlenet|inceptionv3|senet_154e?|xception(71)?"
    r"|(cifar_|se_)?(resne[sx]?t|resnext)\w*(\.\d+)?|(cifar_)?residualattentionnet\d+"
    r"|cifar_(wideresnet|resnext)\w+|hrnet_w\d+\w*_c|mobilenet(v[23]_)?(\d\.\d+|large|small)"
    r"|nasnet_\d_\d+|shufflenet_v\d|squeezenet\d\.\d|vgg\d+(_bn)?"
)
# Dropout and the last layer's initial deviation, as GluonCV trains on large and small data sets.
_SMALL = ("ucf101", "hmdb51")
_DROPOUT = {"vgg16": 0.9, "inceptionv1": 0.8, "inceptionv3": 0.8}

# Images that a pass over the network holds at once, in bytes of float32 input, and their number.
_PASS_BYTES = 8 * 2**20
_PASS_IMAGES = 48

_CHECK_SIZE = "check the protocol's input_size (--input-size) and the model's name"


def is_action_model(name: str) -> bool:
    """Say whether GluonCV has the network as a classifier of actions by single frames."""
    return bool(_ACTION.fullmatch(name)) and name in get_model_list()


def check_name(name: str) -> None:
    """Refuse a network that GluonCV does not have, or that does not classify single frames.

    Raises:
        CallError: with the nearest names, or with what the network is.
    """
    known = list(get_model_list())
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
        remedy = f"did you mean {', '.join(near)}?" if near else "see GluonCV's model zoo"
        raise CallError(Problem(f"GluonCV has no model {name!r}", remedy))
    if is_action_model(name) or (_CLASSIFIER.fullmatch(name) and not name.endswith("_int8")):
        return
    kind = "takes clips of several frames" if _CLIPS.match(name) else "is no image classifier"
    what = f"{name} {kind}; gluoncv-action tests networks that see single frames"
    remedy = "choose a 2D network such as vgg16_ucf101, inceptionv3_ucf101 or resnet50_v1b_ucf101"
    raise CallError(Problem(what, remedy))


def build(name: str, classes: int, *, base: bool = False, partial_bn: bool = False) -> Any:
    """Build a network for single images; its parameters have no values yet.

    Args:
        name: One of GluonCV's action models or image classifiers.
        classes: The size of the output.
        base: Fetch ImageNet's weights for the layers below the output (action models only).
        partial_bn: Freeze all batch normalisation but the first (Inception action models only).

    Raises:
        CallError: see :func:`check_name`.
    """
    check_name(name)
    action = _ACTION.fullmatch(name)
    if not action:
        if base or partial_bn:
            what = f"{name} is an image classifier: no ImageNet base, no partial batch norm"
            raise CallError(Problem(what, "leave out --use-pretrained-base and --partial-bn"))
        return get_model(name, classes=classes, pretrained=False)
    family = action["family"]
    if partial_bn and not family.startswith("inception"):
        what = f"GluonCV's {family} has no partial batch normalisation"
        raise CallError(Problem(what, "leave out --partial-bn"))
    small = action["dataset"] in _SMALL
    options: dict[str, Any] = {
        "nclass": classes,
        "pretrained_base": base,
        "dropout_ratio": _DROPOUT.get(family, 0.9) if small else 0.5,
        "init_std": 0.001 if small else 0.01,
    }
    if family == "vgg16":
        network = ActionRecVGG16(**options)
    elif family == "inceptionv1":
        network = ActionRecInceptionV1(**options, partial_bn=partial_bn)
    elif family == "inceptionv3":
        network = ActionRecInceptionV3(**options, partial_bn=partial_bn)
    else:
        network = ActionRecResNetV1b(depth=int(action["depth"]), **options)
    return network


def initialise(network: Any, input_size: int) -> None:
    """Give random values (Xavier) to all parameters that have none; MXNet's seed decides them.

    Raises:
        UndecidedError: when the network does not take images of ``input_size``.
    """
    with warnings.catch_warnings():
        # MXNet warns of every parameter that keeps its values.
        warnings.simplefilter("ignore", UserWarning)
        network.initialize(mx.init.Xavier(magnitude=2))
    # One pass gives the parameters their shapes and values now, in a fixed order.
    _try_images(network, 1, input_size)


def load(network: Any, path: Path) -> None:
    """Load a file of weights strictly: every parameter, of the same shape, and no others.

    Raises:
        UndecidedError: naming the parameter that is missing, left over or of another shape, or
            saying that the file is damaged.
    """
    expected = network._collect_params_with_prefix()  # noqa: SLF001 - the names in the file
    saved = _read_parameters(path)
    missing = [name for name in expected if name not in saved]
    extra = [name for name in saved if name not in expected]
    if missing or extra:
        parts = [
            f"{len(names)} parameters {state} ({', '.join(names[:3])}{', ...' * (len(names) > 3)})"  # noqa: PLR2004
            for state, names in (("missing", missing), ("left over", extra))
            if names
        ]
        what = f"the weights are of another architecture: {' and '.join(parts)}"
        raise UndecidedError(Problem(what, "check the model's name", str(path)))
    for name, parameter in expected.items():
        if not _fits(parameter.shape, saved[name].shape):
            what = f"{name} has shape {saved[name].shape}, the network needs {parameter.shape}"
            remedy = "check the model's name and its number of classes"
            raise UndecidedError(Problem(what, remedy, str(path)))
    try:
        network.load_parameters(str(path))
    except (AssertionError, ValueError, mx.MXNetError) as error:
        what = f"the weights do not load: {_first_line(error)}"
        raise UndecidedError(
            Problem(what, "check the file and the model's name", str(path))
        ) from error


def _read_parameters(path: Path) -> Mapping[str, Any]:
    try:
        saved = mx.nd.load(str(path))
    except (mx.MXNetError, ValueError, UnicodeDecodeError, MemoryError) as error:
        what = f"not a file of MXNet parameters, or damaged ({_first_line(error)})"
        raise UndecidedError(Problem(what, "fetch the weights again", str(path))) from error
    if not isinstance(saved, dict) or not saved:
        what = "the file holds no named parameters"
        raise UndecidedError(Problem(what, "save it with net.save_parameters", str(path)))
    return saved


def _first_line(error: BaseException) -> str:
    """Give what MXNet says without its C++ trace."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if "Check failed" in line or "rror" in line]
    return (telling or lines or [type(error).__name__])[-1][:200]


def _fits(expected: tuple[int, ...], saved: tuple[int, ...]) -> bool:
    """Compare shapes; 0 stands for a size that is not known yet."""
    if not expected:
        return True
    return len(expected) == len(saved) and all(
        size in (0, -1, other) for size, other in zip(expected, saved, strict=True)
    )


def count_parameters(network: Any) -> int:
    """Give the number of values in all parameters, running statistics included."""
    return sum(int(np.prod(parameter.shape)) for parameter in network.collect_params().values())


def _try_images(network: Any, count: int, size: int) -> tuple[int, ...] | None:
    """Give the shape of the output for black images; ``None`` where it is no single array."""
    try:
        output = network(mx.nd.zeros((count, 3, size, size)))
        mx.nd.waitall()
    except (mx.MXNetError, ValueError, AssertionError) as error:
        what = f"the network does not take images of {size}x{size} ({_first_line(error)})"
        raise UndecidedError(Problem(what, _CHECK_SIZE)) from error
    return tuple(output.shape) if isinstance(output, mx.nd.NDArray) else None


def images_per_pass(input_size: int) -> int:
    """Give how many images one pass takes: bounded memory, and enough of them to be fast."""
    return min(_PASS_IMAGES, max(4, _PASS_BYTES // (12 * input_size**2)))


class FrameClassifier:
    """A loaded network that classifies single images, always in passes of the same size.

    One shape for all passes lets MXNet plan its memory once, and makes an image's scores
    independent of the images beside it.
    """

    def __init__(self, network: Any, classes: int, input_size: int, batch: int) -> None:
        """Prepare the network, and try it on one pass.

        Raises:
            UndecidedError: when the network does not take such images or gives other outputs.
        """
        self.classes = classes
        self.batch = batch
        self._shape = (batch, 3, input_size, input_size)
        network.hybridize(static_alloc=True, static_shape=True)
        self._network = network
        shape = _try_images(network, batch, input_size)
        if shape != (batch, classes):
            what = f"the network gives {shape} for {batch} images, not one score a class"
            raise UndecidedError(Problem(what, _CHECK_SIZE))

    def scores(self, images: Images) -> Images:
        """Give the outputs, shape (images, classes), of at most ``batch`` images."""
        count = len(images)
        if count < self.batch:
            full = np.zeros(self._shape, dtype=np.float32)
            full[:count] = images
            images = full
        output = self._network(mx.nd.array(images, dtype="float32")).asnumpy()
        return np.asarray(output[:count], dtype=np.float32)
