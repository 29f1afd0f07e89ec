"""Which recognizers there are, for ``verify-zoo`` and its commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from sphinx_modelzoo.cli.interpreters import find_interpreter, has_module
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.verify.recognizer.commands import (
    BUILT_IN,
    ENGINES,
    REFERENCE_ENGINE,
    built_in,
    configured,
    find_config,
)
from sphinx_modelzoo.verify.recognizer.process import Command


def add_recognizers(group: argparse._ArgumentGroup) -> None:
    """Add the options that say how recognizers are run; ``--config`` is not among them."""
    group.add_argument(
        "--engine",
        choices=ENGINES,
        metavar="ENGINE",
        help=f"what the built-in recognizer computes with: {', '.join(ENGINES)} (default: "
        f"{REFERENCE_ENGINE}, which decides what another cannot tell for certain)",
    )
    group.add_argument(
        "--python",
        metavar="PATH",
        help="the interpreter for recognizers and their engine (default: the one that runs this "
        "command)",
    )
    group.add_argument(
        "--reference-python",
        metavar="PATH",
        help=f"the interpreter with MXNet, for another engine than {REFERENCE_ENGINE} (default: "
        "that of --python or the one that runs this command, whichever has MXNet)",
    )


def known_recognizers(options: argparse.Namespace) -> tuple[dict[str, Command], Path | None]:
    """Give the recognizers by their names, built in or configured, and the configuration's path.

    Args:
        options: Those of :func:`add_recognizers`, and ``config``, the configuration; without it the
            nearest one is taken.

    Raises:
        CallError: there is no such interpreter, options contradict each other, or the configuration
            is wrong.
    """
    interpreter = find_interpreter("--python", options.python or sys.executable)
    engine = options.engine or REFERENCE_ENGINE
    known = built_in(interpreter, engine, _reference(options, engine, interpreter))
    path = options.config or find_config(Path.cwd())
    if path is not None:
        known |= configured(path, interpreter)
    return known, path


def check_engine(options: argparse.Namespace, used: Mapping[str, Command]) -> None:
    """See that an engine was chosen for something.

    Raises:
        CallError: none of the recognizers in use is built in.
    """
    # A configured recognizer may have the name of one that is built in; it has a folder.
    if options.engine is not None and not any(
        name in used and used[name].folder is None for name in BUILT_IN
    ):
        what = f"--engine {options.engine}: no number is measured with {' or '.join(BUILT_IN)}"
        remedy = "leave it out: a recognizer of the configuration has its engine from its command"
        raise CallError(Problem(what, remedy))


def _reference(options: argparse.Namespace, engine: str, interpreter: str) -> str:
    """Give the interpreter of the reference; empty where none is needed or none has MXNet."""
    given = options.reference_python
    if engine == REFERENCE_ENGINE:
        if given is not None:
            what = f"--reference-python was given without an engine other than {REFERENCE_ENGINE}"
            raise CallError(Problem(what, f"add --engine {ENGINES[1]}, or leave it out"))
        return ""
    if given is not None:
        return find_interpreter("--reference-python", given)
    candidates = dict.fromkeys((interpreter, sys.executable))
    return next((each for each in candidates if has_module(each, "mxnet")), "")
