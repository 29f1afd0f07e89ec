"""The two sides of a comparison: each a file, or a manifest in a git revision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sphinx_modelzoo.compare.git import Revision, open_revision, top_path
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo


@dataclass(frozen=True, slots=True)
class Side:
    """One side: how it is called, and its zoo; ``missing`` where there was no manifest yet."""

    name: str
    zoo: Zoo
    missing: bool = False


def open_old(text: str, manifest: Callable[[], Path]) -> Side:
    """Open the older side. A revision without the manifest is a zoo without entries.

    ``manifest`` gives the manifest that revisions are about; it is asked only for those.

    Raises:
        CallError: the text is neither a file nor a revision.
        ManifestError: the manifest is wrong.
    """
    return _open(text, manifest, missing=True)


def open_new(text: str | None, manifest: Callable[[], Path]) -> Side:
    """Open the newer side; without a text the manifest as it is now.

    Raises:
        CallError: the text is neither a file nor a revision, or the revision has no manifest.
        ManifestError: the manifest is wrong.
    """
    if text is None:
        path = manifest()
        return Side(str(path), read_zoo(path))
    return _open(text, manifest, missing=False)


def _open(text: str, manifest: Callable[[], Path], *, missing: bool) -> Side:
    file = Path(text)
    if file.is_file():
        return Side(text, read_zoo(file))
    if (file / "zoo.yaml").is_file():
        return Side(text, read_zoo(file / "zoo.yaml"))
    name, sign, inside = text.partition(":")
    revision = open_revision(Path.cwd(), name) if sign and name else None
    if revision is not None:
        inside = top_path(Path(inside)) if inside.startswith("./") else inside
        return _in_revision(revision, text, inside, missing=False)
    path = manifest()
    revision = open_revision(path.parent, text)
    if revision is None:
        what = f"{text!r} is neither a file nor a revision of this repository"
        raise CallError(Problem(what, "name a manifest, or a revision such as HEAD~1"))
    return _in_revision(revision, text, top_path(path), missing=missing)


def _in_revision(revision: Revision, text: str, inside: str, *, missing: bool) -> Side:
    path = revision.path(inside)
    if revision.has(inside):
        return Side(text, read_zoo(path, revision))
    if missing:
        return Side(text, Zoo(path), missing=True)
    what = "this revision has no such file"
    raise CallError(Problem(what, "name the manifest's path with --path", str(path)))
