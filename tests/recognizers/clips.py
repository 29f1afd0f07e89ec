"""Small real clips, and MXNet imported without the warnings of its own code."""

from __future__ import annotations

import importlib
import os
import warnings
from pathlib import Path
from types import ModuleType

import av
import cv2
import numpy as np
import pytest

# For tests of MXNet; its arrays import parts of SciPy that are to be renamed.
uses_mxnet = [
    pytest.mark.mxnet,
    pytest.mark.filterwarnings("ignore:.*scipy.sparse:DeprecationWarning"),
]

HEIGHT, WIDTH = 48, 64
CLASSES = 4
NETWORK = "cifar_resnet20_v1"


def picture(seed: int, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """A smooth RGB picture, so that lossy codecs keep it nearly as it is."""
    small = np.random.default_rng(seed).integers(0, 256, (4, 5, 3), dtype=np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def make_video(
    path: Path, frames: int = 16, seed: int = 0, codec: str = "mpeg4", b_frames: int = 0
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.height, stream.width, stream.pix_fmt = HEIGHT, WIDTH, "yuv420p"
        stream.gop_size = 4
        stream.codec_context.max_b_frames = b_frames
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(seed + number), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def make_frames(folder: Path, frames: int = 16, seed: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(frames):
        cv2.imwrite(str(folder / f"img_{number + 1:05d}.jpg"), picture(seed + number))
    return folder


def quietly(name: str) -> ModuleType:
    """Import what imports MXNet or GluonCV, whose code raises DeprecationWarning."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module(name)
