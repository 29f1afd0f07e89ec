"""Looking at folders before work begins."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem


def check_writable(folder: Path, option: str) -> None:
    """See that files can be written in a folder, made or still to be made; nothing is left there.

    Raises:
        CallError: they cannot; ``option`` is what names another folder.
    """
    # Of one that is still to be made, the folder that it will be made in.
    there = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        what = f"the folder cannot be written: {reason}"
        raise CallError(Problem(what, f"name another with {option}", str(folder))) from error
