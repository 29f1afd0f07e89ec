"""Writing what a command made: whole or not at all, and over nothing that is there."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from sphinx_modelzoo.errors import CallError, Problem

STANDARD_OUTPUT = "-"


def write_one(output: str, text: str, *, force: bool) -> None:
    """Write a file, or to standard output where ``output`` is ``-``.

    Raises:
        CallError: the file is there and ``force`` is not, or it cannot be written.
    """
    if output == STANDARD_OUTPUT:
        sys.stdout.write(text)
        return
    path = _expanded(output)
    _check([path], force=force)
    _write(path, text)


def write_folder(output: str, files: Mapping[PurePosixPath, str], *, force: bool) -> None:
    """Write files below a folder.

    Raises:
        CallError: the folder is a file or ``-``, a file is there and ``force`` is not, or one
            cannot be written.
    """
    folder = _expanded(output)
    if output == STANDARD_OUTPUT or folder.is_file():
        what = "this format is a folder of files"
        raise CallError(Problem(what, "name a folder with -o", output))
    paths = {folder / name: text for name, text in files.items()}
    _check(list(paths), force=force)
    for path, text in paths.items():
        _write(path, text)


def _expanded(output: str) -> Path:
    try:
        return Path(output).expanduser()
    except RuntimeError as error:
        what = "names a home folder that is not known"
        raise CallError(Problem(what, "write the whole path", output)) from error


def _check(paths: list[Path], *, force: bool) -> None:
    there = [path for path in paths if path.exists()]
    if there and not force:
        behind = f" and {len(there) - 1} more" if len(there) > 1 else ""
        what = f"is there already{behind}"
        raise CallError(Problem(what, "name another place, or add --force", str(there[0])))


def _write(path: Path, text: str) -> None:
    # Other commands of modelzoo start without it.
    from sphinx_modelzoo.receipts.atomic import write_atomically  # noqa: PLC0415

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        what = f"cannot be written: {reason}"
        raise CallError(Problem(what, "name a writable place", str(path))) from error
