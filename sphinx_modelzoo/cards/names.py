"""File names for models: safe on every system, and no two alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_LONGEST = 100


def file_names(models: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Give each model, a name with its manifest, a file's name without suffix.

    It is the model's name where that is safe. Where characters had to give way, or the file of
    another model differs at most in capitals, a digest of model and manifest follows.
    """
    names: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for pair in models:
        if pair in names:
            continue
        name = _safe(pair[0])
        if name != pair[0] or name.lower() in taken:
            digest = hashlib.sha256("\0".join(pair).encode(errors="replace")).hexdigest()
            name = f"{name}-{digest[:8]}"
        names[pair] = name
        taken.add(name.lower())
    return names


def _safe(model: str) -> str:
    plain = _UNSAFE.sub("_", model)[:_LONGEST].strip("._-")
    return f"model_{plain}" if not plain or _RESERVED.fullmatch(plain) else plain
