"""Finding the manifest."""

from __future__ import annotations

from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem

FILE_NAME = "zoo.yaml"


def nearest_manifest(folder: Path) -> Path:
    """Give the nearest ``zoo.yaml`` in a folder or one of those above it.

    Raises:
        CallError: there is none.
    """
    start = folder.resolve()
    for candidate in (start, *start.parents):
        if (candidate / FILE_NAME).is_file():
            return candidate / FILE_NAME
    problem = Problem(
        f"there is no {FILE_NAME} here or in a folder above",
        "name the manifest's path, or create one",
        str(folder),
    )
    raise CallError(problem)
