"""What a kind of link is for, told from its key, and which endings cannot be that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from sphinx_modelzoo.lint.names import file_name


class Role(StrEnum):
    """What a link leads to."""

    LOG = "log"
    COMMAND = "command"
    CONFIG = "config"
    WEIGHTS = "weights"
    PLOT = "plot"


class Content(StrEnum):
    """What a file holds, told from its ending."""

    LOG = "a log"
    SCRIPT = "a shell script"
    CODE = "a program"
    CONFIG = "a configuration"
    WEIGHTS = "weights"
    IMAGE = "an image"


_WORDS: Mapping[Role, frozenset[str]] = {
    Role.LOG: frozenset({"log", "logs", "logfile"}),
    Role.COMMAND: frozenset({"command", "cmd", "script", "shell", "recipe"}),
    Role.CONFIG: frozenset({"config", "cfg", "configuration"}),
    Role.WEIGHTS: frozenset({"weights", "checkpoint", "ckpt", "params", "download"}),
    Role.PLOT: frozenset({"plot", "curve", "figure"}),
}

_ENDINGS: Mapping[Content, frozenset[str]] = {
    Content.LOG: frozenset({"log", "out"}),
    Content.SCRIPT: frozenset({"sh", "bash", "ps1", "bat"}),
    Content.CODE: frozenset({"py", "ipynb"}),
    Content.CONFIG: frozenset({"yaml", "yml", "toml", "cfg", "ini", "prototxt"}),
    Content.WEIGHTS: frozenset(
        {
            "pth",
            "pt",
            "params",
            "onnx",
            "safetensors",
            "ckpt",
            "h5",
            "pdparams",
            "caffemodel",
            "tflite",
            "npz",
            "mnn",
        }
    ),
    Content.IMAGE: frozenset({"png", "jpg", "jpeg", "gif", "svg"}),
}

# What is certainly not meant; anything else, such as .txt, .json, .zip or a page, may be.
_NOT: Mapping[Role, frozenset[Content]] = {
    Role.LOG: frozenset({Content.SCRIPT, Content.CODE, Content.CONFIG, Content.WEIGHTS}),
    Role.COMMAND: frozenset({Content.LOG, Content.WEIGHTS, Content.IMAGE}),
    Role.CONFIG: frozenset({Content.LOG, Content.WEIGHTS, Content.IMAGE}),
    Role.WEIGHTS: frozenset(
        {Content.LOG, Content.SCRIPT, Content.CODE, Content.CONFIG, Content.IMAGE}
    ),
    Role.PLOT: frozenset({Content.SCRIPT, Content.CONFIG, Content.WEIGHTS}),
}


def role_of(key: str) -> Role | None:
    """Give the role of a kind of link by the last word of its key that names one."""
    for word in reversed(re.findall(r"[a-z0-9]+", key.lower())):
        for role, words in _WORDS.items():
            if word in words:
                return role
    return None


def content_of(address: str) -> Content | None:
    """Give what an address or path holds by its ending; None where that does not tell."""
    _, dot, ending = file_name(address).rpartition(".")
    if not dot:
        return None
    low = ending.lower()
    return next((content for content, endings in _ENDINGS.items() if low in endings), None)


def unfit(role: Role, address: str) -> Content | None:
    """Give what an address holds when that cannot be of the role, else None."""
    content = content_of(address)
    return content if content in _NOT[role] else None
