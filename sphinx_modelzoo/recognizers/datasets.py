"""The data sets that GluonCV's action models are for, and the clips of a list."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sphinx_modelzoo.pipe.itemlist import Item, read_items
from sphinx_modelzoo.pipe.media import check_files
from sphinx_modelzoo.recognizers.frames import Clip, Pick, Size, check_template, read_frames
from sphinx_modelzoo.recognizers.transforms import Frame


@dataclass(frozen=True, slots=True)
class KnownDataset:
    """A data set's number of classes, and where GluonCV's preparation puts its parts.

    ``root`` is the folder of raw frames, ``template`` the name of a frame's file.
    """

    classes: int
    root: str
    train_list: str
    val_list: str
    template: str = "img_%05d.jpg"


_HOME = "~/.mxnet/datasets"

KNOWN = {
    "ucf101": KnownDataset(
        101,
        f"{_HOME}/ucf101/rawframes",
        f"{_HOME}/ucf101/ucfTrainTestlist/ucf101_train_split_1_rawframes.txt",
        f"{_HOME}/ucf101/ucfTrainTestlist/ucf101_val_split_1_rawframes.txt",
    ),
    "hmdb51": KnownDataset(
        51,
        f"{_HOME}/hmdb51/rawframes",
        f"{_HOME}/hmdb51/testTrainMulti_7030_splits/hmdb51_train_split_1_rawframes.txt",
        f"{_HOME}/hmdb51/testTrainMulti_7030_splits/hmdb51_val_split_1_rawframes.txt",
    ),
    "kinetics400": KnownDataset(
        400,
        f"{_HOME}/kinetics400/rawframes_train",
        f"{_HOME}/kinetics400/kinetics400_train_list_rawframes.txt",
        f"{_HOME}/kinetics400/kinetics400_val_list_rawframes.txt",
    ),
    "somethingsomethingv2": KnownDataset(
        174,
        f"{_HOME}/somethingsomethingv2/20bn-something-something-v2-frames",
        f"{_HOME}/somethingsomethingv2/train_videofolder.txt",
        f"{_HOME}/somethingsomethingv2/val_videofolder.txt",
        "%06d.jpg",
    ),
}


@dataclass(frozen=True, slots=True)
class Split:
    """A part of a data set: its items, and the clip of each, in the list's order."""

    items: tuple[Item, ...]
    clips: tuple[Clip, ...]


def read_split(
    list_path: Path, root: Path, classes: int, media: str = "", template: str = "img_%05d.jpg"
) -> Split:
    """Read a list and find the clip of every item.

    Args:
        list_path: A list as :mod:`sphinx_modelzoo.pipe.itemlist` reads it.
        root: The folder that its paths start from.
        classes: The number of classes, which labels stay below.
        media: ``frames``, ``videos``, or empty to look what is there.
        template: The name of a frame's file.

    Raises:
        UndecidedError: with all problems of the list, or all items that are missing.
    """
    check_template(template)
    items = read_items(list_path, classes)
    found = check_files(items, root, media)
    clips = tuple(Clip(found.paths[item.id], found.kind, item.frames, template) for item in items)
    return Split(items, clips)


class ClipReader:
    """Reads frames of clips, and keeps whole clips in memory while they fit.

    Decoding is most of the work on small images, and training reads each clip once an epoch.
    What is kept changes the speed only.
    """

    def __init__(self, clips: Sequence[Clip], size: Size, memory: int = 0) -> None:
        """Read ``clips`` at ``size``, keeping at most ``memory`` bytes of frames."""
        self._clips = clips
        self._size = size
        self._left = memory
        self._kept: dict[int, list[Frame]] = {}
        self._lock = threading.Lock()

    def read(self, index: int, pick: Pick) -> list[Frame]:
        """Give the frames that ``pick`` chooses of clip ``index``; safe to call from threads.

        Raises:
            UndecidedError: see :func:`sphinx_modelzoo.recognizers.frames.read_frames`.
        """
        frames = self._kept.get(index)
        if frames is None and self._left > 0:
            frames = read_frames(self._clips[index], range, self._size)
            self._keep(index, frames)
        if frames is None:
            return read_frames(self._clips[index], pick, self._size)
        return [frames[chosen] for chosen in pick(len(frames))]

    def _keep(self, index: int, frames: list[Frame]) -> None:
        size = sum(frame.nbytes for frame in frames)
        with self._lock:
            if size <= self._left and index not in self._kept:
                self._left -= size
                self._kept[index] = [np.ascontiguousarray(frame) for frame in frames]
            elif index not in self._kept:
                self._left = 0
