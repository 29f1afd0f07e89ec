"""GluonCV's store of weights: its table of hashes, and fetching files from it."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import requests
from gluoncv.model_zoo import model_store

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.digests import digests
from sphinx_modelzoo.recognizers.weights import (
    Found,
    Wanted,
    check_weights,
    named_file,
    read_hashtag,
    stored_file,
)

_ATTEMPTS = 3


def find_weights(wanted: Wanted, *, offline: bool = False) -> Found:
    """Give the file of weights: the one that is named, or the one of GluonCV's store.

    The store is where ``MXNET_GLUON_REPO`` says, its local copy where ``MXNET_HOME`` says.

    Raises:
        CallError: when the hashtag is none.
        UndecidedError: when there is no such file, it cannot be fetched, or a hash differs.
    """
    hashtag = read_hashtag(wanted)
    if wanted.file:
        return _check(named_file(wanted), wanted, hashtag)
    short = hashtag[:8] or _default_hashtag(wanted.name)
    path = stored_file(wanted.name, short)
    there = path.is_file()
    if not there or not digests(path)[0].startswith(hashtag or short):
        _fetch(wanted.name, short, path, offline=offline)
    try:
        return _check(path, wanted, hashtag or short)
    except UndecidedError:
        if not there:
            path.unlink(missing_ok=True)
        raise


def _check(path: Path, wanted: Wanted, hashtag: str) -> Found:
    known = model_store._model_sha1.get(wanted.name, "")  # noqa: SLF001 - GluonCV's table
    return check_weights(path, wanted, hashtag, known)


def _default_hashtag(name: str) -> str:
    try:
        return str(model_store.short_hash(name))
    except ValueError:
        what = f"GluonCV has no default weights for {name}"
        remedy = "give a hashtag (--hashtag), or a file of weights"
        raise UndecidedError(Problem(what, remedy)) from None


def _fetch(name: str, short: str, path: Path, *, offline: bool) -> None:
    """Let GluonCV fetch ``NAME-XXXXXXXX.zip`` from its store and unpack it to ``path``."""
    what = f"{name}-{short}.params is not in the local store"
    if path.is_file():
        what = f"the local store's file has another hash, {digests(path)[0]}"
    if offline:
        raise UndecidedError(Problem(what, "put it there, or allow the network", str(path)))
    problem = Problem("not fetched", "")
    for attempt in range(_ATTEMPTS):
        try:
            model_store.get_model_file(name, tag=short, root=str(path.parent))
        except requests.RequestException as error:
            problem = Problem(
                f"{name}-{short} could not be fetched ({_reason(error)})",
                "check the network and MXNET_GLUON_REPO, or use --offline with a local file",
                str(path),
            )
            time.sleep(2**attempt * 0.5)
            continue
        except (RuntimeError, ValueError, OSError, zipfile.BadZipFile) as error:
            problem = _failed(error, name, short, path)
        else:
            return
        finally:
            path.with_suffix(".zip").unlink(missing_ok=True)
        break
    raise UndecidedError(problem)


def _reason(error: BaseException) -> str:
    """Give the innermost reason of a network error, which has many layers."""
    while isinstance(error.args[0] if error.args else None, BaseException):
        error = error.args[0]
    reason = getattr(error, "reason", None)
    return str(reason or error or type(error).__name__)[:200]


def _failed(error: BaseException, name: str, short: str, path: Path) -> Problem:
    """Say what went wrong while fetching, and remove a file with another hash."""
    if isinstance(error, zipfile.BadZipFile):
        what = f"what the store gives for {name}-{short} is not a zip file ({error})"
        return Problem(what, "check MXNET_GLUON_REPO, or try again", str(path))
    if isinstance(error, ValueError) and path.is_file():
        sha1, _ = digests(path)
        path.unlink()
        what = (
            f"the fetched weights have another hash: {short} was asked for, "
            f"the file's SHA-1 is {sha1}"
        )
        return Problem(what, "check the hashtag; the file was not kept", str(path))
    if isinstance(error, FileNotFoundError):
        what = f"the store's {name}-{short}.zip does not hold {path.name}"
        return Problem(what, "check MXNET_GLUON_REPO", str(path))
    if isinstance(error, RuntimeError):
        what = f"the store has no {name}-{short}.zip ({error})"
        return Problem(what, "check the name, the hashtag and MXNET_GLUON_REPO", str(path))
    return Problem(f"{name}-{short} could not be stored ({error})", "check the folder", str(path))
