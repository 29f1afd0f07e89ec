"""Looking at folders before work begins."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem

_ATTEMPTS = 100


def check_writable(folder: Path, option: str) -> None:
    """See that files can be written in a folder, made or still to be made.

    Raises:
        CallError: they cannot; ``option`` is what names another folder.
    """
    missing = not folder.exists()
    try:
        for attempt in range(_ATTEMPTS):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryFile(dir=folder):
                    break
            except (FileNotFoundError, FileExistsError):
                # Another process that looked at it just then removed it again.
                if attempt == _ATTEMPTS - 1:
                    raise
        if missing:
            with contextlib.suppress(OSError):  # others may be at work in it by now
                folder.rmdir()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        what = f"the folder cannot be written: {reason}"
        raise CallError(Problem(what, f"name another with {option}", str(folder))) from error
