"""Clips that a network can tell apart, and the scripts run as users run them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts" / "action-recognition"
MODEL = ["--model", "cifar_resnet20_v1", "--dataset", "custom", "--num-classes", "3"]
SIZES = ["--input-size", "32", "--new-height", "36", "--new-width", "44"]
SMALL = [*MODEL, *SIZES]


@dataclass(frozen=True)
class Clips:
    root: Path
    train: Path
    val: Path

    @property
    def data(self) -> list[str]:
        return ["--data-dir", str(self.root)]


def video(path: Path, colour: tuple[int, int, int], seed: int) -> None:
    noise = np.random.default_rng(seed)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.height, stream.width, stream.pix_fmt = 48, 64, "yuv420p"
        for _ in range(8):
            picture = noise.normal(colour, 20, (48, 64, 3)).clip(0, 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    """Three classes of noisy colours: 24 clips to train on, 11 to test."""
    root = tmp_path_factory.mktemp("clips")
    colours = ((200, 80, 80), (80, 200, 80), (80, 80, 200))
    lists = {"train": 24, "val": 11}
    for part, count in lists.items():
        lines = []
        for number in range(count):
            label = number % 3
            video(root / f"{part} {number}.avi", colours[label], number)
            lines.append(f"{part} {number} {label}\n")
        (root / f"{part}.txt").write_text("".join(lines))
    return Clips(root, root / "train.txt", root / "val.txt")


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script, with one thread, so that other work on the machine does not slow it down."""
    return subprocess.run(
        [sys.executable, SCRIPTS / script, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={"OMP_NUM_THREADS": "1", "PATH": "", "HOME": "/nowhere"}
        | {name: os.environ[name] for name in ("MODELZOO_ENGINES",) if name in os.environ},
    )


@pytest.fixture(scope="session")
def trained(clips: Clips, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Weights from train_recognizer.py, and what it printed."""
    folder = tmp_path_factory.mktemp("trained")
    done = run(
        *("train_recognizer.py", *SMALL, *clips.data),
        *("--train-list", str(clips.train), "--val-list", str(clips.val), "--video-loader"),
        *("--use-tsn", "--num-epochs", "6", "--lr", "0.01", "--lr-mode", "cosine"),
        *("--batch-size", "8", "--seed", "1", "--save-dir", str(folder), "--log-interval", "2"),
    )
    assert done.returncode == 0, done.stderr
    (weights,) = folder.glob("*.params")
    return weights, done.stdout
