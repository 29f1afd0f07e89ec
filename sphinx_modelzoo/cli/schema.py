"""The command ``modelzoo schema``: the manifest's fields as a JSON Schema."""

from __future__ import annotations

import argparse
from pathlib import Path

from sphinx_modelzoo.errors import CallError, Problem

EPILOG = """\
With this line at the top of a manifest, editors that use yaml-language-server complete and explain
its fields, and mark mistakes:

  # yaml-language-server: $schema=zoo.schema.json

examples:
  modelzoo schema -o zoo.schema.json
  modelzoo schema --included -o zoo-part.schema.json

exit codes:
  0  the schema was written (with --check: the file is up to date)
  1  with --check: the file is not what this version makes
  2  the call is wrong
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "schema",
        help="print the manifest's JSON Schema, for editors",
        description="Print the JSON Schema (2020-12) of manifests.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--included", action="store_true", help="the schema of files that a manifest includes"
    )
    group = parser.add_mutually_exclusive_group()
    group.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to a file")
    group.add_argument("--check", type=Path, metavar="FILE", help="compare it with a file")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    # The other commands start without this.
    from sphinx_modelzoo.manifest.schema import schema_text  # noqa: PLC0415 - see above
    from sphinx_modelzoo.receipts.atomic import write_atomically  # noqa: PLC0415

    text = schema_text(included=arguments.included)
    try:
        if arguments.check:
            if arguments.check.read_text(encoding="utf-8") == text:
                return 0
            print(f"{arguments.check}: is not up to date; run: modelzoo schema -o FILE")
            return 1
        if arguments.output:
            write_atomically(arguments.output, text)
        else:
            print(text, end="")
    except (OSError, UnicodeDecodeError) as error:
        path = arguments.check or arguments.output
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem(f"cannot be used: {reason.lower()}", "check the path", str(path))
        raise CallError(problem) from error
    return 0
