"""Files of weights: where they are, and whether their hashes are as wanted.

GluonCV names a file by the first eight characters of its SHA-1 and checks only those; here the
whole digest is checked wherever it is known. Nothing here needs GluonCV.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError
from sphinx_modelzoo.pipe.digests import digests

_HASHTAG = re.compile(r"[0-9a-f]{6,40}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The weights that are asked for.

    ``name`` is the loader's name of the network. ``hashtag`` begins the file's SHA-1; empty means
    the loader's default. ``file`` is a path, or empty to ask GluonCV's store. ``sha1`` and
    ``sha256`` are full digests that the file must have, where given.
    """

    name: str
    hashtag: str = ""
    file: str = ""
    sha1: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A file whose hashes are as wanted: its path, its size in bytes, its digests in hex."""

    path: Path
    size: int
    sha1: str
    sha256: str


def local_weights(wanted: Wanted) -> Found | None:
    """Give the file of weights that is named, or the one with the hashtag in the local store.

    The local store is GluonCV's, where ``MXNET_HOME`` says. ``None`` where the file is to be
    fetched, or where only GluonCV knows which one is meant.

    Raises:
        CallError: when the hashtag is none.
        UndecidedError: when the named file does not exist, or a hash differs.
    """
    hashtag = read_hashtag(wanted)
    if wanted.file:
        return check_weights(named_file(wanted), wanted, hashtag)
    if not hashtag:
        return None
    path = stored_file(wanted.name, hashtag[:8])
    if not path.is_file() or not digests(path)[0].startswith(hashtag):
        return None
    return check_weights(path, wanted, hashtag)


def named_file(wanted: Wanted) -> Path:
    """Give the file that is named.

    Raises:
        UndecidedError: when it does not exist.
    """
    path = Path(os.path.expanduser(wanted.file))  # noqa: PTH111 - an unknown home stays as it is
    if not path.is_file():
        what = "there is no such file of weights"
        raise UndecidedError(Problem(what, "check the path, or build the weights", str(path)))
    return path


def read_hashtag(wanted: Wanted) -> str:
    """Give the hashtag in small letters; empty where there is none.

    Raises:
        CallError: when it is not the beginning of a SHA-1.
    """
    hashtag = wanted.hashtag.lower()
    if hashtag and not _HASHTAG.fullmatch(hashtag):
        what = f"{wanted.hashtag!r} is no hashtag"
        raise CallError(Problem(what, "write the first 8 characters of the file's SHA-1"))
    return hashtag


def check_weights(path: Path, wanted: Wanted, hashtag: str, known: str = "") -> Found:
    """Compare the file's digests with all that is known of them.

    Args:
        path: The file, which exists.
        wanted: What the manifest says.
        hashtag: What the file's SHA-1 begins with; may be empty.
        known: The SHA-1 in GluonCV's table, where that is known.

    Raises:
        UndecidedError: when a digest differs; with all that do.
    """
    sha1, sha256 = digests(path)
    problems = []
    for name, want, have in (
        ("the hashtag", hashtag, sha1),
        ("GluonCV's table", known if hashtag and known.startswith(hashtag) else "", sha1),
        ("the manifest's sha1", wanted.sha1.lower(), sha1),
        ("the manifest's sha256", wanted.sha256.lower(), sha256),
    ):
        if not have.startswith(want):
            kind = "SHA-1" if have == sha1 else "SHA-256"
            what = f"the weights have another hash: {name} is {want}, the file's {kind} is {have}"
            remedy = "fetch the file again, or correct the hash"
            problems.append(Problem(what, remedy, str(path)))
    if problems:
        raise UndecidedError(*problems)
    return Found(path, path.stat().st_size, sha1, sha256)


def stored_file(name: str, short: str) -> Path:
    """Give the place of ``NAME-XXXXXXXX.params`` in GluonCV's local store, as GluonCV finds it."""
    home = os.environ.get("MXNET_HOME")
    folder = Path(home).expanduser() / "models" if home else Path("~/.mxnet/models").expanduser()
    return folder / f"{name}-{short}.params"
