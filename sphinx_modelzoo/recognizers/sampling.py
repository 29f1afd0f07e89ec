"""Which frames of a clip a network sees: one for each of a number of equal segments.

The rules are those of GluonCV's ``VideoClsCustom`` for single frames, after *Temporal Segment
Networks* (Wang et al., ECCV 2016, https://arxiv.org/abs/1608.00859). Indices count from 0.
"""

from __future__ import annotations

import numpy as np


def middle_frames(frames: int, segments: int) -> list[int]:
    """Give the middle frame of each of ``segments`` equal parts of ``frames`` frames.

    A clip that is shorter than the number of segments repeats frames.
    """
    length = frames / segments
    return [int(length / 2.0 + length * segment) for segment in range(segments)]


def drawn_frames(frames: int, segments: int, draw: np.random.Generator) -> list[int]:
    """Give a frame drawn evenly from each of ``segments`` equal parts.

    A clip with fewer frames than segments gives its first frame each time, as in GluonCV.
    """
    length = frames // segments
    if length == 0:
        return [0] * segments
    offsets = draw.integers(length, size=segments)
    return [int(segment * length + offset) for segment, offset in enumerate(offsets)]
