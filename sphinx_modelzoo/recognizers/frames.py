"""Reading the frames of a clip: from a video file through PyAV, or from a folder of images.

A clip that cannot be read in full is an error that names its file; nothing is padded or repeated
to hide it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.media import FRAMES
from sphinx_modelzoo.recognizers.transforms import Frame, resize

# Decoded frames of one clip that are held while its length is not known yet.
_HELD_BYTES = 256 * 2**20

_CLOCK = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)")


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
        image = cv2.imread(str(path), cv2.IMREAD_COLOR)
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


@dataclass(slots=True)
class _Reading:
    """What a pass over a video has met so far; times are in seconds, 0 where not known."""

    declared: int = 0
    length: float = 0.0
    packets: int = 0
    frames: int = 0
    first: float = 0.0
    last: float = 0.0


def _read_video(clip: Clip, pick: Pick, size: Size) -> list[Frame]:
    reading = _Reading()
    held: list[av.VideoFrame] = []
    held_bytes = 0
    with closing(_decode(clip.path, reading)) as decoded:
        for frame in decoded:
            held_bytes += 2 * frame.width * frame.height
            if held_bytes <= _HELD_BYTES:
                held.append(frame)
    _check_whole(clip.path, reading)
    _compare_with_list(clip, reading.frames)
    wanted = pick(reading.frames)
    if len(held) == reading.frames:
        images = {index: _convert(held[index], size) for index in set(wanted)}
    else:
        held.clear()
        with closing(_decode(clip.path, _Reading())) as decoded:
            images = {
                index: _convert(frame, size)
                for index, frame in enumerate(decoded)
                if index in set(wanted)
            }
    return [images[index] for index in wanted]


def _convert(frame: av.VideoFrame, size: Size) -> Frame:
    return _to_rgb(np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8), size)


def _decode(path: Path, reading: _Reading) -> Generator[av.VideoFrame, None, None]:
    """Give a video's frames in order, keeping count in ``reading``."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise UndecidedError(Problem("the file has no video", "fetch it again", str(path)))
            stream = container.streams.video[0]
            # One thread a clip; clips are read side by side.
            stream.codec_context.thread_count = 1
            reading.declared = _declared(container, stream)
            reading.length = _length(container, stream)
            for packet in container.demux(stream):
                reading.packets += packet.size > 0
                if reading.declared:
                    # Cut away by an edit list between two key frames: decoded, and not given.
                    reading.declared -= packet.is_discard
                for frame in packet.decode():
                    reading.last = float(frame.time or 0.0)
                    if reading.frames == 0:
                        reading.first = reading.last
                    reading.frames += 1
                    yield frame
    except (av.FFmpegError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        if reading.packets:
            of = f" of {reading.declared}" if reading.declared else ""
            what = f"only {reading.frames}{of} frames could be read ({reason})"
        else:
            what = f"not a readable video ({reason})"
        raise UndecidedError(Problem(what, "fetch the file again", str(path))) from error


def _declared(container: av.container.InputContainer, stream: av.VideoStream) -> int:
    """Give the number of frames that the file declares, or 0.

    An MP4 file counts frames that its edit list cuts away; its index, read whole, does not.
    """
    entries = len(getattr(stream, "index_entries", ()))
    if "mp4" in container.format.name and entries:
        return min(stream.frames, entries)
    return stream.frames


def _length(container: av.container.InputContainer, stream: av.VideoStream) -> float:
    """Give the length that the file declares for its video, in seconds, or 0."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    tag = _CLOCK.fullmatch(stream.metadata.get("DURATION", ""))
    if tag:
        hours, minutes, seconds = map(float, tag.groups())
        return 3600 * hours + 60 * minutes + seconds
    if container.duration and len(container.streams) == 1:
        return container.duration / av.time_base
    return 0.0


def _check_whole(path: Path, reading: _Reading) -> None:
    """Compare the frames with what the file declares, and refuse too few of them."""
    if reading.declared > 0:
        expected = reading.declared
        # Files of UCF101 declare one or two frames more than they hold.
        slack = max(2, expected // 50)
    else:
        # Matroska and WebM declare a length only; their frames need not be evenly spaced.
        spacing = (reading.last - reading.first) / max(1, reading.frames - 1)
        expected = round(reading.length / spacing) if spacing > 0 else 0
        slack = max(2, expected // 10)
    remedy = "the file is truncated or damaged: fetch it again"
    if reading.frames == 0:
        of = f" of {expected}" if expected else ""
        raise UndecidedError(Problem(f"none{of} of its frames could be read", remedy, str(path)))
    if expected - reading.frames > slack:
        what = f"only {reading.frames} of {expected} frames could be read"
        raise UndecidedError(Problem(what, remedy, str(path)))
