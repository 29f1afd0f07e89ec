"""Start a recognizer by this file's path, with any interpreter: ``python launch.py NAME``.

The interpreter need not have sphinx-modelzoo installed, and must not see the libraries beside it
(another numpy would break MXNet): the package is registered from this file's place, and nothing is
added to ``sys.path``.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_modelzoo.recognizers.engines.task import Answer
    from sphinx_modelzoo.recognizers.serve import Recognizer

PACKAGE = "sphinx_modelzoo"

# The recognizers by name, and their modules beside this file.
RECOGNIZERS = {"gluoncv-action": "gluoncv_action"}

# What they start in processes of its own: the module, the engine whose interpreter it is for, and
# the libraries it needs, where they are others than those that the engine predicts with.
TASKS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "find-weights": ("engines.find_weights", "mxnet", ()),
    "export": ("engines.export", "mxnet", ()),
    "give-scores": ("engines.give_scores", "mxnet", ()),
    "to-onnx": ("engines.to_onnx", "onnxruntime", ("numpy", "onnx")),
    "to-mnn": ("engines.to_mnn", "mnn", ("numpy", "MNN")),
    "check": ("engines.check", "onnxruntime", ("numpy", "cv2")),
}


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


def make(options: argparse.Namespace) -> Recognizer:
    """Import and make a recognizer; a missing library is an ``UndecidedError``."""
    _module("libraries").import_libraries(options.engine)
    engine = _module("engines.choice").EngineChoice(
        options.engine, options.reference_python, options.cache
    )
    recognizer: Recognizer = _module(RECOGNIZERS[options.name]).make_recognizer(engine)
    return recognizer


def make_task(name: str) -> Answer:
    """Import and make a task; a missing library is an ``UndecidedError``."""
    module, engine, libraries = TASKS[name]
    _module("libraries").import_libraries(engine, libraries)
    answer: Answer = _module(module).make()
    return answer


def _module(name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.recognizers.{name}")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="launch.py", description=__doc__.splitlines()[0])
    parser.add_argument("name", metavar="|".join(RECOGNIZERS))
    parser.add_argument("--engine", default="mxnet", choices=["mxnet", "onnxruntime", "mnn"])
    parser.add_argument(
        "--reference-python", default="", metavar="PATH", help="the interpreter with MXNet"
    )
    parser.add_argument("--cache", default="", metavar="FOLDER", help="for converted networks")
    options = parser.parse_args(arguments)
    if options.name not in {*RECOGNIZERS, *TASKS}:
        parser.error(f"there is no recognizer {options.name!r}")
    return options


def main() -> int:
    """Serve the recognizer that the command line names on standard input and output."""
    options = parse(sys.argv[1:])
    if sys.version_info < (3, 10):  # noqa: UP036 - any interpreter may run this file
        what = f"{sys.executable} is Python {sys.version.split()[0]}, which is too old"
        remedy = "use Python 3.10 or 3.11"
        failure: dict[str, Any] = {"type": "error", "message": what, "remedy": remedy}
        if options.name in TASKS:
            # They answer in their own form: several problems, with places.
            failure = {"type": "error", "kind": "LibraryError", "problems": [[what, remedy, ""]]}
        print(json.dumps(failure), flush=True)
        return 1
    # Run by its path, Python would look for every module in this folder first.
    here = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != here]
    answers = take_stdout()
    requests = os.fdopen(os.dup(0), encoding="utf-8", newline="\n")
    register_package()
    _module("libraries").set_threads()
    status: int
    try:
        if options.name in TASKS:
            task = _module("engines.task")
            status = task.serve_task(lambda: make_task(options.name), requests, answers)
        else:
            serve = _module("serve")
            status = serve.serve(lambda: make(options), requests, answers)
    except KeyboardInterrupt:
        # The terminal interrupts both ends of the pipe; the other one tells it.
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
