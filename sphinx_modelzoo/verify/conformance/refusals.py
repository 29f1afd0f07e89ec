"""Checks of what a recognizer must refuse, and of items that it cannot read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sphinx_modelzoo.pipe.digests import digests
from sphinx_modelzoo.pipe.itemlist import Item, read_items
from sphinx_modelzoo.pipe.media import FRAMES, find_folder, find_video
from sphinx_modelzoo.pipe.messages import VERSION, Open
from sphinx_modelzoo.verify.conformance.bench import Bench, leave_untried
from sphinx_modelzoo.verify.conformance.session import FaultError

NOISE = bytes((37 * index + index // 256) % 256 for index in range(4096))
"""Neither an image, nor a video, nor text."""

WRONG_HASHTAG = "00000000"
WRONG_SHA1, WRONG_SHA256 = 40 * "0", 64 * "0"


def pipe_version(bench: Bench) -> None:
    """It refuses a version of the pipe that it does not speak."""
    later = replace(bench.subject.request, pipe=VERSION + 1)
    with bench.started() as session:
        session.refuses(later, f"version {VERSION + 1} of the pipe")


def unknown_request(bench: Bench) -> None:
    """It refuses a request that it does not know."""
    with bench.opened_anew() as session:
        session.refuses({"type": "sing"}, "'sing', which is no request")


def unknown_setting(bench: Bench) -> None:
    """It refuses a setting of the protocol that it does not know."""
    request = bench.subject.request
    protocol = {**request.protocol, "setting_of_another_recognizer": 1}
    with bench.started() as session:
        session.refuses(replace(request, protocol=protocol), "a setting that it cannot know")


def unknown_id(bench: Bench) -> None:
    """It refuses an item that is not in its list."""
    with bench.opened_anew() as session:
        session.refuses({"type": "predict", "ids": ["no/such item"]}, "an item that it has not")


def missing_list(bench: Bench) -> None:
    """It refuses a data set whose list is not there."""
    request = bench.subject.request
    if not request.data.list:
        leave_untried("the data set has no list", "give it one in the manifest")
    with tempfile.TemporaryDirectory() as folder:
        data = replace(request.data, list=str(Path(folder) / "missing.txt"))
        with bench.started() as session:
            session.refuses(replace(request, data=data), "a list that is not there")


def other_weights(bench: Bench) -> None:
    """It passes no weights off for others: it refuses them, or says truly what it loaded."""
    request = bench.subject.request
    if not (request.weights or request.hashtag):
        leave_untried("the entry has neither weights nor a hashtag", "give it one of them")
    if not request.weights:
        wrong = replace(request, hashtag=WRONG_HASHTAG, sha1="", sha256="", offline=True)
        with bench.started() as session:
            session.refuses(wrong, f"the hashtag {WRONG_HASHTAG}, which no weights have")
        return
    wrong = replace(request, hashtag=WRONG_HASHTAG, sha1=WRONG_SHA1, sha256=WRONG_SHA256)
    _loads_truly(bench, wrong)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(request.weights, folder))
        data = bytearray(path.read_bytes())
        data[-1:] = bytes([data[-1] ^ 1]) if data else b"\0"
        path.write_bytes(data)
        _loads_truly(bench, replace(request, weights=str(path)))


def _loads_truly(bench: Bench, request: Open) -> None:
    with bench.started() as session:
        opened = session.opened_or_refused(request)
    if opened is None:
        return
    told = (opened.weights.sha1, opened.weights.sha256) if opened.weights else None
    if told != digests(Path(request.weights)):
        what = "was given other weights than asked for, and does not say so"
        raise FaultError(what, "digest the file that is loaded, or refuse it")


def unreadable_item(bench: Bench) -> None:
    """An item that it cannot read is a prediction with an ``error``, and the work goes on."""
    bench.need_predictions()
    request = bench.subject.request
    if not (request.data.list and request.data.root):
        leave_untried("the data set has no list or no root", "give both in the manifest")
    damaged, *others = [item for item in bench.ids if not bench.predictions[item].error]
    with _damaged_copy(bench, damaged) as (root, path):
        data = replace(request.data, root=str(root), list=str(path))
        with bench.started() as session:
            session.open(replace(request, data=data))
            found = bench.predict(session, (damaged, *others))
    if not found[damaged].error:
        what = (
            f"gives a file of noise, in place of {damaged!r}, the class {found[damaged].top[0][0]}"
        )
        raise FaultError(what, "let such a prediction have an 'error' and no 'top'")
    bench.compare({item: found[item] for item in others}, "beside one that cannot be read")


@contextmanager
def _damaged_copy(bench: Bench, damaged: str) -> Iterator[tuple[Path, Path]]:
    """Give a folder and a list with the chosen items, of which one is noise."""
    data = bench.subject.request.data
    known = {item.id: item for item in read_items(Path(data.list))}
    with tempfile.TemporaryDirectory() as folder:
        root, path = Path(folder) / "items", Path(folder) / "list.txt"
        lines = []
        for item in (known[each] for each in bench.ids):
            source = _find(Path(data.root), item, data.media)
            target = root / source.relative_to(data.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            if item.id == damaged:
                _write_noise(source, target)
            else:
                target.symlink_to(source)
            frames = "" if item.frames is None else f" {item.frames}"
            lines.append(f"{item.id}{frames} {item.label}\n")
        path.write_text("".join(lines), encoding="utf-8")
        yield root, path


def _find(root: Path, item: Item, media: str) -> Path:
    finders = (find_folder, find_video) if media == FRAMES else (find_video, find_folder)
    found = finders[0](root, item) or finders[1](root, item)
    if found is None:
        leave_untried(f"the item {item.id!r} is no file or folder below {root}", "see 'root'")
    return found


def _write_noise(source: Path, target: Path) -> None:
    """Write noise in place of a file, or of each file of a folder."""
    if source.is_file():
        target.write_bytes(NOISE)
        return
    target.mkdir()
    for file in source.iterdir():
        (target / file.name).write_bytes(NOISE)
