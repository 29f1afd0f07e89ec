"""The commands of ``verify-zoo`` beside its own work, such as ``verify-zoo status``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from importlib import import_module

from sphinx_modelzoo.cli.parsing import Parser
from sphinx_modelzoo.cli.verify_options import parser

# Each command's module in this package, with ``add_parser`` and ``run``; only that of the command
# called is loaded. A manifest with a command's name is called by its path: ``./status``.
COMMANDS = {
    "conformance": "verify_conformance",
    "status": "verify_status",
}


def command_parser(name: str) -> argparse.ArgumentParser:
    """Make the parser of a call whose first word is a command's name."""
    made = Parser(prog="verify-zoo", allow_abbrev=False)
    _add_commands(made, (name,))
    return made


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
