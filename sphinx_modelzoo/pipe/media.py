"""Finding the files of a data set's items: a folder of frames or a video file each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.itemlist import Item

FRAMES = "frames"
VIDEOS = "videos"
ENDINGS = (".avi", ".mp4", ".mkv", ".webm")

_NAMED = 10


@dataclass(frozen=True, slots=True)
class Media:
    """Where a data set's items are: ``kind`` is ``frames`` or ``videos``, ``paths`` go by id."""

    kind: str
    paths: dict[str, Path] = field(default_factory=dict)


def find_video(root: Path, item: Item) -> Path | None:
    """Give an item's video file: as the list has it, or with one of ``ENDINGS`` appended."""
    path = root / item.id
    candidates = (path, *(path.with_name(path.name + ending) for ending in ENDINGS))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def find_folder(root: Path, item: Item) -> Path | None:
    """Give an item's folder of frames: as the list has it, or without a video's ending."""
    path = root / item.id
    if path.is_dir():
        return path
    stem = path.with_suffix("")
    return stem if path.suffix.lower() in ENDINGS and stem.is_dir() else None


def check_files(items: Sequence[Item], root: Path, media: str = "") -> Media:
    """Find each item's video file or folder of frames.

    Args:
        items: The items to find.
        root: The folder that their paths start from.
        media: ``frames`` or ``videos``; empty takes the kind of the first item that is found.

    Raises:
        UndecidedError: when the root or any item is missing; names the first ten and the count.
    """
    if media not in {"", FRAMES, VIDEOS}:
        raise UndecidedError(Problem(f"unknown media {media!r}", f"write {FRAMES} or {VIDEOS}"))
    if not root.is_dir():
        what = "the data set's folder does not exist"
        raise UndecidedError(Problem(what, "check the path of the data", str(root)))
    kind = media or _detect(items, root)
    find = find_folder if kind == FRAMES else find_video
    found = {item.id: find(root, item) for item in items}
    missing = [item for item in items if found[item.id] is None]
    if missing:
        noun = _noun(kind, given=bool(media), some=len(missing) < len(items))
        raise UndecidedError(_missing(missing, len(items), root, noun))
    return Media(kind, {key: path for key, path in found.items() if path is not None})


def _detect(items: Sequence[Item], root: Path) -> str:
    for item in items:
        if find_video(root, item):
            return VIDEOS
        if find_folder(root, item):
            return FRAMES
    return VIDEOS


def _noun(kind: str, *, given: bool, some: bool) -> str:
    """Give what items lack: as much as is known where the kind was not ``given``."""
    if not (given or some):
        return "file or folder"
    if kind == FRAMES:
        return "folder of frames"
    return "video file" if given else "file"  # which may be an image, or what a recognizer reads


def _missing(missing: Sequence[Item], total: int, root: Path, noun: str) -> Problem:
    names = ", ".join(item.id for item in missing[:_NAMED])
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    what = f"{len(missing)} of {total} items have no {noun}: {names}{more}"
    endings = f" (the list may leave out {' '.join(ENDINGS)})" if "file" in noun else ""
    return Problem(what, f"put them there{endings}, or check the path of the data", str(root))
