"""What GluonCV's networks for action recognition see at once, told from their names.

A network sees single frames or clips of several frames. The settings that fit are those that
GluonCV's weights were trained and listed with, in its model zoo
(https://cv.gluon.ai/model_zoo/action_recognition.html). Nothing here needs MXNet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.recognizers.protocol import Protocol

_DATASETS = r"(?P<dataset>ucf101|hmdb51|kinetics[47]00|sthsthv2|custom)"
_FRAMES = re.compile(rf"(?P<family>vgg16|inceptionv[13]|resnet(?P<depth>\d+)_v1b)_{_DATASETS}")
# By family, the names, and the clips that GluonCV's own weights were tested with.
_CLIPS = {
    "c3d": (r"c3d", {"new_length": 16, "new_step": 2}),
    "p3d": (r"p3d_resnet\d+", {"new_length": 16, "new_step": 2}),
    "r2plus1d": (r"r2plus1d_resnet\d+", {"new_length": 16, "new_step": 2}),
    "i3d_inception": (r"i3d_inceptionv[13]", {"new_length": 32, "new_step": 2}),
    "i3d_resnet": (r"i3d_(nl\d+_)?resnet\d+_v1", {"new_length": 32, "new_step": 2}),
    "i3d_slow": (r"i3d_slow_resnet\d+_f16s4", {"new_length": 16, "new_step": 4}),
}
_SLOWFAST = re.compile(rf"slowfast_(?P<frames>\d+)x(?P<stride>\d+)_resnet\w+?_{_DATASETS}")
_FAST_STRIDE = 2

_STRIDES = ("slow_temporal_stride", "fast_temporal_stride")


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network for action recognition.

    ``family`` is GluonCV's: ``vgg16``, ``inceptionv1``, ``inceptionv3`` and ``resnet_v1b`` see
    single frames; ``c3d``, ``p3d``, ``r2plus1d``, ``i3d_inception``, ``i3d_resnet``, ``i3d_slow``
    and ``slowfast`` see clips. ``depth`` is a frame-wise ResNet's number of layers, else 0.
    ``clip`` are the protocol's settings that give the clips GluonCV's weights were tested with;
    empty where the network sees single frames. ``pathways`` are the numbers of frames of a
    SlowFast network's fast and slow pathway, else none.
    """

    name: str
    family: str
    dataset: str
    depth: int = 0
    clip: Mapping[str, int] = field(default_factory=dict)
    pathways: tuple[int, ...] = ()


def architecture(name: str) -> Architecture | None:
    """Tell from its name what a network sees; ``None`` where it is none for action recognition."""
    match = _FRAMES.fullmatch(name)
    if match:
        family = "resnet_v1b" if match["depth"] else match["family"]
        return Architecture(name, family, match["dataset"], int(match["depth"] or 0))
    for family, (pattern, clip) in _CLIPS.items():
        match = re.fullmatch(rf"{pattern}_{_DATASETS}", name)
        if match:
            return Architecture(name, family, match["dataset"], clip=clip)
    match = _SLOWFAST.fullmatch(name)
    if not match:
        return None
    slow, stride = int(match["frames"]), int(match["stride"])
    length = slow * stride
    clip = dict(zip(("new_length", *_STRIDES), (length, stride, _FAST_STRIDE), strict=True))
    pathways = length // _FAST_STRIDE, slow
    return Architecture(name, "slowfast", match["dataset"], clip=clip, pathways=pathways)


def check_protocol(name: str, protocol: Protocol) -> None:
    """Refuse a protocol that does not give what a network sees at once.

    Raises:
        CallError: with the settings to write instead.
    """
    known = architecture(name)
    if known is None or not known.clip:
        if protocol.new_length > 1:
            clips = f"clips of {protocol.new_length} frames"
            settings = "new_length", *(_STRIDES if protocol.two_rates else ["new_step"])
            what = f"{name} sees single frames, the protocol has {clips}"
            raise CallError(Problem(what, f"leave out {_written(settings)}"))
        return
    remedy = f"GluonCV's weights were tested with {_values(known.clip)}"
    if protocol.new_length == 1:
        what = f"{name} sees clips of several frames, the protocol has single frames"
        raise CallError(Problem(what, remedy))
    if not known.pathways and protocol.two_rates:
        what = f"{name} sees frames at one rate, the protocol has two, as SlowFast networks do"
        raise CallError(Problem(what, f"leave out {_written(_STRIDES)}"))
    if known.pathways and not protocol.two_rates:
        what = f"{name} sees frames at two rates, the protocol has one"
        raise CallError(Problem(what, remedy))
    if known.pathways and known.pathways != protocol.pathways:
        wanted, given = (
            "{} fast and {} slow frames".format(*frames)
            for frames in (known.pathways, protocol.pathways)
        )
        raise CallError(Problem(f"{name} sees {wanted}, the protocol gives {given}", remedy))
    if known.family == "c3d" and protocol.views > 1:
        what = f"{name} is tested with one view, the protocol has {protocol.views}"
        why = "GluonCV averages its clips below three layers that are not linear"
        raise CallError(Problem(f"{what}: {why}", "write segments: 1, crops: 1"))


def _option(setting: str) -> str:
    return "--" + setting.replace("_", "-")


def _written(settings: Sequence[str]) -> str:
    """Name settings as a manifest and a command have them."""
    return f"{', '.join(settings)} ({', '.join(map(_option, settings))})"


def _values(settings: Mapping[str, int]) -> str:
    """Write settings with their values as a manifest and a command have them."""
    manifest = ", ".join(f"{name}: {value}" for name, value in settings.items())
    flag = "--slowfast " if _STRIDES[0] in settings else ""
    command = " ".join(f"{_option(name)} {value}" for name, value in settings.items())
    return f"{manifest} ({flag}{command})"
