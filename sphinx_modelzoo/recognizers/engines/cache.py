"""Converted networks on disk: written whole or not at all, and never trusted unseen.

A network's folder is named by what it depends on: architecture, classes, shape of a view, and the
SHA-256 of the weights. It appears by renaming, so that no reader meets half of one. Each file in
it stands in a record with its SHA-256, which is compared before the file is used.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import math
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.digests import digests
from sphinx_modelzoo.recognizers.engines.engine import Network

FOLDER_VARIABLE = "MODELZOO_ENGINES"

# Raised when the form of the records changes.
_FORM = 1
_ATTEMPTS = 5
_LONGEST = 100  # characters of a network's name

# Seconds between two looks at a lock that another process has, and between two notes of that.
_PAUSE = 0.2
_TOLD_SECONDS = 10.0


class DamagedError(Exception):
    """A file of the cache is not what was recorded; the text names it."""


def _nothing(_: str) -> None:
    """Take no notice."""


@dataclass(frozen=True, slots=True)
class Cache:
    """The folder that holds the converted networks."""

    root: Path

    def folder(self, network: Network, sha256: str) -> Path:
        """Give the folder of a network with the weights that have this SHA-256."""
        identity = [_FORM, network.architecture, network.classes, list(network.view), sha256]
        key = hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:8]
        # The name comes from a manifest, and may hold what leads out of the root.
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", network.architecture)[:_LONGEST]
        return self.root / f"{name}-{sha256[:16]}-{key}"

    @contextmanager
    def lock(self, folder: Path, note: Callable[[str], None] = _nothing) -> Iterator[None]:
        """Keep other processes from making the same folder meanwhile; ``note`` is told of a wait.

        This spares them the work: where a file system cannot lock, renaming keeps them apart.
        """
        with writing(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            file = (self.root / f".{folder.name}.lock").open("a")
        with file:
            if _locked(file, folder, note):
                # What others were making is left by those that were killed.
                for left in self.root.glob(f"{_prefix(folder)}*"):
                    shutil.rmtree(left, ignore_errors=True)
            yield

    @contextmanager
    def workshop(self, folder: Path) -> Iterator[Path]:
        """Give an empty folder beside ``folder``, for what is made for it; it is gone afterwards.

        Made while :meth:`lock` is held, it is gone at the latest when the lock is next taken.
        """
        with writing(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=self.root))
        try:
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    @contextmanager
    def new_folder(self, folder: Path) -> Iterator[Path]:
        """Give an empty folder, which takes the place of ``folder`` when all went well."""
        with self.workshop(folder) as temporary:
            new = temporary / "new"
            with writing(new):
                new.mkdir()
            yield new
            with writing(folder):
                _replace(new, folder, temporary)


def cache_folder(given: str = "", environment: Mapping[str, str] = os.environ) -> Path:
    """Give the cache's folder: the one that is given, that of the environment, or the usual one.

    ``MODELZOO_ENGINES`` names it; without it, it is ``sphinx-modelzoo/engines`` in
    ``XDG_CACHE_HOME``, which is ``~/.cache`` by default.
    """
    named = given or environment.get(FOLDER_VARIABLE, "")
    home = environment.get("XDG_CACHE_HOME", "") or "~/.cache"
    path = Path(named) if named else Path(home) / "sphinx-modelzoo" / "engines"
    return Path(os.path.expanduser(path)).absolute()  # noqa: PTH111 - an unknown home stays as it is


def write_record(folder: Path, name: str, data: Mapping[str, Any], *files: str) -> None:
    """Write what is known, and the digests of files beside it, in one rename.

    Args:
        folder: Where the files are.
        name: The record's file name.
        data: What is known, as JSON can hold it.
        files: The files that the record vouches for.

    Raises:
        UndecidedError: when it cannot be written.
    """
    content: dict[str, Any] = {"data": data}
    content["files"] = {file: digests(folder / file)[1] for file in files}
    content["digest"] = _digest(content)
    with writing(folder):
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
        # Others may share the folder; a temporary file is its maker's alone.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(folder / name)


def read_record(folder: Path, name: str) -> dict[str, Any] | None:
    """Give what :func:`write_record` wrote, or ``None`` where there is no such record.

    Raises:
        DamagedError: when the record or a file that it vouches for is not as it was written.
    """
    path = folder / name
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        whole = content.pop("digest") == _digest(content)
        data, files = dict(content["data"]), dict(content["files"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        msg = f"{path} cannot be read"
        raise DamagedError(msg) from error
    if not whole:
        msg = f"{path} is not as it was written"
        raise DamagedError(msg)
    for file, digest in files.items():
        try:
            found = digests(folder / file)[1]
        except OSError as error:
            msg = f"{folder / file} cannot be read ({error.strerror})"
            raise DamagedError(msg) from error
        if found != digest:
            msg = f"{folder / file} is not as it was written: its SHA-256 is another"
            raise DamagedError(msg)
    return data


def _locked(file: TextIO, folder: Path, note: Callable[[str], None]) -> bool:
    """Take a lock, after those who have it; say whether this file system has locks.

    Who waits takes no processor time, and is told from one that hangs by its notes alone.
    """
    told = -math.inf
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() - told >= _TOLD_SECONDS:
                note(f"waiting for another process that converts {folder.name}")
                told = time.monotonic()
            time.sleep(_PAUSE)
        except OSError:
            return False
        else:
            return True


def _prefix(folder: Path) -> str:
    """Give how the names of temporary folders begin, made on this machine: it alone clears up."""
    return f".{folder.name}.{platform.node()}."


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _replace(new: Path, folder: Path, aside: Path) -> None:
    """Put a new folder in the place of another one, which goes ``aside``."""
    for attempt in range(_ATTEMPTS):
        try:
            new.replace(folder)
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST} or attempt == _ATTEMPTS - 1:
                raise
            # Another process may be doing the same.
            with suppress(FileNotFoundError):
                folder.replace(aside / f"old-{attempt}")
        else:
            return


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell errors of writing with the place and what to do."""
    try:
        yield
    except OSError as error:
        # NumPy's own errors have no number: less was written than was asked for.
        full = error.errno in {None, errno.ENOSPC, errno.EDQUOT}
        what = f"the converted network cannot be written ({error.strerror or error})"
        remedy = f"name another folder: {FOLDER_VARIABLE}=FOLDER"
        remedy = f"make room, or {remedy}" if full else remedy
        raise UndecidedError(Problem(what, remedy, str(path))) from error
