"""Opening a video file, and its frames as they are meant to be shown."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import av
import numpy as np

from sphinx_modelzoo.recognizers.transforms import Frame

_QUARTER = 90  # degrees


def open_video(path: Path) -> av.container.InputContainer:
    """Open a video file.

    Raises:
        av.FFmpegError: when it cannot be read.
    """
    try:
        return av.open(str(path))
    except UnicodeDecodeError:
        # Titles and comments may be in any encoding. PyAV 19 knows, and has no such argument.
        return av.open(str(path), metadata_errors="replace")


def video_of(container: av.container.InputContainer) -> av.VideoStream | None:
    """Give the video that players show: of several the default, and no picture of a cover."""
    return cast("av.VideoStream | None", container.streams.best("video"))


def image_of(frame: av.VideoFrame) -> Frame:
    """Give a frame as BGR, turned as the file says; cameras that are held upright say so."""
    bgr = np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
    turns = round(frame.rotation / _QUARTER) % 4
    return np.ascontiguousarray(np.rot90(bgr, turns)) if turns else bgr
