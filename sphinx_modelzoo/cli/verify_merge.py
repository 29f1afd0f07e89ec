"""The command ``verify-zoo merge``: decide numbers by the shards that many machines predicted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sphinx_modelzoo.cli.verify_depth import add_recording
from sphinx_modelzoo.cli.verify_options import (
    add_choice,
    add_output,
    add_selection,
    parser,
    user_path,
)
from sphinx_modelzoo.cli.verify_shard import SHARDS
from sphinx_modelzoo.cli.verify_zoo import Session
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.verify.plan import plan
from sphinx_modelzoo.verify.shards.find import Found, find_shards

DESCRIPTION = """\
Decide numbers by the shards that 'verify-zoo --shard K/N' left on several machines, as one machine
would have: each item counts once. Neither the items nor the weights are needed; nothing is run.
"""

EPILOG = """\
examples:
  verify-zoo merge                             the shards in ./shards, all numbers
  verify-zoo merge --model vgg16_ucf101@d6dc1bba
  verify-zoo merge zoo.yaml --shards one/shards other/shards
  verify-zoo merge --record                    shards of --tier full, to keep as evidence

exit codes:
  0  all numbers hold
  1  a number is refuted
  2  the manifest or the call is wrong
  3  something could not be decided: shards are missing, damaged or not of one run
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    made = subparsers.add_parser(
        "merge",
        help="decide numbers by the shards of several machines",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "manifest",
        nargs="?",
        type=Path,
        metavar="MANIFEST",
        help="the manifest (default: the nearest zoo.yaml from here upwards)",
    )
    made.add_argument("--demo", action="store_true", help="the zoo inside the package")
    add_selection(add_choice(made))
    group = made.add_argument_group("what to merge")
    group.add_argument(
        "--shards",
        nargs="+",
        action="extend",
        type=user_path,
        metavar="PATH",
        help=f"files of shards, and folders that they are in, however deep (default: ./{SHARDS})",
    )
    group.add_argument(
        "--config",
        type=user_path,
        metavar="FILE",
        help="the recognizers' configuration, as for verify-zoo",
    )
    add_recording(add_output(made), user_path)
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    places: Sequence[Path] = arguments.shards or [SHARDS]
    # All that says how items are predicted is as where it was not given: the shards say it.
    options = argparse.Namespace(**vars(parser().parse_args([])) | vars(arguments))
    options.shards = None

    def shards(zoo: Zoo) -> Found:
        found = find_shards(places)
        for problem in found.astray(plan(zoo)):
            print(f"warning: {problem}", file=sys.stderr)
        return found

    return Session(options, shards).run()
