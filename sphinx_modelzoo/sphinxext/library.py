"""The manifests that a build uses: each is read once a process, and again when it has changed."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx_modelzoo.errors import ModelZooError, Problem
from sphinx_modelzoo.manifest.locate import FILE_NAME, nearest_manifest
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.bundle import bundle_path
from sphinx_modelzoo.receipts.model import NumberKey, Status
from sphinx_modelzoo.receipts.signing import read_public_key
from sphinx_modelzoo.receipts.status import statuses
from sphinx_modelzoo.receipts.store import receipt_files
from sphinx_modelzoo.receipts.trust import trusted


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files behind a sound manifest, remembered from build to build.

    ``files`` are the manifest with what it includes, ``observed`` the local weights, evidence and
    lists of items, and the keys, that a status depends on, ``folders`` those with receipts. All
    paths are absolute.
    """

    files: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as this build sees it: a zoo, or the problems that keep it from being one.

    ``path`` is absolute; ``version`` is a digest of all the files that it was read from, or of
    its problems; only a zoo has ``inputs``.
    """

    path: str
    version: str
    zoo: Zoo | None = None
    inputs: Inputs | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """The status of each listed number of a zoo, and the receipts that could not be read.

    ``stamp`` is a digest of all that it was made from; it is empty when a receipt is damaged, so
    that the next build looks, and warns, again.
    """

    stamp: str
    statuses: Mapping[NumberKey, Status]
    problems: tuple[Problem, ...] = ()

    def digest(self, dataset: str) -> str:
        """Give a digest of the statuses on a data set, or on all where it is empty."""
        shown = [
            repr((key, status))
            for key, status in sorted(self.statuses.items())
            if dataset in ("", key.dataset)
        ]
        return _digest(shown)


class Library:
    """Finds and reads the manifests of one build, and the status of their numbers."""

    def __init__(
        self,
        folder: Path,
        manifest: str | None,
        receipts: Sequence[str],
        signature_keys: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._manifest = manifest
        self._receipts = tuple(folder / name for name in receipts)
        self._keys = tuple(folder / name for name in signature_keys)
        self._manifests: dict[str, Manifest] = {}
        self._boards: dict[str, Board] = {}
        self._versions: dict[str, str] = {}
        self._stamps: dict[Inputs, str] = {}
        self._used = False

    def forget(self) -> None:
        """Forget, at the start of a build, what a build before it has read.

        The first build goes on with what was read for its cards.
        """
        if not self._used:
            self._used = True
            return
        self.clear()

    def clear(self) -> None:
        """Forget all that was read."""
        self._manifests.clear()
        self._boards.clear()
        self._versions.clear()
        self._stamps.clear()

    @property
    def folder(self) -> Path:
        """Where the paths of manifests start: conf.py's folder."""
        return self._folder.resolve()

    def path(self, name: str = "") -> str:
        """Give the absolute path of a manifest that a page names; empty means the project's.

        A manifest that is a link stays one: its files lie beside it, as for ``verify-zoo``.
        """
        chosen = name or self._manifest
        if chosen:
            path = self._folder / chosen
            return str(path.parent.resolve() / path.name)
        try:
            return str(nearest_manifest(self._folder))
        except ModelZooError:
            return str(self._folder.resolve() / FILE_NAME)

    def manifest(self, path: str) -> Manifest:
        """Give the manifest at an absolute path."""
        if path not in self._manifests:
            self._manifests[path] = self._read(path)
        return self._manifests[path]

    def _read(self, path: str) -> Manifest:
        try:
            zoo = read_zoo(Path(path))
        except ModelZooError as error:
            problems = error.problems if Path(path).is_file() else (self._missing(path),)
            version = _digest(str(problem) for problem in problems)
            return Manifest(path, version, problems=problems)
        # A zoo stays for the whole build; searching it for cycles again and again costs seconds.
        gc.freeze()
        inputs = self._inputs(zoo)
        return Manifest(path, files_digest(inputs.files), zoo, inputs)

    def _missing(self, path: str) -> Problem:
        searched = not self._manifest and path == self.path()
        above = f", nor a {FILE_NAME} in a folder above conf.py's" if searched else ""
        return Problem(
            f"there is no such manifest{above}",
            "write one, or name its path from conf.py's folder with zoo_manifest or :manifest:",
            path,
        )

    def version(self, path: str, inputs: Inputs | None) -> str:
        """Give a manifest's version, without parsing it where its one file tells enough."""
        if path not in self._versions:
            if inputs and len(inputs.files) == 1 and path not in self._manifests:
                self._versions[path] = files_digest(inputs.files)
            else:
                self._versions[path] = self.manifest(path).version
        return self._versions[path]

    def _inputs(self, zoo: Zoo) -> Inputs:
        named = [entry.weights for entry in zoo.entries]
        named += [dataset.list for dataset in zoo.datasets.values()]
        named += [result.evidence for _, result in zoo.rows()]
        observed = [zoo.root / name for name in named if name]
        return Inputs(
            files=tuple(str(file) for file in zoo.files),
            observed=tuple(dict.fromkeys(str(path) for path in (*observed, *self._keys))),
            folders=tuple(str(folder) for folder in self.receipt_folders(zoo)),
        )

    def stamp(self, inputs: Inputs) -> str:
        """Give a digest of what statuses are made from, as it was when this build first asked."""
        if inputs not in self._stamps:
            self._stamps[inputs] = _evidence_stamp(inputs)
        return self._stamps[inputs]

    def board(self, zoo: Zoo) -> Board:
        """Give the status of a zoo's numbers."""
        key = str(zoo.path)
        if key not in self._boards:
            problems: list[Problem] = []
            found = statuses(zoo, self.receipt_folders(zoo), problems.append)
            if self._keys:
                found, faults = trusted(zoo, found, [read_public_key(key) for key in self._keys])
                problems += faults
            stamp = "" if problems else self.stamp(self._inputs(zoo))
            self._boards[key] = Board(stamp, found, tuple(problems))
        return self._boards[key]

    def receipt_folders(self, zoo: Zoo) -> tuple[Path, ...]:
        """Give the folders with a zoo's receipts."""
        return tuple(dict.fromkeys((zoo.root / zoo.receipts, *self._receipts)))


def _evidence_stamp(inputs: Inputs) -> str:
    """Give a digest of what statuses are made from.

    Receipts and signatures count by their content; the other files, which may be large, by size
    and time.
    """
    parts = []
    for folder in inputs.folders:
        for file in receipt_files(Path(folder)):
            digests = [file_digest(str(path)) for path in (file, bundle_path(file))]
            parts.append(f"{file}\n{digests}")
    for name in inputs.observed:
        try:
            stat = Path(name).stat()
        except OSError:
            parts.append(name)
        else:
            parts.append(f"{name}\n{stat.st_size}\n{stat.st_mtime_ns}")
    return _digest(parts)


def files_digest(paths: Iterable[str]) -> str:
    """Give a digest of the names and contents of some files."""
    return _digest(f"{path}\n{file_digest(path)}" for path in paths)


def file_digest(path: str) -> str:
    """Give the SHA-256 of a file in hex, or nothing where it cannot be read."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode(errors="surrogateescape") + b"\0")
    return digest.hexdigest()
