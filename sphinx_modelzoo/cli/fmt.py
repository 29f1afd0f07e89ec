"""The command ``modelzoo fmt``: the canonical style."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_modelzoo.cli.edits import show_diff
from sphinx_modelzoo.cli.manifests import default_manifest

EPILOG = """\
Indentation becomes two spaces a level, long entries are apart by one blank line, needless blanks
and blank lines go. Words, comments, quotes, the order of keys and line endings stay. Files that a
manifest includes are formatted with it.

exit codes:
  0  the style is right (with --check), or was made right
  1  with --check: a file is not in this style
  2  the manifest or the call is wrong; nothing was written
  3  a file could not be written
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "fmt",
        help="bring a manifest into the canonical style",
        description="Bring manifests into the canonical style, without a change of meaning.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "manifests",
        nargs="*",
        type=Path,
        metavar="MANIFEST",
        help="the manifests (default: the nearest zoo.yaml from here upwards)",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it would")
    parser.add_argument("--diff", action="store_true", help="print the changes, and write nothing")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    # The other commands start without this.
    from sphinx_modelzoo.editing.style import format_zoo  # noqa: PLC0415 - see above
    from sphinx_modelzoo.manifest.reader import read_zoo  # noqa: PLC0415

    paths = [default_manifest(given) for given in arguments.manifests or [None]]
    # All are read before the first is written.
    changes = [change for path in paths for change in format_zoo(read_zoo(path))]
    if arguments.diff:
        show_diff(changes)
    if arguments.check:
        for change in changes:
            print(f"{change.path}: is not in the canonical style; run: modelzoo fmt")
        return 1 if changes else 0
    if not arguments.diff:
        for change in changes:
            change.write()
            print(f"{change.path}: formatted")
    return 0
