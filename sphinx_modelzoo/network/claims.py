"""What a manifest claims of a file of weights, against what the file is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from sphinx_modelzoo.manifest.model import Entry
from sphinx_modelzoo.network.model import Outcome, State

_IN_NAME = re.compile(r"[-_.]([0-9a-f]{8,64})(?=\.)")
_HASHTAG = re.compile(r"[0-9a-f]{6,64}")
# Eight digits that are a day are a version, not the start of a digest.
_DAY = re.compile(r"20[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])")


@dataclass(frozen=True, slots=True)
class Measured:
    """A file as it is: digests in hex, ``size`` in bytes, and the type that a server gave."""

    sha1: str
    sha256: str
    size: int
    type: str = ""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an entry says of its file. ``short`` are starts of digests: the hashtag, a file name's.

    ``archive`` says that the file is a zip, whose short digest may be that of the file inside.
    """

    size: int | None = None
    sha1: str = ""
    sha256: str = ""
    short: tuple[tuple[str, str], ...] = ()
    archive: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything is claimed."""
        return bool(self.size or self.sha1 or self.sha256 or self.short)


class Digester:
    """Digests of a stream, piece by piece."""

    def __init__(self) -> None:
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._sha256 = hashlib.sha256()
        self.size = 0

    def update(self, data: bytes) -> None:
        """Take the next piece."""
        self._sha1.update(data)
        self._sha256.update(data)
        self.size += len(data)

    def measured(self, kind: str = "") -> Measured:
        """Give what was seen so far."""
        return Measured(self._sha1.hexdigest(), self._sha256.hexdigest(), self.size, kind)


def claims_of(entry: Entry) -> Claims:
    """Give what an entry claims of its file of weights."""
    name = file_name(entry.weights)
    short = []
    if _HASHTAG.fullmatch(entry.hashtag) and not _DAY.fullmatch(entry.hashtag):
        short.append(("hashtag", entry.hashtag))
    in_name = [digits for digits in _IN_NAME.findall(name) if not _DAY.fullmatch(digits)]
    if in_name and in_name[-1] != entry.hashtag:
        short.append(("file name", in_name[-1]))
    archive = PurePosixPath(name).suffix.lower() == ".zip"
    return Claims(entry.size, entry.sha1, entry.sha256, tuple(short), archive)


def file_name(weights: str) -> str:
    """Give the name of the file that a path or an address leads to."""
    return PurePosixPath(unquote(urlsplit(weights).path)).name


def compare(claims: Claims, measured: Measured) -> Outcome:
    """Judge a file by what is claimed of it."""
    wrong = list(_contradictions(claims, measured))
    if wrong:
        page = " (the server sent a web page)" if _is_page(measured) else ""
        what = f"{'; '.join(wrong)}{page}"
        return Outcome(State.BROKEN, what, "correct the manifest, or publish the right file")
    if not claims and _is_page(measured):
        what = "the server sent a web page, not a file of weights"
        return Outcome(State.BROKEN, what, "give the address of the file itself")
    unfit = [(name, digits) for name, digits in claims.short if not _starts(digits, measured)]
    if unfit and not (claims.sha1 or claims.sha256):
        name, digits = unfit[0]
        what = f"the {name} {digits} may be of the file inside the zip, which was not opened"
        return Outcome(State.UNKNOWN, what, "give the archive's sha256")
    if not claims:
        return Outcome(State.OK, f"nothing to compare with; sha256 is {measured.sha256}")
    return Outcome(State.OK, f"{measured.size:,} bytes, as claimed")


def measure(path: Path) -> Measured:
    """Measure a file on disk; raises OSError where it cannot be read."""
    digester = Digester()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digester.update(piece)
    return digester.measured()


def _contradictions(claims: Claims, measured: Measured) -> Iterator[str]:
    if claims.size and claims.size != measured.size:
        yield f"it has {measured.size:,} bytes, not {claims.size:,}"
    if claims.sha256 and claims.sha256 != measured.sha256:
        yield f"its SHA-256 is {measured.sha256}, not {claims.sha256}"
    if claims.sha1 and claims.sha1 != measured.sha1:
        yield f"its SHA-1 is {measured.sha1}, not {claims.sha1}"
    if claims.archive or claims.sha1 or claims.sha256:
        return
    for name, digits in claims.short:
        if not _starts(digits, measured):
            yield (
                f"the {name} {digits} begins neither its SHA-1 {measured.sha1[:12]}… "
                f"nor its SHA-256 {measured.sha256[:12]}…"
            )


def _starts(digits: str, measured: Measured) -> bool:
    return measured.sha1.startswith(digits) or measured.sha256.startswith(digits)


def _is_page(measured: Measured) -> bool:
    return measured.type.lower().startswith("text/html")
