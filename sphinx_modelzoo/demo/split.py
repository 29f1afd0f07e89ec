"""A split of the data set: its clips as files, and the list of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx_modelzoo.demo.draws import Draws
from sphinx_modelzoo.demo.facts import CLIPS, SEED
from sphinx_modelzoo.demo.render import frames_of
from sphinx_modelzoo.demo.scene import HEIGHT, WIDTH, scene
from sphinx_modelzoo.demo.shapes import SHAPES
from sphinx_modelzoo.demo.video import Frame, encode_video

SPLITS = tuple(CLIPS)
CLASSES = tuple(SHAPES)


def clip_frames(split: str, position: int, seed: int = SEED) -> list[Frame]:
    """Give the frames of a clip, each of shape (48, 64, 3), RGB.

    A clip depends on the seed, the split and its position from 0 alone; its label is the position
    modulo the number of classes.
    """
    draws = Draws(seed, SPLITS.index(split), position)
    return list(frames_of(scene(position % len(CLASSES), draws), draws))


def clip_name(position: int) -> str:
    """Give a clip's path below the split's folder, such as ``disc/disc_0001.mp4``."""
    name = CLASSES[position % len(CLASSES)]
    return f"{name}/{name}_{position // len(CLASSES) + 1:04d}.mp4"


def write_split(split: str, folder: Path, clips: int, seed: int = SEED) -> Iterator[Path]:
    """Write the first ``clips`` clips of a split and then their list, giving each file's path.

    The list, ``SPLIT.txt``, has a line ``PATH FRAMES LABEL`` a clip, as GluonCV's lists have. It
    comes last and whole: where it is, all of its clips are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in CLASSES:
        (folder / name).mkdir(exist_ok=True)
    lines = []
    for position in range(clips):
        frames = clip_frames(split, position, seed)
        name = clip_name(position)
        (folder / name).write_bytes(encode_video(frames, (HEIGHT, WIDTH)))
        lines.append(f"{name} {len(frames)} {position % len(CLASSES)}\n")
        yield folder / name
    unfinished = folder / f"{split}.txt.part"
    unfinished.write_text("".join(sorted(lines)), encoding="utf-8", newline="\n")
    yield unfinished.replace(folder / f"{split}.txt")
