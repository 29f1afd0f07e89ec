"""Importing MXNet and what it works with, with a telling error where that fails."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import MutableMapping

from sphinx_modelzoo.errors import Problem, UndecidedError

# In the order in which a missing one is best told.
LIBRARIES = ("numpy", "cv2", "av", "mxnet", "gluoncv")

_INSTALL = "pip install 'sphinx-modelzoo[mxnet]' there, or name another interpreter: --python PATH"
_NUMPY = (1, 24)


def set_threads(environment: MutableMapping[str, str] = os.environ) -> None:
    """Let MXNet use every core, and sleep while it waits; what is set already stays.

    MXNet reads this when it is imported. By itself it starts with one thread for two cores, and its
    threads wait by spinning: with another busy process beside it, that makes it many times slower.
    """
    environment.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def import_libraries() -> None:
    """Import all libraries once, so that later imports of them cannot fail.

    Raises:
        UndecidedError: naming the library that is missing or broken, and the interpreter.
    """
    for library in LIBRARIES:
        try:
            importlib.import_module(library)
        except ModuleNotFoundError as error:
            what = f"{sys.executable} has no module {error.name}"
            if error.name != library:
                what = f"{what} (needed by {library})"
            raise UndecidedError(Problem(what, f"run {_INSTALL}")) from error
        except Exception as error:
            raise UndecidedError(_broken(library, error)) from error


def _broken(library: str, error: Exception) -> Problem:
    what = f"{library} does not import in {sys.executable} ({type(error).__name__}: {error})"
    numpy = str(getattr(sys.modules.get("numpy"), "__version__", ""))
    release = tuple(int(part) for part in numpy.split(".")[:2] if part.isdecimal())
    if library in {"mxnet", "gluoncv"} and release >= _NUMPY:
        what = f"{what}: MXNet needs numpy below 1.24, there is {numpy}"
        return Problem(what, f"run pip install 'numpy==1.23.5' there, or {_INSTALL}")
    return Problem(what, f"run {_INSTALL}")
