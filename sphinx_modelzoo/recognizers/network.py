"""Building GluonCV's networks, and loading their weights strictly.

GluonCV's action models average a video's features over segments and crops, then apply a linear
layer. The mean of the views' own outputs is the same, so networks are built for one view (an image
or a clip) and a video's score is the mean over its views; that keeps memory bounded whatever the
protocol. C3D has more than a linear layer above the mean, so that it is tested with one view only.
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
from sphinx_modelzoo.recognizers.architectures import Architecture, architecture
from sphinx_modelzoo.recognizers.engines.engine import MXNET, Scores, Views, ViewShape

_CLASSIFIER = re.compile(
    r"alexnet|darknet53|densenet\d+|googlenet|inceptionv3|senet_154e?|xception(71)?"
    r"|(cifar_|se_)?(resne[sx]?t|resnext)\w*(\.\d+)?|(cifar_)?residualattentionnet\d+"
    r"|cifar_(wideresnet|resnext)\w+|hrnet_w\d+\w*_c|mobilenet(v[23]_)?(\d\.\d+|large|small)"
    r"|nasnet_\d_\d+|shufflenet_v\d|squeezenet\d\.\d|vgg\d+(_bn)?"
)
# Dropout and the last layer's initial deviation, as GluonCV trains on large and small data sets.
_SMALL = ("ucf101", "hmdb51")
_DROPOUT = {"vgg16": 0.9, "inceptionv1": 0.8, "inceptionv3": 0.8}

# Networks whose training GluonCV starts from weights that were trained on Kinetics.
_KINETICS_FIRST = ("i3d_resnet", "slowfast")

_CHECK_SIZE = "check the protocol's input_size (--input-size) and the model's name"
_CHECK_CLIP = (
    "check the protocol's new_length and input_size (--new-length, --input-size) and the model's "
    "name"
)


def is_action_model(name: str) -> bool:
    """Say whether GluonCV has the network as one that recognizes actions."""
    return architecture(name) is not None and name in get_model_list()


def check_name(name: str) -> None:
    """Refuse a network that GluonCV does not have, or that does not classify frames or clips.

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
    what = f"{name} is no image classifier; gluoncv-action tests networks that see frames or clips"
    remedy = "choose a network such as vgg16_ucf101, resnet50_v1b_ucf101 or i3d_resnet50_v1_ucf101"
    raise CallError(Problem(what, remedy))


def build(name: str, classes: int, *, base: bool = False, partial_bn: bool = False) -> Any:
    """Build a network for single views; its parameters have no values that matter yet.

    Args:
        name: One of GluonCV's action models or image classifiers.
        classes: The size of the output.
        base: Fetch ImageNet's weights for the layers below the output (action models that see
            single frames only).
        partial_bn: Freeze all batch normalisation but the first (Inception action models that see
            single frames only).

    Raises:
        CallError: see :func:`check_name`.
    """
    check_name(name)
    known = architecture(name)
    if known is None or known.clip:
        if base or partial_bn:
            kind = "sees clips" if known else "is an image classifier"
            what = f"{name} {kind}: no ImageNet base, no partial batch norm"
            raise CallError(Problem(what, "leave out --use-pretrained-base and --partial-bn"))
        if known:
            return _build_for_clips(known, classes)
        return get_model(name, classes=classes, pretrained=False)
    if partial_bn and not known.family.startswith("inception"):
        what = f"GluonCV's {known.family} has no partial batch normalisation"
        raise CallError(Problem(what, "leave out --partial-bn"))
    return _build_for_frames(known, classes, base=base, partial_bn=partial_bn)


def _build_for_frames(known: Architecture, classes: int, *, base: bool, partial_bn: bool) -> Any:
    small = known.dataset in _SMALL
    options: dict[str, Any] = {
        "nclass": classes,
        "pretrained_base": base,
        "dropout_ratio": _DROPOUT.get(known.family, 0.9) if small else 0.5,
        "init_std": 0.001 if small else 0.01,
    }
    if known.family == "vgg16":
        network = ActionRecVGG16(**options)
    elif known.family == "inceptionv1":
        network = ActionRecInceptionV1(**options, partial_bn=partial_bn)
    elif known.family == "inceptionv3":
        network = ActionRecInceptionV3(**options, partial_bn=partial_bn)
    else:
        network = ActionRecResNetV1b(depth=known.depth, **options)
    return network


def _build_for_clips(known: Architecture, classes: int) -> Any:
    options: dict[str, Any] = {"nclass": classes, "pretrained": False, "pretrained_base": False}
    if known.family in _KINETICS_FIRST:
        # Else weights of Kinetics are fetched to start the training from.
        options["use_kinetics_pretrain"] = False
    return get_model(known.name, **options)


def initialise(network: Any, view: ViewShape) -> None:
    """Give random values (Xavier) to all parameters that have none; MXNet's seed decides them.

    Raises:
        UndecidedError: when the network does not take views of that shape.
    """
    with warnings.catch_warnings():
        # MXNet warns of every parameter that keeps its values.
        warnings.simplefilter("ignore", UserWarning)
        network.initialize(mx.init.Xavier(magnitude=2))
    # One pass gives the parameters their shapes and values now, in a fixed order.
    _try_views(network, 1, view)


