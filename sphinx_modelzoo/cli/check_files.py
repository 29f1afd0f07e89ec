"""The command ``modelzoo check-files``: whether weights are what the manifest says."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_modelzoo.cli.manifests import default_manifest
from sphinx_modelzoo.cli.network_options import EXIT_CODES, add_options

EPILOG = f"""\
Each file that 'weights' names is read or fetched once, and its size, SHA-1, SHA-256 and the digits
of its hashtag and name are compared. A download that breaks off goes on where it was, if the server
can do that. Nothing is kept on disk, but with --keep: right files, when they are whole.

examples:
  modelzoo check-files
  modelzoo check-files --keep weights/ --max-age 0 zoo.yaml

{EXIT_CODES}"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "check-files",
        help="check weights by size and digests",
        description="Check the files of weights, here and behind addresses, by size and digests.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_options(parser, workers=4)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the files that are right in this folder"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    # The other commands start without this; requests alone takes a tenth of a second.
    from sphinx_modelzoo.cli.network_report import (  # noqa: PLC0415 - see above
        limits_of,
        open_journal,
        report,
    )
    from sphinx_modelzoo.manifest.reader import read_zoo  # noqa: PLC0415
    from sphinx_modelzoo.network.files import FileCheck  # noqa: PLC0415
    from sphinx_modelzoo.network.links import Patience  # noqa: PLC0415

    zoo = read_zoo(default_manifest(arguments.manifest))
    journal = open_journal(arguments, "files.jsonl")
    patience = Patience(tries=5, longest_wait=arguments.max_wait)
    check = FileCheck(
        journal,
        patience,
        limits_of(arguments),
        arguments.timeout,
        keep=arguments.keep,
        offline=arguments.offline,
    )
    code = report(check.run(zoo), arguments, "file", "files")
    journal.tidy()
    return code
