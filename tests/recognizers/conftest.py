"""Clips with lists, weights, and the modules that need MXNet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from .clips import CLASSES, NETWORK, make_frames, make_video, quietly


@dataclass(frozen=True)
class Data:
    root: Path
    list: Path
    ids: tuple[str, ...]


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """Seven video files of four classes."""
    root = tmp_path_factory.mktemp("videos")
    ids = tuple(f"class {number % CLASSES}/v_{number}" for number in range(7))
    for number, item in enumerate(ids):
        make_video(root / f"{item}.avi", frames=10 + number, seed=100 * number)
    path = root / "val.txt"
    path.write_text("".join(f"{item} {number % CLASSES}\n" for number, item in enumerate(ids)))
    return Data(root, path, ids)


@pytest.fixture(scope="session")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """Five folders of frames, with GluonCV's list."""
    root = tmp_path_factory.mktemp("frames")
    ids = tuple(f"v_{number}" for number in range(5))
    for number, item in enumerate(ids):
        make_frames(root / item, frames=6 + number, seed=100 * number)
    path = root / "val.txt"
    lines = [f"{item} {6 + number} {number % CLASSES}\n" for number, item in enumerate(ids)]
    path.write_text("".join(lines))
    return Data(root, path, ids)


@pytest.fixture(scope="session")
def rooms() -> SimpleNamespace:
    """The modules that need MXNet, and MXNet itself."""
    ours = "network", "weights", "store", "model", "testing", "training", "gluoncv_action"
    modules = {name: quietly(f"sphinx_modelzoo.recognizers.{name}") for name in ours}
    return SimpleNamespace(mx=quietly("mxnet"), **modules)


MakeWeights = Callable[..., Path]


@pytest.fixture(scope="session")
def make_weights(rooms: SimpleNamespace) -> MakeWeights:
    """Save a network with seeded weights as ``NAME-XXXXXXXX.params``."""

    def make(folder: Path, name: str = NETWORK, classes: int = CLASSES, size: int = 32) -> Path:
        rooms.mx.random.seed(3)
        network = rooms.network.build(name, classes)
        rooms.network.initialise(network, (3, size, size))
        plain = folder / "new.params"
        network.save_parameters(str(plain))
        sha1 = hashlib.sha1(plain.read_bytes()).hexdigest()  # noqa: S324 - GluonCV's names
        return plain.rename(folder / f"{name}-{sha1[:8]}.params")

    return make


@pytest.fixture(scope="session")
def weights_file(make_weights: MakeWeights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_weights(tmp_path_factory.mktemp("weights"))
