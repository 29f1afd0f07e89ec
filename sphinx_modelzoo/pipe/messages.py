"""The pipe between ``verify-zoo`` and a recognizer, version 1.

A recognizer is a program in any language. It reads one JSON object a line on standard input and
answers with one JSON object a line on standard output; standard error is free for talk. A request
has a ``type`` of ``open``, ``items``, ``predict`` or ``close``; the answers are ``opened``,
``items``, ``prediction`` (a line an item), ``closed``, and at any time ``note`` (a sign of life)
or ``error`` (the recognizer gives up). Ids are text, labels and classes are whole numbers from 0.

This module is standard library only, so that a recognizer in an old environment can use it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

VERSION = 1

# Fields that came later: left out where they say nothing, as every older message leaves them out.
_LEFT_OUT = {"close": False, "disagreement": 0.0, "scale": 0.0}


@dataclass(frozen=True, slots=True)
class DataSource:
    """Where a data set's items are.

    ``root`` is the folder that the list's paths start from; ``list`` is the list file; ``media``
    is ``frames`` (a folder of images an item) or ``videos`` (a file an item); ``template`` names
    a frame's file, such as ``img_%05d.jpg``. All paths are absolute. Empty text means not given.
    """

    name: str
    root: str = ""
    list: str = ""
    media: str = ""
    template: str = "img_%05d.jpg"


@dataclass(frozen=True, slots=True)
class Open:
    """Ask for a model on a data set.

    ``weights`` is an absolute path, or empty where the recognizer fetches them by ``hashtag``.
    ``sha1`` and ``sha256`` are what the manifest says of the weights' file, where it says it.
    ``protocol`` holds the protocol's fields as numbers or text: ``segments``, ``crops``,
    ``input_size``, ``new_height``, ``new_width``, ``new_length``, ``new_step``,
    ``slow_temporal_stride``, ``fast_temporal_stride``, and whatever the manifest's ``options`` add.
    """

    model: str
    architecture: str
    hashtag: str
    classes: int
    data: DataSource
    protocol: Mapping[str, int | str]
    weights: str = ""
    sha1: str = ""
    sha256: str = ""
    offline: bool = False
    pipe: int = VERSION
    type: str = "open"


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """The weights that were loaded: file name, bytes, full digests in hex, and parameter count."""

    file: str
    size: int
    sha1: str
    sha256: str
    parameters: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The model is loaded and the data set is read.

    ``items`` is the number of items, ``fingerprint`` their :func:`fingerprint`; ``recognizer``
    and ``version`` name the program, and ``environment`` what it ran on. ``disagreement`` is by how
    much its scores may differ from those of its reference, from 0 to below 1, relative to the
    largest score of an item; 0 where it is itself the reference, and left out of the line.
    """

    items: int
    fingerprint: str
    recognizer: str
    version: str
    weights: WeightsFile | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    disagreement: float = 0.0
    pipe: int = VERSION
    type: str = "opened"


@dataclass(frozen=True, slots=True)
class Prediction:
    """One item's outcome: its label and its best classes with scores, best first.

    An item that cannot be read has a text in ``error`` and no classes. ``views`` may give the same
    for each view of the item, a crop or a segment: for the evidence only, never for the count.
    ``close`` says that scores lie too near to each other for the order to be certain within the
    recognizer's ``disagreement``: the item is predicted again by the reference. ``scale``
    is what the ``disagreement`` is a share of; 0 stands for the largest absolute score in ``top``.
    False and 0 are left out of the line.
    """

    id: str
    label: int
    top: tuple[tuple[int, float], ...] = ()
    error: str = ""
    views: tuple[tuple[tuple[int, float], ...], ...] = ()
    close: bool = False
    scale: float = 0.0
    type: str = "prediction"


@dataclass(frozen=True, slots=True)
class Failure:
    """The recognizer gives up: what went wrong, and what to do about it."""

    message: str
    remedy: str = ""
    type: str = "error"


def encode(message: object) -> str:
    """Give a message as one line of JSON, newline included; NaN and infinity are refused.

    The line is ASCII, so that it survives every locale.
    """
    if isinstance(message, dict):
        data: Any = message
    else:
        fields = asdict(message)  # type: ignore[call-overload]
        data = {key: value for key, value in fields.items() if _LEFT_OUT.get(key) != value}
    return json.dumps(data, allow_nan=False, separators=(",", ":")) + "\n"


def fingerprint(items: Iterable[tuple[str, int]]) -> str:
    """Give the digest of a data set's items, whatever their order.

    SHA-256 over the UTF-8 lines ``id TAB label NEWLINE``, sorted by their bytes, in hex.
    """
    digest = hashlib.sha256()
    for line in sorted(f"{item}\t{label}\n".encode() for item, label in items):
        digest.update(line)
    return digest.hexdigest()
