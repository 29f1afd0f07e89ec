"""The command ``modelzoo set``: change fields of an entry or a result."""

from __future__ import annotations

import argparse

from sphinx_modelzoo.cli.edits import add_dry_run, add_manifest_option, key_and_value, show_diff
from sphinx_modelzoo.cli.manifests import default_manifest
from sphinx_modelzoo.errors import CallError, Problem

EPILOG = """\
ENTRY is NAME@HASHTAG, or NAME where the name has one entry. Of an entry with several results,
ENTRY:DATASET or ENTRY:DATASET:PROTOCOL is one. A field that takes a list takes VALUE,VALUE.

examples:
  modelzoo set vgg16_ucf101@d6dc1bba top1=84.0
  modelzoo set yolo3_darknet53_coco@09767802:coco:at-416 map=36.0
  modelzoo set my_net hashtag=0c453da8 license=Apache-2.0

exit codes:
  0  the manifest holds these values now
  2  the manifest or the call is wrong; nothing was written
  3  the file could not be written
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "set",
        help="change fields of an entry",
        description="Change fields of an entry; all else in the file stays as it is.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("entry", metavar="ENTRY", help="the entry, or one of its results")
    parser.add_argument(
        "fields", nargs="+", type=key_and_value, metavar="KEY=VALUE", help="a field's new value"
    )
    add_manifest_option(parser)
    add_dry_run(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    # The other commands start without this.
    from sphinx_modelzoo.editing.fields import set_fields  # noqa: PLC0415 - see above
    from sphinx_modelzoo.manifest.reader import read_zoo  # noqa: PLC0415

    fields = dict(arguments.fields)
    if len(fields) < len(arguments.fields):
        raise CallError(Problem("a field is given twice", "give each field once"))
    change = set_fields(read_zoo(default_manifest(arguments.manifest)), arguments.entry, fields)
    if arguments.dry_run:
        show_diff([change])
        return 0
    change.write()
    done = "changed" if change.after != change.before else "nothing to change, holds"
    shown = " ".join(f"{key}={value}" for key, value in fields.items())
    print(f"{change.path}: {done} {arguments.entry} {shown}")
    return 0
