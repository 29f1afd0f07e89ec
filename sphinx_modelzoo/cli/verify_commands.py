"""The commands of ``verify-zoo`` beside its own work, such as ``verify-zoo status``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from sphinx_modelzoo.cli.parsing import Parser
from sphinx_modelzoo.cli.verify_options import parser
from sphinx_modelzoo.errors import Problem

# Each command's module in this package, with ``add_parser`` and ``run``; only that of the command
# called is loaded. A manifest with a command's name is called by its path: ``./status``.
COMMANDS = {
    "conformance": "verify_conformance",
    "merge": "verify_merge",
    "status": "verify_status",
}


def command_parser(name: str) -> argparse.ArgumentParser:
    """Make the parser of a call whose first word is a command's name."""
    made = Parser(prog="verify-zoo", allow_abbrev=False)
    _add_commands(made, (name,))
    return made


def misspelt_command(given: Sequence[str]) -> Problem | None:
    """Give what to write where a call begins with a word that is near a command and no manifest."""
    word = given[0] if given else ""
    near = get_close_matches(word, COMMANDS, n=1)
    if not near or not word.isalpha() or word in COMMANDS or Path(word).exists():
        return None
    what = "there is neither a command nor a manifest of this name"
    return Problem(what, f"did you mean {near[0]!r}?", word)


def whole_parser() -> argparse.ArgumentParser:
    """Make the parser of ``verify-zoo`` with its commands in place of a manifest.

    Completion in the shell is made from it: argparse has no way to take either as first word.
    """
    made = parser(manifest=False)
    _add_commands(made, COMMANDS)
    return made


def _add_commands(made: argparse.ArgumentParser, names: Iterable[str]) -> None:
    subparsers = made.add_subparsers(title="commands", metavar="COMMAND")
    for name in names:
        import_module(f"sphinx_modelzoo.cli.{COMMANDS[name]}").add_parser(subparsers)
