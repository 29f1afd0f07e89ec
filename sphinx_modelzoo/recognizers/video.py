"""Reading frames of a video file through PyAV.

Where it is certain which packets the chosen frames are made of, only those are decoded
(:mod:`.chosen`). Otherwise, and at any fault, the whole video is decoded: that gives the same
frames, and finds what is wrong with the file.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from functools import cache
from pathlib import Path

import av

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.recognizers.bits import IrregularError
from sphinx_modelzoo.recognizers.chosen import Convert, Pick, read_chosen
from sphinx_modelzoo.recognizers.extent import Extent
from sphinx_modelzoo.recognizers.pictures import frames_of
from sphinx_modelzoo.recognizers.transforms import Frame
from sphinx_modelzoo.recognizers.upright import image_of, open_video, video_of

# Decoded frames of one clip that are held while its length is not known yet.
_HELD_BYTES = 64 * 2**20


def read_video(path: Path, pick: Pick, convert: Convert) -> list[Frame]:
    """Read the frames that ``pick`` chooses, given the video's number of frames.

    Args:
        path: The file.
        pick: Gives the places of frames, from 0, in any order and as often as wanted.
        convert: Is given each chosen frame, as BGR, once; what it gives is kept.

    Returns:
        The chosen frames.

    Raises:
        UndecidedError: when the file is no video, broken, or shorter than it declares.
    """
    # What is drawn at random is drawn once.
    pick = cache(pick)
    try:
        return read_chosen(path, pick, convert)
    except (av.FFmpegError, EOFError, IrregularError):
        return read_all(path, pick, convert)


def read_all(path: Path, pick: Pick, convert: Convert) -> list[Frame]:
    """Decode the whole video, and give the chosen frames; see :func:`read_video`."""
    extent = Extent()
    held: list[av.VideoFrame] = []
    held_bytes = 0
    with closing(_decode(path, extent)) as decoded:
        for frame in decoded:
            held_bytes += 2 * frame.width * frame.height
            if held_bytes <= _HELD_BYTES:
                held.append(frame)
    shortfall = extent.shortfall()
    if shortfall:
        remedy = "the file is truncated or damaged: fetch it again"
        raise UndecidedError(Problem(shortfall, remedy, str(path)))
    wanted = pick(extent.frames)
    damage = extent.damage(wanted)
    if damage:
        raise UndecidedError(Problem(damage, "fetch the file again", str(path)))
    chosen = set(wanted)
    if len(held) == extent.frames:
        images = {index: convert(image_of(held[index])) for index in chosen}
    else:
        held.clear()
        with closing(_decode(path, Extent())) as decoded:
            images = {
                index: convert(image_of(frame))
                for index, frame in enumerate(decoded)
                if index in chosen
            }
    return [images[index] for index in wanted]


def _decode(path: Path, extent: Extent) -> Generator[av.VideoFrame, None, None]:
    """Give a video's frames in order, and note in ``extent`` what is declared and met."""
    try:
        with open_video(path) as container:
            stream = video_of(container)
            if stream is None:
                raise UndecidedError(Problem("the file has no video", "fetch it again", str(path)))
            if stream.codec_context is None:
                what = "there is no decoder for this video"
                raise UndecidedError(Problem(what, "convert the file, or fetch another", str(path)))
            # One thread a clip; clips are read side by side.
            stream.codec_context.thread_count = 1
            extent.declare(container, stream)
            context = stream.codec_context
            count = frames_of(context.name, bytes(context.extradata or b""))
            for packet in container.demux(stream):
                extent.packets += packet.size > 0
                if extent.declared:
                    # Cut away by an edit list between two key frames: decoded, and not given.
                    extent.declared -= packet.is_discard
                if packet.size:
                    extent.blank += 1 - count(bytes(packet))
                for frame in packet.decode():
                    extent.meet(frame)
                    yield frame
    except (av.FFmpegError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        if extent.packets:
            of = f" of {extent.declared}" if extent.declared else ""
            what = f"only {extent.frames}{of} frames could be read ({reason})"
        else:
            what = f"not a readable video ({reason})"
        raise UndecidedError(Problem(what, "fetch the file again", str(path))) from error
