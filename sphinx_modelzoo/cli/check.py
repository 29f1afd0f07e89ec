"""``modelzoo check``: read a manifest and print all its problems."""

from __future__ import annotations

import argparse

from sphinx_modelzoo.cli.manifests import add_manifest, default_manifest
from sphinx_modelzoo.manifest.reader import read_zoo

EPILOG = """\
examples:
  modelzoo check
  modelzoo check path/to/zoo.yaml

exit codes:
  0  there is no problem
  2  the manifest or the call is wrong
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``check``."""
    parser = subparsers.add_parser(
        "check",
        help="read a manifest and print all its problems",
        description="Read a manifest and print all its problems.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_manifest(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read the manifest, and count what is in it; its problems are raised."""
    path = default_manifest(arguments.manifest)
    zoo = read_zoo(path)
    numbers = sum(len(result.numbers) for _, result in zoo.rows())
    entries = "1 entry" if len(zoo.entries) == 1 else f"{len(zoo.entries)} entries"
    listed = "1 number" if numbers == 1 else f"{numbers} numbers"
    print(f"{path}: {entries}, {listed}, no problems")
    return 0
