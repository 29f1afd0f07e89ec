"""Reading the frames of a clip: from a video file, or from a folder of images.

A clip that cannot be read in full is an error that names its file; nothing is padded or repeated
to hide it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.media import FRAMES
from sphinx_modelzoo.recognizers.transforms import Frame, resize
from sphinx_modelzoo.recognizers.video import read_video

# How a JPEG file begins and ends, and what separates its parts. Within the data of a picture
# 255 is followed by 0, by another 255, or by a restart's number.
_JPEG, _END = b"\xff\xd8", b"\xff\xd9"
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip's file or folder; ``listed`` is the list's number of frames, ``None`` if not given."""

    path: Path
    media: str
    listed: int | None = None
    template: str = "img_%05d.jpg"


@dataclass(frozen=True, slots=True)
class Size:
    """The size in pixels that frames are resized to."""

    height: int
    width: int


Pick = Callable[[int], Sequence[int]]


def read_frames(clip: Clip, pick: Pick, size: Size) -> list[Frame]:
    """Read the frames that ``pick`` chooses, given the clip's number of frames.

    Returns:
        RGB frames of ``size``, in the order of the indices (from 0) that ``pick`` gives.

    Raises:
        UndecidedError: when the file is broken or shorter than it says, when a frame's image is
            missing, or when the list disagrees grossly on the number of frames.
    """
    read = _read_images if clip.media == FRAMES else _read_video
    return read(clip, pick, size)


def check_template(template: str) -> None:
    """Refuse a frame's file name that does not number the frames or leaves the clip's folder."""
    try:
        numbered = template % 1 != template % 2
    except (TypeError, ValueError):
        numbered = False
    if not numbered or ".." in Path(template).parts or Path(template).is_absolute():
        what = f"{template!r} does not name a frame's file"
        raise UndecidedError(Problem(what, "write it as img_%05d.jpg, with one number"))


def _compare_with_list(clip: Clip, frames: int) -> None:
    # Lists of videos often carry 0 or 1 where nobody counted.
    if clip.listed is None or clip.listed <= 1:
        return
    if abs(frames - clip.listed) > max(2, clip.listed // 10):
        what = f"the clip has {frames} frames, but the list says {clip.listed}"
        remedy = "check that the list belongs to this copy of the data"
        raise UndecidedError(Problem(what, remedy, str(clip.path)))


def _read_images(clip: Clip, pick: Pick, size: Size) -> list[Frame]:
    count = clip.listed or _count_images(clip)
    if clip.listed:
        _image(clip, count - 1)
        beyond = count + max(2, count // 10) + 1
        if _image_path(clip, beyond - 1).exists():
            _compare_with_list(clip, _count_images(clip))
    images: dict[int, Frame] = {}
    wanted = pick(count)
    for index in sorted(set(wanted)):
        path = _image(clip, index)
        data = path.read_bytes()
        whole = data and _has_its_end(data)
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if whole else None
        if image is None:
            what = f"frame {index + 1} of {count} is not a readable image"
            raise UndecidedError(Problem(what, "extract the clip's frames again", str(path)))
        images[index] = _to_rgb(np.asarray(image, dtype=np.uint8), size)
    return [images[index] for index in wanted]


def _image_path(clip: Clip, index: int) -> Path:
    return clip.path / (clip.template % (index + 1))


def _image(clip: Clip, index: int) -> Path:
    path = _image_path(clip, index)
    if not path.is_file():
        listed = f" (the list says {clip.listed} frames)" if clip.listed else ""
        what = f"frame {index + 1} is missing{listed}"
        raise UndecidedError(Problem(what, "extract the clip's frames again", str(path)))
    return path


def _has_its_end(data: bytes) -> bool:
    """Say whether a JPEG file reaches its end; of others, decoders say so themselves.

    Decoders fill up with grey what is missing.
    """
    if not data.startswith(_JPEG):
        return True
    at = len(_JPEG)
    while found := _MARKER.search(data, at):
        if found[0] == _END:
            return True
        # The other markers are followed by the length of what belongs to them.
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return False


def _count_images(clip: Clip) -> int:
    count = 0
    while _image_path(clip, count).is_file():
        count += 1
    if count == 0:
        what = f"there is no frame {clip.template % 1}"
        remedy = "check the template of the frames' names, or extract them again"
        raise UndecidedError(Problem(what, remedy, str(clip.path)))
    return count


def _to_rgb(bgr: Frame, size: Size) -> Frame:
    return resize(bgr, size.height, size.width)[:, :, ::-1]


def _read_video(clip: Clip, pick: Pick, size: Size) -> list[Frame]:
    def choose(frames: int) -> Sequence[int]:
        _compare_with_list(clip, frames)
        return pick(frames)

    return read_video(clip.path, choose, partial(_to_rgb, size=size))
