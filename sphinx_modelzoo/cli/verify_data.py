"""The folders of data sets that the user names with ``--data``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.verify.plan import check_datasets


def data_folders(zoo: Zoo, pairs: Sequence[tuple[str, Path]]) -> dict[str, Path]:
    """Give the folder of each data set that one was named for.

    Raises:
        CallError: a name is no data set's or stands twice, or a folder is not there.
    """
    problems = check_datasets(zoo, [name for name, _ in pairs], "--data")
    folders: dict[str, Path] = {}
    for name, path in pairs:
        if name in folders:
            what = f"--data {name} was given twice"
            problems.append(Problem(what, "give one folder for each data set"))
        elif not path.is_dir():
            what = f"--data {name}={path}: there is no such folder"
            problems.append(Problem(what, "give the folder that holds its list and its media"))
        folders[name] = path
    if problems:
        raise CallError(*problems)
    return folders
