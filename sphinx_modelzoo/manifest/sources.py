"""Where the files of a manifest come from: the disk, or the disk with some files' text replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class Source(Protocol):
    """Gives the files of a manifest; paths are those that messages show."""

    def read(self, path: Path) -> bytes:
        """Give the bytes of a file; raises OSError where it cannot be read."""

    def included(self, path: Path, pattern: str) -> list[Path]:
        """Give the files that an ``include`` pattern names in the file ``path``, sorted."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The files as they are on disk, but for those in ``texts``, which have these bytes instead."""

    texts: Mapping[Path, bytes] = field(default_factory=dict)

    def read(self, path: Path) -> bytes:
        """Give the bytes of a file; raises OSError where it cannot be read."""
        return self.texts[path] if path in self.texts else path.read_bytes()

    def included(self, path: Path, pattern: str) -> list[Path]:
        """Give the files that an ``include`` pattern names in the file ``path``, sorted."""
        if not Path(pattern).parts:  # such as "."
            return []
        try:
            return sorted(match for match in path.parent.glob(pattern) if match.is_file())
        except (OSError, ValueError):  # a name or pattern that no file can have, such as "a**"
            return []
