"""Importing the libraries that recognizers work with, with a telling error where that fails."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, MutableMapping, Sequence

from sphinx_modelzoo.errors import Problem, UndecidedError

# What reads clips, and what each engine needs besides, in the order in which a missing one is best
# told. The names of the engines are those of the extras, too.
_READING = ("numpy", "cv2", "av")
LIBRARIES: Mapping[str, Sequence[str]] = {
    "mxnet": (*_READING, "mxnet", "gluoncv"),
    "onnxruntime": (*_READING, "onnxruntime"),
    "mnn": (*_READING, "MNN"),
}

_NUMPY = (1, 24)
_TOO_NEW = (3, 12)  # Python, for MXNet


class LibraryError(UndecidedError):
    """An interpreter does not start, or lacks a library that imports."""


def cores() -> int:
    """Give how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def set_threads(environment: MutableMapping[str, str] = os.environ) -> None:
    """Let engines use every core, and sleep while they wait; what is set already stays.

    MXNet reads this when it is imported. By itself it starts with one thread for two cores, and its
    threads wait by spinning: with another busy process beside it, that makes it many times slower.
    """
    environment.setdefault("OMP_NUM_THREADS", str(cores()))
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def threads(environment: Mapping[str, str] = os.environ) -> int:
    """Give how many threads an engine computes with: as many as :func:`set_threads` has set."""
    number = environment.get("OMP_NUM_THREADS", "")
    return int(number) if number.isdecimal() and int(number) else cores()


def import_libraries(engine: str = "mxnet", names: Sequence[str] = ()) -> None:
    """Import an engine's libraries once, so that later imports of them cannot fail.

    Args:
        engine: One of ``LIBRARIES``.
        names: The libraries, where they are others than those the engine predicts with.

    Raises:
        LibraryError: naming the library that is missing or broken, and the interpreter.
    """
    # ONNX Runtime reports to its maker, and writes an id of the machine into the home folder.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    for library in names or LIBRARIES[engine]:
        try:
            importlib.import_module(library)
        except ModuleNotFoundError as error:
            what = f"{sys.executable} has no module {error.name}"
            if error.name != library:
                what = f"{what} (needed by {library})"
            raise LibraryError(Problem(what, _install(engine))) from error
        except Exception as error:
            raise LibraryError(_broken(library, engine, error)) from error


def _install(engine: str, extra: str = "") -> str:
    """Say what to install, ``extra`` where that is known, or which option names an interpreter."""
    extra = extra or f"'sphinx-modelzoo[{engine}]'"
    option = "--python PATH, or --reference-python PATH" if engine == "mxnet" else "--python PATH"
    if engine == "mxnet" and sys.version_info >= _TOO_NEW:
        have = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return (
            f"MXNet runs on Python up to 3.11, and this is {have}: name one that has it: {option}"
        )
    return f"run pip install {extra} there, or name another interpreter: {option}"


def _broken(library: str, engine: str, error: Exception) -> Problem:
    what = f"{library} does not import in {sys.executable} ({type(error).__name__}: {error})"
    numpy = str(getattr(sys.modules.get("numpy"), "__version__", ""))
    release = tuple(int(part) for part in numpy.split(".")[:2] if part.isdecimal())
    if library in {"mxnet", "gluoncv"} and release >= _NUMPY:
        what = f"{what}: MXNet needs numpy below 1.24, there is {numpy}"
        return Problem(what, _install(engine, "'numpy==1.23.5'"))
    if isinstance(error, ImportError) and ".so" in str(error):
        remedy = "install the system's package that has this library"
        if library == "cv2":
            remedy += ", or run pip install --force-reinstall opencv-python-headless there"
        return Problem(what, remedy)
    return Problem(what, _install(engine))


def versions(names: Mapping[str, str]) -> dict[str, str]:
    """Give the versions of libraries that are imported, by the names that users know them by.

    Args:
        names: The names to give, and those of the modules.
    """
    return {
        name: str(getattr(sys.modules[module], "__version__", ""))
        for name, module in names.items()
        if module in sys.modules
    }
