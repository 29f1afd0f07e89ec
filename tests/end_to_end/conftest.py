"""Clips in UCF101's layout, and a store like GluonCV's on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

CLIPS = 8
FRAMES = 9
RIGHT = 5  # so many of the clips are labelled as GluonCV's own code predicts them


@dataclass(frozen=True)
class Model:
    """A model in the store, and clips; it predicts ``right`` of ``clips`` rightly."""

    name: str
    hashtag: str
    input_size: int
    height: int
    width: int
    store: Path
    data: Path
    clips: int = CLIPS
    right: int = RIGHT


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture(scope="session")
def serve() -> Iterator[Any]:
    """Give a function that serves a folder on loopback and gives its address."""
    servers = []

    def start(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def vgg16(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return _make("vgg16_ucf101", 224, 256, 340, tmp_path_factory.mktemp("vgg16"))


@pytest.fixture(scope="session")
def inceptionv3(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return _make("inceptionv3_ucf101", 299, 340, 450, tmp_path_factory.mktemp("inceptionv3"))


def _make(name: str, input_size: int, height: int, width: int, folder: Path) -> Model:
    data, store = folder / "ucf101", folder / "store"
    ids = _write_clips(data)
    _write_list(data, ids, [0] * CLIPS)
    program = Path(__file__).with_name("make_store.py")
    arguments = [name, input_size, height, width, data, store]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", program, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
    )
    made = json.loads(done.stdout.splitlines()[-1])
    labels = [
        label if index < RIGHT else (label + 1) % 101
        for index, label in enumerate(made["predicted"])
    ]
    _write_list(data, ids, labels)
    return Model(name, made["hashtag"], input_size, height, width, store, data)


def _write_clips(data: Path) -> list[str]:
    """Write seeded clips as frames of 320x240, in GluonCV's folders for UCF101."""
    random = np.random.default_rng(101)
    ids = []
    for clip in range(CLIPS):
        name = ("Archery", "Basketball")[clip % 2]
        item = f"{name}/v_{name}_g01_c{clip + 1:02d}"
        folder = data / "rawframes" / item
        folder.mkdir(parents=True)
        coarse = random.integers(0, 256, (FRAMES, 6, 8, 3), dtype=np.uint8)
        for number, image in enumerate(coarse, start=1):
            frame = cv2.resize(image, (320, 240), interpolation=cv2.INTER_CUBIC)
            assert cv2.imwrite(str(folder / f"img_{number:05d}.jpg"), frame)
        ids.append(item)
    return ids


def _write_list(data: Path, ids: list[str], labels: list[int]) -> None:
    path = data / "ucfTrainTestlist" / "ucf101_val_split_1_rawframes.txt"
    path.parent.mkdir(exist_ok=True)
    lines = (f"{item} {FRAMES} {label}\n" for item, label in zip(ids, labels, strict=True))
    path.write_text("".join(lines))
