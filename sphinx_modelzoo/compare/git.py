"""Manifests of a git revision, read by ``git`` without touching the working tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError

_TIMEOUT = 60
_MAX_LINKS = 8
_LINK = "120000"
# No prompt, no lock, no fetching of objects that a partial clone lacks, no translated messages.
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Revision:
    """The files of one revision. Paths of it are shown as git shows them: ``HEAD~1:zoo.yaml``.

    ``tree`` is each file's mode and object by its path from the top of the repository.
    """

    name: str
    folder: Path
    tree: dict[str, tuple[str, str]] = field(repr=False)

    def path(self, inside: str) -> Path:
        """Give the path that messages show for a path from the top of the repository."""
        return Path(f"{self.name}:{inside}")

    def has(self, inside: str) -> bool:
        """Tell whether a file is in the revision."""
        return inside in self.tree

    def read(self, path: Path) -> bytes:
        """Give the bytes of a file; raises OSError where the revision does not have it."""
        inside = self._inside(path)
        for _ in range(_MAX_LINKS):
            if inside not in self.tree:
                raise FileNotFoundError(2, "no such file in this revision", str(path))
            mode, name = self.tree[inside]
            data = _git(self.folder, "cat-file", "blob", name)
            if mode != _LINK:
                return data
            target = PurePosixPath(inside).parent / os.fsdecode(data)
            inside = os.path.normpath(target).replace(os.sep, "/")
        raise OSError(40, "too many symbolic links", str(path))

    def included(self, path: Path, pattern: str) -> list[Path]:
        """Give the files that an ``include`` pattern names in the file ``path``, sorted."""
        folder = PurePosixPath(self._inside(path)).parent
        wanted = (folder / pattern).parts
        return [self.path(inside) for inside in sorted(self.tree) if _fits(_parts(inside), wanted)]

    def _inside(self, path: Path) -> str:
        return path.as_posix().removeprefix(f"{self.name}:")


@dataclass(frozen=True, slots=True)
class Changed:
    """What differs from a revision: whole paths of files, and of all folders above them.

    ``top`` is the repository's folder.
    """

    top: Path
    paths: frozenset[Path] = field(repr=False)

    def touches(self, path: Path) -> bool:
        """Tell whether a file, or a file in a folder, differs; the path is a whole one."""
        return Path(os.path.normpath(path)) in self.paths


def open_revision(
    folder: Path, name: str, remedy: str = "name two files, or go to a repository"
) -> Revision | None:
    """Give a revision of the repository that a folder is in, or None where it has none so named.

    ``remedy`` is what to do where the folder is in no repository.

    Raises:
        CallError: the folder is in no git repository, or there is no git.
    """
    try:
        _git(folder, "rev-parse", "--git-dir")
    except UndecidedError as error:
        if "not a git repository" not in str(error):
            raise
        what = f"{name!r} is no revision, as this folder is in no git repository"
        raise CallError(Problem(what, remedy, str(folder))) from error
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}",
        check=False,
    ).decode().strip()  # fmt: skip
    if not commit:
        return None
    tree = {}
    for line in _git(folder, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        if line:
            head, _, path = line.partition(b"\t")
            mode, kind, blob = head.decode().split()
            if kind == "blob":
                tree[os.fsdecode(path)] = (mode, blob)
    return Revision(name, folder, tree)


def changed_files(folder: Path, name: str) -> Changed:
    """Give what differs between a revision and the files as they are now.

    New files count, unless git ignores them.

    Raises:
        UndecidedError: git failed.
    """
    commit = _git(folder, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
    top = Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel").removesuffix(b"\n")))
    options = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative")
    changed = _git(top, "diff", *options, commit.decode().strip())
    new = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    paths = [top / os.fsdecode(path) for path in (changed + new).split(b"\0") if path]
    return Changed(top, frozenset({*paths, *(above for path in paths for above in path.parents)}))


def top_path(path: Path) -> str:
    """Give a file's path from the top of its repository, whether it is there now or not.

    Raises:
        CallError: it is in no git repository.
    """
    folder = path.parent
    prefix = _git(folder, "rev-parse", "--show-prefix", check=False).decode().rstrip("\n")
    return f"{prefix}{path.name}"


def _git(folder: Path, *arguments: str, check: bool = True) -> bytes:
    """Run git in a folder and give what it printed; without ``check`` nothing where it failed."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; names stand behind --end-of-options
            command,
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError as error:
        what = "revisions are read by git, which is not installed"
        raise CallError(Problem(what, "install git, or name two files")) from error
    except subprocess.TimeoutExpired as error:
        what = f"git {arguments[0]} did not end within {_TIMEOUT} seconds"
        raise UndecidedError(
            Problem(what, "try git by hand in this folder", str(folder))
        ) from error
    if done.returncode == 0:
        return done.stdout
    if not check:
        return b""
    what = f"git {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()[:200]}"
    raise UndecidedError(Problem(what, "try git by hand in this folder", str(folder)))


def _parts(path: str) -> tuple[str, ...]:
    return PurePosixPath(path).parts


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether a path fits a pattern as ``Path.glob`` understands it, part by part."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return _fits(path, pattern[1:]) or (bool(path) and _fits(path[1:], pattern))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _fits(path[1:], pattern[1:])
