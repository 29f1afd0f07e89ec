"""The options of ``verify-zoo``."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from sphinx_modelzoo.cli.command import version_text
from sphinx_modelzoo.cli.completion import add_completion
from sphinx_modelzoo.cli.network_options import age
from sphinx_modelzoo.cli.parsing import Parser
from sphinx_modelzoo.cli.recognizer_choice import add_recognizers
from sphinx_modelzoo.cli.verify_cluster import add_cluster
from sphinx_modelzoo.cli.verify_depth import add_depth
from sphinx_modelzoo.cli.verify_shard import add_shard
from sphinx_modelzoo.reports.forms import FORMS
from sphinx_modelzoo.verify.report.report import ReportTarget

DESCRIPTION = """\
Measure the numbers of a model zoo again: each listed number is confirmed, refuted or undecided.
"""

EPILOG = """\
commands (verify-zoo COMMAND --help says more):
  conformance  try whether a recognizer keeps to the pipe
  merge        decide numbers by the shards that several machines predicted
  status       print each number's status from its receipts, without running anything

examples:
  verify-zoo                                   the nearest zoo.yaml, all its numbers
  verify-zoo --demo                            the zoo that comes with the package
  verify-zoo --model vgg16_ucf101@d6dc1bba --data ucf101=~/.mxnet/datasets/ucf101
  verify-zoo --record                          all items, and keep the predictions as evidence
  verify-zoo --changed-since origin/main       what a branch touches
  verify-zoo --due 90d --budget 2h             what has grown old, in two hours
  verify-zoo --shard 3/8                       the third of eight machines
  verify-zoo --offline --report json=found.json path/to/zoo.yaml

exit codes:
  0  all numbers hold
  1  a number is refuted
  2  the manifest or the call is wrong
  3  something could not be decided

A recognizer other than the built-in ones stands in modelzoo.toml:
  [recognizers.my-net]
  command = ["{python}", "tools/my_recognizer.py"]
"""


def parser(*, manifest: bool = True) -> argparse.ArgumentParser:
    """Make the parser of the command line; ``manifest`` is whether it takes one."""
    made = Parser(
        prog="verify-zoo",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if manifest:
        made.add_argument(
            "manifest",
            nargs="?",
            type=Path,
            metavar="MANIFEST",
            help="the manifest (default: the nearest zoo.yaml from here upwards)",
        )
    made.add_argument("--version", action="version", version=version_text())
    add_completion(made)
    made.add_argument("--demo", action="store_true", help="verify the zoo inside the package")
    add_selection(add_choice(made))
    add_depth(made, user_path)
    _add_running(made)
    add_cluster(made)
    add_shard(made, user_path)
    _add_signatures(add_output(made))
    return made


def add_choice(made: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add the options that choose numbers of the manifest; give their group."""
    group = made.add_argument_group("what to verify")
    group.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="NAME[@HASHTAG]",
        help="only this entry, or all of this name (repeatable)",
    )
    group.add_argument(
        "--dataset",
        action="append",
        default=[],
        metavar="NAME",
        help="only numbers on this data set (repeatable)",
    )
    return group


def add_selection(group: argparse._ArgumentGroup) -> None:
    """Add the options that choose numbers by what changed or is due."""
    one = group.add_mutually_exclusive_group()
    one.add_argument(
        "--changed-since",
        metavar="REVISION",
        help="only numbers that depend on something that changed since a git revision",
    )
    one.add_argument(
        "--due",
        type=age,
        metavar="AGE",
        help="only numbers that are claimed, stale or were verified longer ago, such as 90d; the "
        "cheapest first",
    )


def _add_running(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("how to run it")
    group.add_argument(
        "--data",
        action="append",
        default=[],
        type=data_folder,
        metavar="NAME=PATH",
        help="the folder of a data set, with its list and media (repeatable)",
    )
    group.add_argument("--offline", action="store_true", help="let recognizers fetch nothing")
    add_recognizers(group)
    group.add_argument(
        "--config",
        type=user_path,
        metavar="FILE",
        help="the recognizers' configuration (default: the nearest modelzoo.toml, or "
        "pyproject.toml with [tool.modelzoo], from here upwards)",
    )
    group.add_argument(
        "--seed", default="", metavar="TEXT", help="the seed of the items' order (default: fixed)"
    )
    group.add_argument(
        "--timeout",
        type=seconds,
        default=600.0,
        metavar="SECONDS",
        help="end a recognizer that is silent for this long (default: %(default)g)",
    )


def add_output(made: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add the options that say what is left of a verification; give their group."""
    group = made.add_argument_group("what it leaves")
    group.add_argument(
        "--receipts",
        type=user_path,
        metavar="DIR",
        help="where receipts are written (default: the manifest's 'receipts' folder; for --demo "
        "./demo-receipts)",
    )
    group.add_argument(
        "--sign",
        type=user_path,
        metavar="KEY",
        help="sign the receipts with a private key, a PEM file (needs sphinx-modelzoo[sign])",
    )
    group.add_argument(
        "--report",
        action="append",
        default=[],
        type=report_target,
        metavar="KIND=FILE",
        help=f"a report for other programs, KIND is {', '.join(FORMS)}; - is standard "
        "output (repeatable)",
    )
    group.add_argument(
        "--debug", action="store_true", help="show tracebacks and what recognizers say"
    )
    return group


def _add_signatures(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--check-signatures",
        action="append",
        default=[],
        type=user_path,
        metavar="KEY",
        help="run nothing: print statuses by receipts that this public key signed, as "
        "'verify-zoo status --check-signatures KEY' does (repeatable)",
    )


def data_folder(text: str) -> tuple[str, Path]:
    """Read ``NAME=PATH``."""
    name, equals, path = text.partition("=")
    if not (name and equals and path):
        message = f"{text!r} is not NAME=PATH; write for example ucf101=~/data/ucf101"
        raise argparse.ArgumentTypeError(message)
    return name, user_path(path)


def user_path(text: str) -> Path:
    """Read a path, where ``~`` and ``~NAME`` are home folders."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        message = f"{text!r} names a home folder that is not known; write the whole path"
        raise argparse.ArgumentTypeError(message) from error


def report_target(text: str) -> ReportTarget:
    """Read ``KIND=FILE``."""
    kind, equals, file = text.partition("=")
    if not (kind and equals and file):
        message = f"{text!r} is not KIND=FILE; write for example json=found.json"
        raise argparse.ArgumentTypeError(message)
    return ReportTarget(kind, str(user_path(file)))


def seconds(text: str) -> float:
    """Read a length of time, more than nothing and less than for ever."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (value > 0 and math.isfinite(value)):
        message = f"{text!r} is no number of seconds; write for example 600"
        raise argparse.ArgumentTypeError(message)
    return value
