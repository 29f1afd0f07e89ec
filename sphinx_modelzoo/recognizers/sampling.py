"""Which frames of a video a network sees: a frame or a clip of each of a number of equal segments.

The rules are those of GluonCV's ``VideoClsCustom``, after *Temporal Segment Networks* (Wang et al.,
ECCV 2016, https://arxiv.org/abs/1608.00859). Indices count from 0.
"""

from __future__ import annotations

import numpy as np


def clip_frames(frames: int, segments: int, length: int = 1, step: int = 1) -> list[list[int]]:
    """Give the frames of the clip that lies in the middle of each of ``segments`` equal parts.

    A clip of one frame is the segment's middle frame. In a video that is too short for a clip,
    each clip starts with the first frame. Where a further step would reach the video's last frame
    or pass it, a clip repeats the frame that it is at, as GluonCV's loaders do.

    Args:
        frames: How many frames the video has.
        segments: The number of clips.
        length: The number of frames of a clip.
        step: How far apart they are.
    """
    places = frames - length * step + 1
    part = places / segments if places > 0 else 0.0
    starts = [int(part / 2.0 + part * segment) for segment in range(segments)]
    return [
        [start + step * min(number, max(0, frames - 2 - start) // step) for number in range(length)]
        for start in starts
    ]


def two_rates(clip: list[int], slow_stride: int, fast_stride: int) -> list[int]:
    """Give the frames of a SlowFast network's two pathways: the fast one's, then the slow one's.

    Of each ``fast_stride`` (``slow_stride``) frames of the clip, the last is taken, after *SlowFast
    Networks for Video Recognition* (Feichtenhofer et al., ICCV 2019,
    https://arxiv.org/abs/1812.03982) as GluonCV's loader does.
    """
    return clip[fast_stride - 1 :: fast_stride] + clip[slow_stride - 1 :: slow_stride]


def drawn_frames(frames: int, segments: int, draw: np.random.Generator) -> list[int]:
    """Give a frame drawn evenly from each of ``segments`` equal parts.

    A clip with fewer frames than segments gives its first frame each time, as in GluonCV.
    """
    length = frames // segments
    if length == 0:
        return [0] * segments
    offsets = draw.integers(length, size=segments)
    return [int(segment * length + offset) for segment, offset in enumerate(offsets)]