def load(network: Any, path: Path) -> None:
    """Load a file of weights strictly: every parameter, of the same shape, and no others.

    Raises:
        UndecidedError: naming the parameter that is missing, left over or of another shape, or
            saying that the file is damaged.
    """
    expected = network._collect_params_with_prefix()  # noqa: SLF001 - the names in the file
    saved = _read_parameters(path)
    # A layer may stand in two places of a network; its parameters may be saved once or twice.
    names: dict[int, list[str]] = {}
    for name, parameter in expected.items():
        names.setdefault(id(parameter), []).append(name)
    missing = [same[0] for same in names.values() if saved.keys().isdisjoint(same)]
    extra = [name for name in saved if name not in expected]
    if missing or extra:
        parts = [
            f"{len(names)} parameters {state} ({', '.join(names[:3])}{', ...' * (len(names) > 3)})"  # noqa: PLR2004
            for state, names in (("missing", missing), ("left over", extra))
            if names
        ]
        what = f"the weights are of another architecture: {' and '.join(parts)}"
        raise UndecidedError(Problem(what, "check the model's name", str(path)))
    for name, values in saved.items():
        shape = expected[name].shape
        if not _fits(shape, values.shape):
            what = f"{name} has shape {values.shape}, the network needs {shape}"
            remedy = "check the model's name and its number of classes"
            raise UndecidedError(Problem(what, remedy, str(path)))
    try:
        network.load_parameters(str(path))
    except (AssertionError, ValueError, mx.MXNetError) as error:
        what = f"the weights do not load: {first_line(error)}"
        raise UndecidedError(
            Problem(what, "check the file and the model's name", str(path))
        ) from error


def _read_parameters(path: Path) -> Mapping[str, Any]:
    try:
        saved = mx.nd.load(str(path))
    except (mx.MXNetError, ValueError, UnicodeDecodeError, MemoryError) as error:
        what = f"not a file of MXNet parameters, or damaged ({first_line(error)})"
        raise UndecidedError(Problem(what, "fetch the weights again", str(path))) from error
    if not isinstance(saved, dict) or not saved:
        what = "the file holds no named parameters"
        raise UndecidedError(Problem(what, "save it with net.save_parameters", str(path)))
    return saved


def first_line(error: BaseException) -> str:
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


def _try_views(network: Any, count: int, view: ViewShape) -> tuple[int, ...] | None:
    """Give the shape of the output for black views; ``None`` where it is no single array."""
    try:
        output = network(mx.nd.zeros((count, *view)))
        mx.nd.waitall()
    except (mx.MXNetError, ValueError, AssertionError) as error:
        what = f"the network does not take {_kind(view)} ({first_line(error)})"
        raise UndecidedError(Problem(what, _remedy(view))) from error
    return tuple(output.shape) if isinstance(output, mx.nd.NDArray) else None


def _is_clip(view: ViewShape) -> bool:
    """Tell a clip's shape, (3, frames, height, width), from an image's."""
    return len(view) == 4  # noqa: PLR2004 - its dimensions


def _remedy(view: ViewShape) -> str:
    return _CHECK_CLIP if _is_clip(view) else _CHECK_SIZE


def _kind(view: ViewShape) -> str:
    *_, height, width = view
    return f"{f'clips of {view[1]} frames' if _is_clip(view) else 'images'} of {height}x{width}"


class MXNetClassifier:
    """A loaded network that gives scores to views, always in passes of the same size.

    One shape for all passes lets MXNet plan its memory once, and makes a view's scores independent
    of the views beside it.
    """

    name = MXNET
    version = str(mx.__version__)
    disagreement = 0.0

    def __init__(self, network: Any, classes: int, view: ViewShape, batch: int) -> None:
        """Prepare the network, and try it on one pass.

        Args:
            network: A network from :func:`build` with its weights.
            classes: The size of its output.
            view: The shape of a view.
            batch: How many views a pass takes.

        Raises:
            UndecidedError: when the network does not take such views or gives other outputs.
        """
        self.classes = classes
        self.batch = batch
        self._shape = (batch, *view)
        network.hybridize(static_alloc=True, static_shape=True)
        self._network = network
        shape = _try_views(network, batch, view)
        if shape != (batch, classes):
            what = f"the network gives {shape} for {batch} {_kind(view)}, not one score a class"
            raise UndecidedError(Problem(what, _remedy(view)))

    def scores(self, views: Views) -> Scores:
        """Give the outputs, shape (views, classes), of at most ``batch`` views."""
        count = len(views)
        if count < self.batch:
            full = np.zeros(self._shape, dtype=np.float32)
            full[:count] = views
            views = full
        output = self._network(mx.nd.array(views, dtype="float32")).asnumpy()
        return np.asarray(output[:count], dtype=np.float32)
