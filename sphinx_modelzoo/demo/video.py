"""From frames to the bytes of a video file, and back."""

from __future__ import annotations

import io
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.errors import CallError, Problem

Frame = NDArray[np.uint8]

RATE = 12  # frames a second
ENCODER: Final = "libx264"
# The same frames must give the same bytes. On more than one thread they may not; and x264's
# macroblock tree gives other bytes from run to run on frames as small as these.
OPTIONS = {"crf": "32", "preset": "medium", "threads": "1", "bf": "2", "mbtree": "0"}


def encode_video(frames: Iterable[Frame], size: tuple[int, int]) -> bytes:
    """Encode RGB frames of shape (*size, 3), height and width even, as H.264 in an MP4 file.

    Raises:
        CallError: when this PyAV cannot encode H.264.
    """
    if ENCODER not in av.codecs_available:
        remedy = "install its wheel: pip install --force-reinstall --only-binary :all: av"
        raise CallError(Problem(f"this PyAV has no encoder {ENCODER}", remedy))
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream(ENCODER, rate=RATE, options=dict(OPTIONS))
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, RATE)
        stream.height, stream.width = size
        for position, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(_yuv420(frame), format="yuv420p")
            picture.pts = position
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return file.getvalue()


def read_video(path: Path) -> list[Frame]:
    """Decode a video file to RGB frames of shape (height, width, 3)."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_count = 1  # more do not pay on frames this small
        return [
            frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
            for frame in container.decode(video=0)
        ]


def _yuv420(rgb: Frame) -> Frame:
    """Convert to BT.601 in its narrow range, chroma at half size, in whole numbers.

    The planes Y, U and V follow each other: shape (height * 3 / 2, width).
    """
    height, width = rgb.shape[:2]
    red, green, blue = (rgb[:, :, channel].astype(np.int32) for channel in range(3))
    y = (66 * red + 129 * green + 25 * blue + 128 >> 8) + 16
    u = -38 * red - 74 * green + 112 * blue
    v = 112 * red - 94 * green - 18 * blue
    squares = (plane.reshape(height // 2, 2, width // 2, 2) for plane in (u, v))
    halves = [(square.sum(axis=(1, 3)) + 512 >> 10) + 128 for square in squares]
    planes = np.concatenate([plane.ravel() for plane in (y, *halves)])
    picture: Frame = planes.astype(np.uint8).reshape(height * 3 // 2, width)
    return picture
