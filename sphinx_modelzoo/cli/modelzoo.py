"""The command ``modelzoo``: look after a manifest."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from sphinx_modelzoo.cli.command import run_command, version_text
from sphinx_modelzoo.cli.completion import add_completion
from sphinx_modelzoo.cli.parsing import Parser

# Each command's module, with ``add_parser`` and ``run``; only that of the command called is loaded,
# since all together take longer than most commands' work.
MODULES = {
    "check": "check",
    "lint": "lint",
    "add": "add",
    "set": "set",
    "fmt": "fmt",
    "diff": "diff",
    "schema": "schema",
    "card": "card",
    "check-links": "check_links",
    "check-files": "check_files",
    "import": "import_zoo",
    "export": "export_zoo",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``modelzoo`` and give its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    called = next((word for word in given if not word.startswith("-")), "")
    options = parser((called,) if called in MODULES else tuple(MODULES)).parse_args(given)
    return run_command(lambda: int(options.run(options)), debug=options.debug)


def parser(commands: Sequence[str] = tuple(MODULES)) -> argparse.ArgumentParser:
    """Make the parser of the command line with some of its commands."""
    made = Parser(
        prog="modelzoo", description="Look after the manifest of a model zoo.", allow_abbrev=False
    )
    made.add_argument("--version", action="version", version=version_text())
    made.add_argument("--debug", action="store_true", help="show tracebacks")
    add_completion(made)
    subparsers = made.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in commands:
        module = import_module(f"sphinx_modelzoo.cli.{MODULES[command]}")
        module.add_parser(subparsers)
    return made


if __name__ == "__main__":
    sys.exit(main())
