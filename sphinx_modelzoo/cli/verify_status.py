"""The command ``verify-zoo status``: each number's standing, from its receipts alone."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx_modelzoo import __version__
from sphinx_modelzoo.cli.command import print_problems
from sphinx_modelzoo.cli.verify_options import add_choice, report_target, user_path
from sphinx_modelzoo.cli.verify_places import coloured, manifest_path, receipts_folder
from sphinx_modelzoo.errors import Exit, ModelZooError, Problem
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.receipts.model import StatusKind
from sphinx_modelzoo.receipts.signing import read_public_key
from sphinx_modelzoo.receipts.status import number_key, statuses
from sphinx_modelzoo.receipts.trust import trusted
from sphinx_modelzoo.reports.forms import FORMS
from sphinx_modelzoo.reports.numbers import Report
from sphinx_modelzoo.verify.plan import plan
from sphinx_modelzoo.verify.report.report import ReportTarget, check_targets
from sphinx_modelzoo.verify.report.standing import REQUIRE, Standing, listed_number, status_lines

_NAME = "verify-zoo status"

EPILOG = """\
examples:
  verify-zoo status                            the nearest zoo.yaml, all its numbers
  verify-zoo status --require verified         for a release: anything less fails
  verify-zoo status --check-signatures zoo.pub
  verify-zoo status --report markdown=- path/to/zoo.yaml

exit codes:
  0  no number is refuted, and each is what --require asks for
  1  a number is refuted
  2  the manifest or the call is wrong
  3  a number is less than --require asks for, or a receipt is damaged or not signed as it should be
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "status",
        help="print each number's status from its receipts",
        description="Print each listed number's status, and why it is stale; nothing is run.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "manifest",
        nargs="?",
        type=Path,
        metavar="MANIFEST",
        help="the manifest (default: the nearest zoo.yaml from here upwards)",
    )
    parser.add_argument("--demo", action="store_true", help="the zoo inside the package")
    add_choice(parser)
    group = parser.add_argument_group("what counts")
    group.add_argument(
        "--receipts",
        action="append",
        default=[],
        type=user_path,
        metavar="DIR",
        help="where receipts lie (repeatable; default: the manifest's 'receipts' folder)",
    )
    group.add_argument(
        "--check-signatures",
        action="append",
        default=[],
        type=user_path,
        metavar="KEY",
        help="believe only receipts that this public key signed (repeatable: one of them will do)",
    )
    group.add_argument(
        "--require",
        choices=REQUIRE,
        help="what each number must be at least; metrics that are not counted are left out",
    )
    group = parser.add_argument_group("what it leaves")
    group.add_argument(
        "--report",
        action="append",
        default=[],
        type=report_target,
        metavar="KIND=FILE",
        help=f"a report for other programs, KIND is {', '.join(FORMS)}; - is standard output "
        "(repeatable)",
    )
    group.add_argument("--debug", action="store_true", help="show tracebacks")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    return status_of(arguments, arguments.receipts, arguments.require)


def status_of(
    arguments: argparse.Namespace, receipts: Sequence[Path], require: str | None = None
) -> int:
    """Print statuses and write reports; give the exit code.

    Args:
        arguments: ``manifest``, ``demo``, ``model``, ``dataset``, ``check_signatures`` and
            ``report``, as the command line has them.
        receipts: The folders of receipts; where empty, the manifest's.
        require: What each number must be at least.
    """
    targets: Sequence[ReportTarget] = arguments.report
    check_targets(targets)
    manifest = str(arguments.manifest or "")
    try:
        found = _look(arguments, receipts)
    except ModelZooError as error:
        problems, code = error.problems, error.exit_code
        _write(targets, Report(_NAME, __version__, manifest, (), problems, code))
        raise
    _print(found, to_errors=any(target.to_standard_output for target in targets))
    numbers = [listed_number(standing, require) for standing in found.standings]
    code = found.exit_code(require)
    report = Report(_NAME, __version__, found.manifest, numbers, found.problems, code)
    return _write(targets, report)


@dataclass(frozen=True, slots=True)
class _Found:
    """Each number's standing, and what is wrong with receipts."""

    manifest: str
    standings: Sequence[Standing]
    problems: Sequence[Problem]

    def exit_code(self, require: str | None) -> int:
        """Give the exit code: 1 goes before 3."""
        kinds = {standing.status.kind for standing in self.standings}
        if StatusKind.REFUTED in kinds:
            return Exit.REFUTED
        lacking = any(not standing.suffices(require) for standing in self.standings)
        return Exit.UNDECIDED if lacking or self.problems else Exit.HOLDS


def _look(arguments: argparse.Namespace, receipts: Sequence[Path]) -> _Found:
    keys = [read_public_key(path) for path in arguments.check_signatures]
    path = manifest_path(arguments.manifest, demo=arguments.demo)
    zoo = read_zoo(path)
    runs = plan(zoo, arguments.model, arguments.dataset)
    folders = receipts or [receipts_folder(zoo, None, demo=arguments.demo)]
    problems: list[Problem] = []
    found = statuses(zoo, folders, problems.append)
    if keys:
        found, faults = trusted(zoo, found, keys)
        problems += faults
    standings = [
        Standing(run, metric, found[number_key(run.entry, run.result, metric.key)])
        for run in runs
        for metric in run.metrics
    ]
    return _Found(str(path), standings, problems)


def _print(found: _Found, *, to_errors: bool) -> None:
    stream = sys.stderr if to_errors else sys.stdout
    for line in status_lines(found.standings, colour=coloured(stream)):
        print(line, file=stream)
    print_problems(found.problems)
    kinds = Counter(standing.status.kind.value for standing in found.standings)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    print(counted or "the manifest lists no number", file=sys.stderr)


def _write(targets: Sequence[ReportTarget], report: Report) -> int:
    """Write every report; give the exit code, which a lost report turns from 0 to 3."""
    ends_with = report.exit_code
    for target in targets:
        try:
            target.write(report)
        except ModelZooError as error:
            print_problems(error.problems)
            ends_with = ends_with or error.exit_code
    return ends_with
