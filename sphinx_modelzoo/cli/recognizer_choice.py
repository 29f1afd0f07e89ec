"""Which recognizers there are, for ``verify-zoo`` and its commands."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.verify.recognizer.commands import built_in, configured, find_config
from sphinx_modelzoo.verify.recognizer.process import Command


def known_recognizers(
    python: str | None, config: Path | None
) -> tuple[dict[str, Command], Path | None]:
    """Give the recognizers by their names, built in or configured, and the configuration's path.

    Args:
        python: The interpreter for recognizers; the one that runs this where not given.
        config: The configuration; the nearest one where not given.

    Raises:
        CallError: there is no such interpreter, or the configuration is wrong.
    """
    named = python or sys.executable
    found = shutil.which(os.path.expanduser(named))  # noqa: PTH111 - a bare name stays bare
    if found is None:
        what = f"--python {named}: there is no such interpreter"
        raise CallError(Problem(what, "give the path of an executable Python"))
    # Recognizers may run in another folder. A virtual environment's link must not be followed.
    interpreter = os.path.abspath(found)  # noqa: PTH100
    path = config or find_config(Path.cwd())
    known = built_in(interpreter)
    if path is not None:
        known |= configured(path, interpreter)
    return known, path
