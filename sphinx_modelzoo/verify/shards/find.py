"""Finding the files of shards, and setting those aside that do not belong to the others."""

from __future__ import annotations

import contextlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx_modelzoo.errors import ModelZooError, Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import DataSource
from sphinx_modelzoo.verify.depends import depends_on
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.shards.file import ShardFile, open_shard
from sphinx_modelzoo.verify.shards.part import ENDING
from sphinx_modelzoo.verify.text import printable

# What the manifest and the configuration say, of all that predictions depend on.
_CLAIMED = ("entry", "architecture", "classes", "data set", "protocol", "program")
_DIGEST = re.compile(r"[0-9a-f]{40,}")


@dataclass(frozen=True, slots=True)
class Found:
    """The shards' files below some ``places``, by the entry, data set and protocol of their run.

    ``unknown`` says of other files, whose names end as those of shards do, what is wrong with them.
    """

    places: tuple[Path, ...]
    files: Mapping[tuple[str, str, str], Sequence[ShardFile]]
    unknown: Sequence[Problem] = ()

    def of(self, run: Run) -> Sequence[ShardFile]:
        """Give the files of a run, sorted by their paths.

        Raises:
            UndecidedError: there are none.
        """
        files = self.files.get((run.entry.key, run.dataset.key, run.result.protocol), ())
        if not files:
            where = ", ".join(map(str, self.places))
            what = f"there is no shard of {run.title} in {where}"
            remedy = "run verify-zoo --shard K/N for each K of them, and name their folder"
            raise UndecidedError(Problem(what, remedy, str(run.result.place)))
        return files

    def astray(self, runs: Sequence[Run]) -> list[Problem]:
        """Say of files that are no shards, or of runs that a manifest does not have, why that is.

        Nothing is counted of them.
        """
        known = {(run.entry.key, run.dataset.key, run.result.protocol) for run in runs}
        problems = [*self.unknown]
        for (entry, dataset, protocol), files in self.files.items():
            if (entry, dataset, protocol) in known:
                continue
            under = f" under {protocol}" if protocol else ""
            whose = printable(f"{entry} on {dataset}{under}")
            what = f"this is a shard of {whose}, which the manifest does not list"
            remedy = "remove it, or name the manifest that it was made with"
            problems += [Problem(what, remedy, str(file.path)) for file in files]
        return problems


def find_shards(places: Sequence[Path]) -> Found:
    """Open the shards' files among some files and folders, however deep.

    In folders, files with other endings are passed over.

    Raises:
        UndecidedError: there is none.
    """
    gone = [place for place in places if len(places) > 1 and not place.exists()]
    if gone:
        remedy = "name folders and files of shards with --shards"
        raise UndecidedError(
            *(Problem("there is no such file or folder", remedy, str(place)) for place in gone)
        )
    paths = {path.resolve(): path for place in places for path in _below(place)}
    files: dict[tuple[str, str, str], list[ShardFile]] = defaultdict(list)
    problems: list[Problem] = []
    for path in sorted(paths.values()):
        try:
            file = open_shard(path)
        except UndecidedError as error:
            problems += error.problems
            continue
        files[file.head.run].append(file)
    if problems and not files:
        raise UndecidedError(*problems)
    if not files:
        where = ", ".join(map(str, places))
        what = f"there is no shard in {where}: no file whose name ends in {ENDING}"
        remedy = "run verify-zoo --shard K/N first, and name its folder or files with --shards"
        raise UndecidedError(Problem(what, remedy))
    return Found(tuple(places), files, problems)


def undamaged(files: Sequence[ShardFile], warn: Callable[[str], None]) -> Sequence[ShardFile]:
    """Give the files that are as they were written.

    Args:
        files: Those of one run.
        warn: Is told of the others.

    Raises:
        UndecidedError: with each that is damaged and the only file of its shard.
    """
    whole = [file for file in files if file.problem is None]
    numbers = {file.head.number for file in whole}
    lacking = []
    for file in files:
        if file.problem is not None and file.head.number in numbers:
            warn(f"{file.problem}; another file has this shard")
        elif file.problem is not None:
            lacking.append(file.problem)
    if lacking:
        raise UndecidedError(*lacking)
    return whole


def check_same_run(files: Sequence[ShardFile]) -> None:
    """See that files are shards of one and the same run.

    Raises:
        UndecidedError: with each that is of something else than most are, and in what it differs.
    """
    problems = []
    told = [file.head.same() for file in files]
    kinds = [frozenset(one.items()) for one in told]
    [(most, _)] = Counter(kinds).most_common(1)
    usual = files[kinds.index(most)]
    for file, one, kind in zip(files, told, kinds, strict=True):
        if kind == most:
            continue
        said = _differing(one, dict(most), "here", "there")
        what = f"the shard is not of the same run as {usual.path}: it has another {said}"
        remedy = "leave out those of the other run, or run all shards anew"
        problems.append(Problem(what, remedy, str(file.path)))
    if problems:
        raise UndecidedError(*problems)


def check_manifest(run: Run, command: Command, file: ShardFile, tool: str) -> None:
    """See that a shard is of what the manifest and the configuration say now.

    Raises:
        UndecidedError: it is of something else, or was written by another version.
    """
    head = file.head
    source = DataSource(run.dataset.key, media=head.media)
    now = depends_on(run, command, head.opened, source, files="", seed="")
    ours = {name: now[name] for name in _CLAIMED} | {"version": tool}
    its = {name: text for name, text in head.same().items() if name in ours}
    if its != ours:
        said = _differing(its, ours, "then", "now")
        what = f"the shards of {run.title} are of another {said}"
        remedy = "merge them where they were made, or run them anew"
        raise UndecidedError(Problem(what, remedy, str(file.path)))


def former_shards(path: Path) -> Iterator[ShardFile]:
    """Give the shards that have a path's name and are in its folder, however deep."""
    for found in sorted(_below(path.parent)):
        if found.name == path.name:
            with contextlib.suppress(ModelZooError):
                yield open_shard(found)


def _below(place: Path) -> Iterator[Path]:
    """Give the shards' files of a folder, or the file that was named itself."""
    if not place.is_dir():
        if place.exists():
            yield place
        return
    for folder, _, names in os.walk(place):
        yield from (Path(folder, name) for name in names if name.endswith(ENDING))


def _differing(one: Mapping[str, str], other: Mapping[str, str], this: str, that: str) -> str:
    """Say in what two sides differ; ``this`` and ``that`` are words for them."""
    return ", ".join(
        f"{printable(name)} ({_shown(one.get(name))} {this}, {_shown(other.get(name))} {that})"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    )


def _shown(text: str | None) -> str:
    """Give a text as it stands in a message; digests are cut."""
    return _DIGEST.sub(lambda match: f"{match[0][:12]}…", printable(text or "none"))
