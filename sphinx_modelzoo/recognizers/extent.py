"""How much of a video a file declares, and whether what could be read of it is all."""

from __future__ import annotations

import re
from dataclasses import dataclass

import av

_CLOCK = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)")


@dataclass(slots=True)
class Extent:
    """What a file declares, and what a pass over it has met so far.

    ``declared`` is a number of frames and ``end`` the time in seconds when the last one ends, each
    0 where the file does not say. ``first`` and ``last`` are the times of the first and last frame.
    """

    declared: int = 0
    end: float = 0.0
    packets: int = 0
    frames: int = 0
    first: float = 0.0
    last: float = 0.0

    def declare(self, container: av.container.InputContainer, stream: av.VideoStream) -> None:
        """Note what the file declares of its video."""
        self.declared = _frames(container, stream)
        self.end = _end(container, stream)

    def shortfall(self) -> str:
        """Tell how many frames are missing; nothing, where the video is whole."""
        if self.declared > 0:
            expected = self.declared
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
        if expected - self.frames > slack:
            return f"only {self.frames} of {expected} frames could be read"
        return ""


def _frames(container: av.container.InputContainer, stream: av.VideoStream) -> int:
    """Give the number of frames that the file declares, or 0.

    An MP4 file counts frames that its edit list cuts away; its index, read whole, does not.
    """
    entries = len(getattr(stream, "index_entries", ()))
    if "mp4" in container.format.name and entries:
        return min(stream.frames, entries)
    return stream.frames


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
