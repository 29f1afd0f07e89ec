"""Finding a data set on this machine: beside the manifest, or in a folder that the user names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Dataset, Zoo
from sphinx_modelzoo.pipe.itemlist import Item, read_items
from sphinx_modelzoo.pipe.media import FRAMES, VIDEOS, find_folder, find_video
from sphinx_modelzoo.pipe.messages import DataSource

# Where GluonCV's scripts, UCF101's archives and common practice put lists and media.
LIST_FOLDERS = ("", "ucfTrainTestlist", "testTrainMulti_7030_splits", "lists", "annotations")
MEDIA_FOLDERS = ("rawframes", "UCF-101", "videos", "")

_GLUONCV_LIST = re.compile(r"(ucf101_)(train|val)_split_([1-3])_(rawframes|videos)\.txt")
_TRIED = 20  # items looked for before a folder counts as holding none


def find_source(zoo: Zoo, dataset: Dataset, given: Path | None = None) -> DataSource:
    """Find a data set's folder and list, as absolute paths.

    Args:
        zoo: Its manifest's folder is where the paths of ``dataset`` start.
        dataset: The data set as the manifest has it.
        given: The user's folder for it, where there is one. In it the manifest's paths, GluonCV's
            layout and UCF101's official layout are recognised.

    Raises:
        UndecidedError: what the manifest names is not there, or lies outside its folder; the
            remedy says what to give.
    """
    if given is not None:
        return _given_source(dataset, given.resolve())
    return DataSource(
        name=dataset.key,
        root=str(_beside(zoo, dataset, dataset.root, "folder")) if dataset.root else "",
        list=str(_beside(zoo, dataset, dataset.list, "list")) if dataset.list else "",
        media=dataset.media,
        template=dataset.template,
    )


def _beside(zoo: Zoo, dataset: Dataset, path: str, noun: str) -> Path:
    """Resolve a path of the manifest; it must exist and stay inside the manifest's folder."""
    root = zoo.root.resolve()
    full = (root / path).resolve()
    place = str(dataset.place)
    remedy = f"give the folder of the data set: --data {dataset.key}=PATH"
    if not full.is_relative_to(root):
        what = f"the {noun} {path!r} of data set {dataset.key!r} leads out of the manifest's folder"
        raise UndecidedError(Problem(what, remedy, place))
    if not (full.is_file() if noun == "list" else full.is_dir()):
        what = f"the {noun} {path!r} of data set {dataset.key!r} is not beside the manifest"
        raise UndecidedError(Problem(what, remedy, place))
    return full


def _given_source(dataset: Dataset, folder: Path) -> DataSource:
    if not dataset.list:
        root = folder / dataset.root
        found = root if root.is_dir() else folder
        return DataSource(dataset.key, str(found), "", dataset.media, dataset.template)
    candidates = list(dict.fromkeys(_list_candidates(dataset, folder)))
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is None:
        raise _not_found(dataset, folder, f"no list {Path(dataset.list).name!r}", candidates)
    items = read_items(path, dataset.classes)
    roots = list(dict.fromkeys(folder / name for name in (dataset.root, *MEDIA_FOLDERS)))
    for root in roots:
        media = _media(items, root, dataset.media)
        if media:
            return DataSource(dataset.key, str(root), str(path), media, dataset.template)
    raise _not_found(dataset, folder, f"none of the items of {path}", roots)


def _list_candidates(dataset: Dataset, folder: Path) -> Iterator[Path]:
    """Give where the list may lie: as declared, under its own name, under its siblings' names."""
    yield folder / dataset.list
    for name in _list_names(Path(dataset.list).name):
        for base in (folder, folder.parent):
            for inside in LIST_FOLDERS:
                yield base / inside / name


def _list_names(name: str) -> Iterator[str]:
    yield name
    match = _GLUONCV_LIST.fullmatch(name)
    if match:
        start, part, split, media = match.groups()
        other = "videos" if media == "rawframes" else "rawframes"
        yield f"{start}{part}_split_{split}_{other}.txt"
        yield f"{'test' if part == 'val' else 'train'}list0{split}.txt"


def _media(items: tuple[Item, ...], root: Path, declared: str) -> str:
    """Tell whether the first items lie below a folder as frames or as videos; empty for neither."""
    finders = {FRAMES: find_folder, VIDEOS: find_video}
    kinds = sorted(finders, key=lambda kind: kind != declared)
    for kind in kinds:
        if any(finders[kind](root, item) for item in items[:_TRIED]):
            return kind
    return ""


def _not_found(dataset: Dataset, folder: Path, missing: str, looked: list[Path]) -> UndecidedError:
    places = ", ".join(str(_shorter(path, folder)) for path in looked[:6])
    what = f"{missing} of data set {dataset.key!r} is there; looked at {places}"
    remedy = f"give the folder that holds its list and its media: --data {dataset.key}=PATH"
    return UndecidedError(Problem(what, remedy, str(folder)))


def _shorter(path: Path, folder: Path) -> Path:
    return path.relative_to(folder) if path.is_relative_to(folder) else path
