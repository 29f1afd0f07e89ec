"""Which manifest a command is about."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.locate import FILE_NAME, nearest_manifest


def add_manifest(parser: argparse.ArgumentParser) -> None:
    """Add the argument ``MANIFEST``, which may be left out."""
    parser.add_argument(
        "manifest",
        nargs="?",
        type=Path,
        metavar="MANIFEST",
        help="the manifest (default: the nearest zoo.yaml from here upwards)",
    )


def default_manifest(given: Path | None) -> Path:
    """Give the manifest that was named, or the nearest from the current directory upwards.

    A folder stands for the ``zoo.yaml`` in it. The nearest is given as seen from here.

    Raises:
        CallError: there is none, or it was to be read from standard input.
    """
    if given is None:
        return Path(os.path.relpath(nearest_manifest(Path.cwd())))
    if str(given) == "-":
        what = "a manifest cannot be read from standard input: its paths start from its folder"
        raise CallError(Problem(what, "save it as a file and name that"))
    path = given / FILE_NAME if given.is_dir() else given
    if not path.is_file():
        what = "there is no such manifest"
        raise CallError(Problem(what, f"name the path of a {FILE_NAME}", str(path)))
    return path
