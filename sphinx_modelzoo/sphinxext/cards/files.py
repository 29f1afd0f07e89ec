"""The generated pages as files: which are ours, writing them when they change, removing them."""

from __future__ import annotations

import hashlib
import os
import re
from enum import Enum
from pathlib import Path

_MARKER = re.compile(
    r"\.\. This page is made by sphinx-modelzoo[^\n]*\n"
    r"   zoo-card: (?P<docname>[^\n]+) (?P<digest>[0-9a-f]{16})\n\n"
)


class Owner(Enum):
    """Whose a file is."""

    NOBODY = "nobody"
    OURS = "ours"
    EDITED = "edited"
    ANOTHER = "another"


def is_marked(text: str) -> bool:
    """Tell whether a source begins as generated pages do."""
    return _MARKER.match(text) is not None


def marked(docname: str, manifest: str, body: str) -> str:
    """Give a page with the comment before it by which it is known as generated."""
    head = (
        f".. This page is made by sphinx-modelzoo from {manifest}: change that, or a template.\n"
        f"   zoo-card: {docname} {_digest(body)}\n\n"
    )
    return head + body


def owner(docname: str, text: str) -> Owner:
    """Give whose a page is by its text: ours only as long as nobody has changed or moved it."""
    match = _MARKER.match(text)
    if match is None or match["docname"] != docname:
        return Owner.ANOTHER
    return Owner.OURS if match["digest"] == _digest(text[match.end() :]) else Owner.EDITED


def read_source(path: Path) -> str:
    """Give a source's text with plain line ends; what is not UTF-8 gives way.

    Raises:
        OSError: it cannot be read.
    """
    return path.read_text(encoding="utf-8", errors="replace")


def write_page(path: Path, docname: str, text: str) -> Owner:
    """Write a page where its bytes change; give whose the file was, and leave it if not ours.

    Raises:
        OSError: it cannot be written.
    """
    if path.exists():
        current = read_source(path)
        whose = owner(docname, current)
        if whose is not Owner.OURS or current == text:
            return whose
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
    return Owner.OURS


def remove_page(path: Path, docname: str) -> Owner:
    """Remove a page, and its folder with the last; give whose it was, and leave it if not ours.

    Raises:
        OSError: it cannot be removed.
    """
    whose = owner(docname, read_source(path)) if path.exists() else Owner.NOBODY
    if whose is Owner.OURS:
        path.unlink()
        if not os.listdir(path.parent):  # noqa: PTH208 - one look
            path.parent.rmdir()
    return whose


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
