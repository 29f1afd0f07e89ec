"""The generator of the demo's clips."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from sphinx_modelzoo.demo.draws import Draws
from sphinx_modelzoo.demo.locate import demo_manifest
from sphinx_modelzoo.demo.shapes import SHAPES
from sphinx_modelzoo.demo.split import clip_frames, clip_name


def generate(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx_modelzoo.demo.generate", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def digest(split: str, position: int, seed: int) -> str:
    return sha256(np.stack(clip_frames(split, position, seed)).tobytes()).hexdigest()


def test_the_same_seed_gives_the_same_frames_in_any_order() -> None:
    first = [digest("test", position, 3) for position in (0, 1, 2)]
    again = [digest("test", position, 3) for position in (2, 1, 0)]
    assert first == again[::-1]


def test_another_seed_split_or_position_gives_other_frames() -> None:
    digests = {
        digest("test", 4, 3),
        digest("test", 4, 4),
        digest("train", 4, 3),
        digest("test", 14, 3),
    }
    assert len(digests) == 4


def test_numbers_are_pinned_so_that_no_version_of_numpy_changes_the_clips() -> None:
    draws = Draws(10, 1, 0)
    assert [draws.below(1000) for _ in range(4)] == [152, 750, 874, 768]
    assert draws.between(-1.0, 1.0) == -0.28588943607707185
    assert draws.octets(2, 3).tolist() == [[12, 136, 115], [108, 49, 136]]
    assert digest("test", 0, 10) == (
        "7f77793410699c80539c06438b3325860787adeb71f2d2b436e522913bb2627e"
    )


def test_numbers_stay_in_their_ranges() -> None:
    draws = Draws(1)
    assert {draws.below(3) for _ in range(100)} == {0, 1, 2}
    assert all(2.0 <= draws.between(2.0, 3.0) < 3.0 for _ in range(100))
    noise = draws.noise(100, 100)
    assert abs(noise.mean()) < 5
    assert noise.std() == pytest.approx(147.8, rel=0.02)


def test_every_shape_is_its_own_mirror_image_and_differs_from_the_others() -> None:
    across = (np.arange(64) + 0.5) / 32 - 1
    u, v = np.meshgrid(across, across)
    masks = {name: inside(u, v) for name, inside in SHAPES.items()}
    for name, mask in masks.items():
        assert np.array_equal(mask, mask[:, ::-1]), name
        assert not mask[u * u + v * v > 1.03].any(), name
        assert 0.1 < mask.mean() < 0.6, name
    for name, mask in masks.items():
        nearest = min(np.mean(mask ^ other) for key, other in masks.items() if key != name)
        assert nearest > 0.05, name


def test_the_command_writes_the_clips_that_are_shipped(tmp_path: Path) -> None:
    done = generate("--split", "test", "--out", str(tmp_path / "new" / "clips"), "--clips", "12")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new/clips/test.txt").read_text().count("\n") == 12
    listed = (demo_manifest().parent / "clips/test.txt").read_text().splitlines()
    assert set((tmp_path / "new/clips/test.txt").read_text().splitlines()) < set(listed)
    assert len(list((tmp_path / "new/clips").rglob("*.mp4"))) == 12
    assert not list(tmp_path.rglob("*.part"))


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        done = generate("--split", "train", "--out", str(tmp_path / folder), "--clips", "20")
        assert done.returncode == 0, done.stderr
    for position in range(20):
        one, two = (tmp_path / folder / clip_name(position) for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--split", "val"), ("--split", "'val'", "train", "test")),
        (("--split", "test", "--clips", "0"), ("--clips", "'0'", "above 0")),
        (("--split", "test", "--clips", "ten"), ("--clips", "'ten'", "above 0")),
        (("--split", "test", "--seed", "-1"), ("--seed",)),
    ],
)
def test_a_wrong_option_is_named(
    tmp_path: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    done = generate("--out", str(tmp_path / "clips"), *arguments)
    assert done.returncode == 2
    assert all(word in done.stderr for word in words), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "clips").exists()


def test_missing_options_are_named() -> None:
    done = generate()
    assert done.returncode == 2
    assert "--split" in done.stderr
    assert "--out" in done.stderr


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "clips"
    done = generate("--split", "test", "--out", str(folder))
    assert done.returncode == 2
    assert done.stderr.startswith(str(tmp_path / "file"))
    assert "--out" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_clip_that_cannot_be_written_is_named_and_no_list_is_left(tmp_path: Path) -> None:
    clip = tmp_path / clip_name(1)
    clip.mkdir(parents=True)
    done = generate("--split", "test", "--out", str(tmp_path), "--clips", "3")
    assert done.returncode == 2
    assert str(clip) in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "test.txt").exists()
