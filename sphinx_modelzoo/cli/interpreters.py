"""The interpreters that recognizers run in, which need not be the one that runs this."""

from __future__ import annotations

import os
import shutil
import subprocess

from sphinx_modelzoo.errors import CallError, Problem

_SECONDS = 60.0
# What lies in the present folder is not meant.
_LOOK = (
    "import importlib.util, sys; "
    "sys.path[:] = [entry for entry in sys.path if entry]; "
    "sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
)


def find_interpreter(option: str, named: str) -> str:
    """Give the absolute path of an interpreter that is named by its path or as a command.

    Args:
        option: The option that names it, for messages.
        named: Its path, where ``~`` is the home folder, or a name that is looked for in ``PATH``.

    Raises:
        CallError: there is none.
    """
    found = shutil.which(os.path.expanduser(named))  # noqa: PTH111 - a bare name stays bare
    if found is None:
        what = f"{option} {named}: there is no such interpreter"
        raise CallError(Problem(what, "give the path of an executable Python"))
    # Recognizers may run in another folder. A virtual environment's link must not be followed.
    return os.path.abspath(found)  # noqa: PTH100


def has_module(interpreter: str, module: str) -> bool:
    """Tell whether an interpreter finds a module, without importing it."""
    try:
        done = subprocess.run(  # noqa: S603 - an interpreter that the user named
            [interpreter, "-c", _LOOK, module],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
