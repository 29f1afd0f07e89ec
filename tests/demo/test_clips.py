"""The clips that the package ships."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from sphinx_modelzoo.demo.facts import CLIPS
from sphinx_modelzoo.demo.locate import demo_manifest
from sphinx_modelzoo.demo.scene import HEIGHT, LONGEST, SHORTEST, WIDTH
from sphinx_modelzoo.demo.split import CLASSES, clip_frames, clip_name
from sphinx_modelzoo.demo.video import read_video
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.pipe.itemlist import Item, read_items

ROOT = demo_manifest().parent / "clips"


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return read_items(ROOT / "test.txt", len(CLASSES))


def test_the_list_has_the_samples_and_classes_that_the_manifest_says(
    items: tuple[Item, ...],
) -> None:
    (dataset,) = read_zoo(demo_manifest()).datasets.values()
    assert (demo_manifest().parent / dataset.list).samefile(ROOT / "test.txt")
    assert (demo_manifest().parent / dataset.root).samefile(ROOT)
    assert len(items) == dataset.samples == CLIPS["test"]
    assert len({item.label for item in items}) == dataset.classes


def test_the_classes_have_equally_many_clips_and_labels_are_their_folders(
    items: tuple[Item, ...],
) -> None:
    assert set(Counter(item.label for item in items).values()) == {CLIPS["test"] // len(CLASSES)}
    assert all(item.id.split("/")[0] == CLASSES[item.label] for item in items)


def test_the_list_names_every_clip_that_is_there_and_no_other(items: tuple[Item, ...]) -> None:
    there = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.mp4")}
    assert there == {item.id for item in items}


def test_no_two_clips_are_the_same(items: tuple[Item, ...]) -> None:
    digests = {sha256((ROOT / item.id).read_bytes()).digest() for item in items}
    assert len(digests) == len(items)


def test_every_clip_decodes_to_its_listed_number_of_frames(items: tuple[Item, ...]) -> None:
    wrong = []
    for item in items:
        frames = read_video(ROOT / item.id)
        shapes = {frame.shape for frame in frames}
        if len(frames) != item.frames or shapes != {(HEIGHT, WIDTH, 3)}:
            wrong.append((item.id, len(frames), shapes))
        assert SHORTEST <= len(frames) <= LONGEST
    assert wrong == []


@pytest.mark.parametrize("position", [0, 17, 208, 419])
def test_a_clip_shows_the_frames_that_the_generator_makes_but_for_the_codec(position: int) -> None:
    shown = np.stack(read_video(ROOT / clip_name(position))).astype(np.float64)
    made = np.stack(clip_frames("test", position)).astype(np.float64)
    assert shown.shape == made.shape
    assert peak_signal_to_noise(shown, made) > 26


def test_other_frames_are_not_taken_for_the_codecs_noise() -> None:
    made = np.stack(clip_frames("test", 0)[:SHORTEST]).astype(np.float64)
    other = np.stack(clip_frames("test", 10)[:SHORTEST]).astype(np.float64)
    assert peak_signal_to_noise(made, other) < 20


def peak_signal_to_noise(one: np.ndarray, other: np.ndarray) -> float:
    """Give the ratio in decibels, of all frames together."""
    return float(10 * np.log10(255**2 / np.mean((one - other) ** 2)))


def test_the_clips_are_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in ROOT.rglob("*") if path.is_file()) < 3_000_000


def test_nothing_but_the_list_and_clips_is_shipped() -> None:
    others = {path.name for path in Path(ROOT).rglob("*") if path.is_file()}
    assert {name for name in others if not name.endswith(".mp4")} == {"test.txt"}
