"""The command ``modelzoo diff``: what changed between two manifests."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sphinx_modelzoo.cli.manifests import default_manifest
from sphinx_modelzoo.manifest.locate import FILE_NAME

FORMATS = ("text", "markdown", "json")

EPILOG = """\
OLD and NEW are manifests, folders with a zoo.yaml, git revisions, or REVISION:PATH. Without NEW the
manifest as it is now is compared. A name that is both a file and a revision means the file.

examples:
  modelzoo diff HEAD                               what is not committed yet
  modelzoo diff v1.0 v1.1 --format markdown        release notes
  modelzoo diff --strict origin/main               for continuous integration

exit codes:
  0  the comparison was made (with --strict: and nothing changed silently)
  1  with --strict: a number changed while its weights and protocol did not, or weights changed
     under the same hashtag
  2  a manifest or the call is wrong
  3  git failed
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "diff",
        help="compare two manifests, or two revisions of one",
        description="Tell which models were added, removed, renamed, re-weighted, re-measured.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("old", metavar="OLD", help="a manifest or a git revision")
    parser.add_argument("new", metavar="NEW", nargs="?", help="a manifest or a git revision")
    parser.add_argument(
        "--path",
        type=Path,
        metavar="MANIFEST",
        help="the manifest that revisions are about (default: the nearest zoo.yaml)",
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="how to print it (default: text)"
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit 1 when a number or weights changed silently"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    # The other commands start without this.
    from sphinx_modelzoo.compare.difference import difference  # noqa: PLC0415 - see above
    from sphinx_modelzoo.compare.report import REPORTS  # noqa: PLC0415
    from sphinx_modelzoo.compare.sides import open_new, open_old  # noqa: PLC0415

    def manifest() -> Path:
        if arguments.path is None:
            return default_manifest(None)
        path: Path = arguments.path
        return path / FILE_NAME if path.is_dir() else path

    old = open_old(arguments.old, manifest)
    new = open_new(arguments.new, manifest)
    if old.missing:
        print(f"note: {old.zoo.path} does not exist; all models are new", file=sys.stderr)
    changes = difference(old.zoo, new.zoo)
    print(REPORTS[arguments.format](changes, old.name, new.name))
    silent = [change for change in changes if change.silent]
    if arguments.strict:
        for change in silent:
            print(f"{change.place}: {change.entry}: {change.silent}", file=sys.stderr)
    return 1 if silent and arguments.strict else 0
