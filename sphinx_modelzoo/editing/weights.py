"""What can be told of a file of weights by reading it: digests, size, number of parameters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sphinx_modelzoo.editing.parameters import UncountedError, count_parameters
from sphinx_modelzoo.errors import CallError, Problem

HASHTAG_LENGTH = 8
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class WeightsFacts:
    """A file of weights: digests in hex, ``size`` in bytes.

    ``parameters`` is the number of values, None where they were not counted; ``uncounted`` then
    says why.
    """

    sha1: str
    sha256: str
    size: int
    parameters: int | None
    uncounted: str = ""

    @property
    def hashtag(self) -> str:
        """The hashtag as GluonCV makes it: the first eight digits of the SHA-1."""
        return self.sha1[:HASHTAG_LENGTH]


def inspect_weights(path: Path) -> WeightsFacts:
    """Read a file of weights; nothing in it is run.

    Raises:
        CallError: the file cannot be read, or is empty.
    """
    sha1, sha256 = hashlib.sha1(usedforsecurity=False), hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                sha1.update(chunk)
                sha256.update(chunk)
                size += len(chunk)
    except OSError as error:
        what = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise CallError(Problem(what, "name a file of weights", str(path))) from error
    if not size:
        raise CallError(Problem("the file is empty", "name a file of weights", str(path)))
    try:
        parameters, reason = count_parameters(path), ""
    except UncountedError as error:
        parameters, reason = None, str(error)
    return WeightsFacts(sha1.hexdigest(), sha256.hexdigest(), size, parameters, reason)
