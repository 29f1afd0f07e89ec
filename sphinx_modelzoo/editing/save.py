"""Writing an edited manifest: read again first, then each file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sphinx_modelzoo.errors import CallError, ManifestError, Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.manifest.sources import Disk


@dataclass(frozen=True, slots=True)
class Change:
    """The new bytes of one file of a manifest, and the bytes that they replace."""

    path: Path
    before: bytes
    after: bytes

    def write(self) -> None:
        """Write the new bytes in place of the old.

        Raises:
            CallError: the file is no longer as it was read.
            UndecidedError: it cannot be written.
        """
        if self.after != self.before:
            replace_file(self.path, self.after, expected=self.before)


def reread(path: Path, texts: Mapping[Path, bytes]) -> Zoo:
    """Read a manifest as it would be with other bytes in some of its files.

    Raises:
        ManifestError: it would be wrong; each problem's place is that in the edited text.
    """
    try:
        return read_zoo(path, Disk(texts))
    except ManifestError as error:
        first = Problem("nothing was written, because the manifest would be wrong", "", str(path))
        raise ManifestError(first, *error.problems) from error


def replace_file(path: Path, data: bytes, *, expected: bytes) -> None:
    """Put new bytes in a file's place at once; its mode stays, and a symbolic link stays a link.

    Raises:
        CallError: the file is no longer as ``expected``.
        UndecidedError: it cannot be written.
    """
    target = path.resolve()
    try:
        if target.read_bytes() != expected:
            what = "the file was changed by another program; nothing was written"
            raise CallError(Problem(what, "run the command again", str(path)))
        _replace(target, data)
    except OSError as error:
        what = f"cannot be written: {(error.strerror or str(error)).lower()}"
        remedy = "check the permissions of the file and its folder"
        raise UndecidedError(Problem(what, remedy, str(path))) from error


def _replace(target: Path, data: bytes) -> None:
    mode = target.stat().st_mode & 0o7777
    handle, name = tempfile.mkstemp(
        dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part"
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
