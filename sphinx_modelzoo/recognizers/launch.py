"""Start a recognizer by this file's path, with any interpreter: ``python launch.py NAME``.

The interpreter need not have sphinx-modelzoo installed, and must not see the libraries beside it
(another numpy would break MXNet): the package is registered from this file's place, and nothing is
added to ``sys.path``.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from sphinx_modelzoo.recognizers.serve import Recognizer

PACKAGE = "sphinx_modelzoo"

# The recognizers by name, and their modules beside this file.
RECOGNIZERS = {"gluoncv-action": "gluoncv_action"}


def register_package() -> None:
    """Make ``sphinx_modelzoo`` importable from the folder that this file is in."""
    if PACKAGE in sys.modules:
        return
    folder = Path(__file__).resolve().parent.parent
    spec = importlib.util.spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        sys.exit(f"{folder} is not the package {PACKAGE}")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)


def take_stdout() -> TextIO:
    """Give standard output for the protocol alone; whatever else is printed goes to stderr.

    The descriptor itself is diverted, because libraries in C print past Python.
    """
    sys.stdout.flush()
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    return protocol


def make(name: str) -> Recognizer:
    """Import and make a recognizer; a missing library is an ``UndecidedError``."""
    importlib.import_module(f"{PACKAGE}.recognizers.libraries").import_libraries()
    module = importlib.import_module(f"{PACKAGE}.recognizers.{RECOGNIZERS[name]}")
    recognizer: Recognizer = module.make_recognizer()
    return recognizer


def main() -> int:
    """Serve the recognizer that the command line names on standard input and output."""
    if len(sys.argv) != 2 or sys.argv[1] not in RECOGNIZERS:  # noqa: PLR2004
        print(f"usage: launch.py {'|'.join(RECOGNIZERS)}", file=sys.stderr)
        return 2
    if sys.version_info < (3, 10):  # noqa: UP036 - any interpreter may run this file
        what = f"{sys.executable} is Python {sys.version.split()[0]}, which is too old"
        failure = {"type": "error", "message": what, "remedy": "use Python 3.10 or 3.11"}
        print(json.dumps(failure), flush=True)
        return 1
    # Run by its path, Python would look for every module in this folder first.
    here = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != here]
    answers = take_stdout()
    requests = os.fdopen(os.dup(0), encoding="utf-8", newline="\n")
    register_package()
    importlib.import_module(f"{PACKAGE}.recognizers.libraries").set_threads()
    serve = importlib.import_module(f"{PACKAGE}.recognizers.serve")
    try:
        status: int = serve.serve(lambda: make(sys.argv[1]), requests, answers)
    except KeyboardInterrupt:
        # The terminal interrupts both ends of the pipe; the other one tells it.
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
