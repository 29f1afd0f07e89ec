"""How much of a video a file declares, and whether what could be read of it is all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import av

_CLOCK = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)")


@dataclass(slots=True)
class Extent:
    """What a file declares, and what a pass over it has met so far.

    ``declared`` is a number of frames and ``end`` the time in seconds when the last one ends, each
    0 where the file does not say. ``first`` and ``last`` are the times of the first and last frame.
    ``blank`` is how many more packets than frames there are by what the packets hold.
    ``damaged`` is, for each frame that the decoder made up in part, or that follows one without a
    key frame between them, the one that it made up. ``interlaced`` says whether frames have fields.
    """

    declared: int = 0
    end: float = 0.0
    packets: int = 0
    blank: int = 0
    frames: int = 0
    first: float = 0.0
    last: float = 0.0
    damaged: dict[int, int] = field(default_factory=dict)
    interlaced: bool = False

    def declare(self, container: av.container.InputContainer, stream: av.VideoStream) -> None:
        """Note what the file declares of its video."""
        self.declared = _frames(container, stream)
        self.end = _end(container, stream)

    def meet(self, frame: av.VideoFrame) -> None:
        """Note the next frame that was decoded."""
        self.last = float(frame.time or 0.0)
        if self.frames == 0:
            self.first = self.last
        former = None if frame.key_frame else self.damaged.get(self.frames - 1)
        self.interlaced = self.interlaced or frame.interlaced_frame
        damaged = self.frames if frame.is_corrupt else former
        if damaged is not None:
            self.damaged[self.frames] = damaged
        self.frames += 1

    def damage(self, wanted: Iterable[int]) -> str:
        """Tell which frame is damaged that a wanted one is, or is made of; nothing, where none."""
        damaged = [self.damaged[index] for index in wanted if index in self.damaged]
        return f"frame {min(damaged) + 1} of {self.frames} is damaged" if damaged else ""

    def shortfall(self) -> str:
        """Tell how many frames are missing; nothing, where the video is whole."""
        seen = self.frames
        if self.declared > 0:
            # AVI and MP4 count packets, whether a frame comes of them or not.
            blank = max(0, self.blank)
            expected = max(1, self.declared - blank)
            if self.interlaced:
                # Two packets may be a frame's fields, and the file counts packets.
                seen = max(self.packets - blank, self.frames)
            # Files of UCF101 declare one or two frames more than they hold.
            slack = max(2, expected // 50)
        else:
            # Matroska and WebM declare a time only; their frames need not be evenly spaced.
            spacing = (self.last - self.first) / max(1, self.frames - 1)
            expected = max(0, round((self.end - self.first) / spacing)) if spacing > 0 else 0
            slack = max(2, expected // 10)
        if self.frames == 0:
            of = f" of {expected}" if expected else ""
            return f"none{of} of its frames could be read"
        if expected - seen > slack:
            return f"only {self.frames} of {expected} frames could be read"
        return ""


def _frames(container: av.container.InputContainer, stream: av.VideoStream) -> int:
    """Give the number of frames that the file declares, or 0.

    An MP4 file counts frames that its edit list cuts away; its index, read whole, does not. An AVI
    file counts frames that were dropped, of which nothing is stored; its index has a gap there.
    """
    declared: int = stream.frames
    entries: Sequence[Any] = getattr(stream, "index_entries", ())
    if "mp4" in container.format.name and len(entries):
        return min(declared, len(entries))
    if container.format.name == "avi" and len(entries):
        span: int = entries[-1].timestamp - entries[0].timestamp + 1
        return min(declared, max(1, declared - (span - len(entries))))
    return declared


def _end(container: av.container.InputContainer, stream: av.VideoStream) -> float:
    """Give the time in seconds when the file says that its video ends, or 0."""
    if stream.duration and stream.time_base:
        return float((stream.duration + (stream.start_time or 0)) * stream.time_base)
    tag = _CLOCK.fullmatch(stream.metadata.get("DURATION", ""))
    if tag:
        hours, minutes, seconds = map(float, tag.groups())
        return 3600 * hours + 60 * minutes + seconds
    if container.duration and len(container.streams) == 1:
        return container.duration / av.time_base
    return 0.0
