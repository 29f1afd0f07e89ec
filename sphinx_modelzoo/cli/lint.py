"""The command ``modelzoo lint``: find mistakes in manifests."""

from __future__ import annotations

import argparse
from pathlib import Path

FORMATS = ("text", "json", "sarif", "github", "junit")

EPILOG = """\
examples:
  modelzoo lint                                 the nearest zoo.yaml
  modelzoo lint --strict zoo/*.yaml             warnings are errors
  modelzoo lint --select ZOO2 --ignore ZOO205   the rules on numbers but one
  modelzoo lint --logs logs                     compare numbers with training logs
  modelzoo lint --format sarif >lint.sarif      for code scanning
  modelzoo lint --explain ZOO206                what a rule is about

An entry silences a rule, and says why:
  - name: vgg16_ucf101
    ignore: {ZOO305: both were trained in one run}

exit codes:
  0  nothing was found, or warnings only
  2  an error was found, or with --strict a warning; or the call is wrong
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "lint",
        help="find mistakes in manifests",
        description="Find mistakes in manifests: hashes, numbers, links and papers.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "manifests",
        nargs="*",
        metavar="MANIFEST",
        help="the manifests; - is standard input (default: the nearest zoo.yaml upwards)",
    )
    parser.add_argument(
        "--explain", metavar="CODE", help="print what a rule is about, and nothing else"
    )
    _add_rules(parser)
    _add_sources(parser)
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=FORMATS, default="text", help="(default: text)")
    group.add_argument("--verbose", action="store_true", help="say what rules could not look at")
    parser.set_defaults(run=run)


def _add_rules(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which rules")
    group.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="CODES",
        help="only these: codes or their beginnings, with commas between (repeatable)",
    )
    group.add_argument(
        "--ignore", action="append", default=[], metavar="CODES", help="all but these (repeatable)"
    )
    group.add_argument("--strict", action="store_true", help="let warnings fail too")


def _add_sources(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to compare with (nothing is fetched)")
    group.add_argument(
        "--model-store",
        type=Path,
        metavar="FILE",
        help="the loader's table of hashes (default: that of the installed loader)",
    )
    group.add_argument(
        "--loader-models", action="store_true", help="name the loader's models that are missing"
    )
    group.add_argument(
        "--logs", type=Path, metavar="DIR", help="a folder of training logs, by their file names"
    )
    group.add_argument("--no-files", action="store_true", help="do not read weights' files")


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    # The other commands start without the rules.
    from sphinx_modelzoo.cli.lint_run import explain, lint_all  # noqa: PLC0415 - see above

    if arguments.explain is not None:
        return explain(arguments.explain)
    return lint_all(arguments)
