"""Looking at folders before work begins."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem


def check_writable(folder: Path, option: str) -> None:
    """See that files can be written in a folder, made or still to be made.

    Raises:
        CallError: they cannot; ``option`` is what names another folder.
    """
    missing = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        if missing:
            folder.rmdir()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        what = f"the folder cannot be written: {reason}"
        raise CallError(Problem(what, f"name another with {option}", str(folder))) from error
