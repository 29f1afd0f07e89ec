"""The digests of a file, as recognizers report them and manifests claim them; standard library."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digests(path: Path) -> tuple[str, str]:
    """Give a file's SHA-1 and SHA-256 in hex."""
    sha1 = hashlib.sha1(usedforsecurity=False)
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            sha1.update(block)
            sha256.update(block)
    return sha1.hexdigest(), sha256.hexdigest()
