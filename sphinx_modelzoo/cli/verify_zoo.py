"""The command ``verify-zoo``: measure a zoo's numbers again."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from sphinx_modelzoo import __version__
from sphinx_modelzoo.cli.command import print_fault, print_problems, run_command
from sphinx_modelzoo.cli.recognizer_choice import check_engine, known_recognizers
from sphinx_modelzoo.cli.verify_chosen import chosen_runs
from sphinx_modelzoo.cli.verify_cluster import cluster_of
from sphinx_modelzoo.cli.verify_commands import (
    COMMANDS,
    command_parser,
    misspelt_command,
    whole_parser,
)
from sphinx_modelzoo.cli.verify_data import data_folders
from sphinx_modelzoo.cli.verify_depth import evidence_folder, settings_of
from sphinx_modelzoo.cli.verify_kept import Keeper, former_receipts, signing_key
from sphinx_modelzoo.cli.verify_options import parser
from sphinx_modelzoo.cli.verify_places import coloured, manifest_path, receipts_folder
from sphinx_modelzoo.cli.verify_shard import part_of
from sphinx_modelzoo.cli.verify_status import status_of
from sphinx_modelzoo.errors import CallError, Exit, ModelZooError, Problem
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.verify.folders import check_writable
from sphinx_modelzoo.verify.outcome import Outcome, exit_code
from sphinx_modelzoo.verify.plan import Run, plan
from sphinx_modelzoo.verify.recognizer.commands import commands_for
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.report.explain import spot_text
from sphinx_modelzoo.verify.report.progress import Progress
from sphinx_modelzoo.verify.report.report import Findings, check_targets, report_of
from sphinx_modelzoo.verify.report.table import table_for
from sphinx_modelzoo.verify.run import Verifier
from sphinx_modelzoo.verify.shards.find import Found
from sphinx_modelzoo.verify.verdict import claim_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``verify-zoo`` and give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in COMMANDS:
        options = command_parser(given[0]).parse_args(given)
        return run_command(lambda: int(options.run(options)), debug=options.debug)
    if misspelt := misspelt_command(given):
        print_problems([misspelt])
        return Exit.WRONG
    asked = any(word.startswith("--print-completion") for word in given)
    options = (whole_parser() if asked else parser()).parse_args(given)
    return run_command(lambda: _run(options), debug=options.debug)


def _run(options: argparse.Namespace) -> int:
    if not options.check_signatures:
        return Session(options).run()
    if options.sign is not None:
        what = "--sign and --check-signatures were both given"
        raise CallError(Problem(what, "sign in one call, and check in another"))
    return status_of(options, receipts=[options.receipts] if options.receipts else [])


@dataclass(slots=True)
class Session:
    """One call of the command: what was asked, and what was found so far.

    ``shards`` finds those whose predictions are counted, where nothing is to be run.
    """

    options: argparse.Namespace
    shards: Callable[[Zoo], Found] | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    manifest: str = ""

    def run(self) -> int:
        """Verify and report; reports are written whatever happens."""
        check_targets(self.options.report)
        try:
            code = self._verify()
        except ModelZooError as error:
            self._write_reports(error.exit_code, error.problems)
            raise
        except (KeyboardInterrupt, SystemExit):
            self._write_reports(Exit.INTERRUPTED)
            raise
        except Exception:
            self._write_reports(Exit.UNDECIDED)
            raise
        return self._write_reports(code)

    def _write_reports(self, code: int, problems: Sequence[Problem] = ()) -> int:
        """Write every report; give the exit code, which a lost report turns from 0 to 3."""
        ends_with = code
        findings = Findings(self.manifest, self.outcomes, problems, code)
        report = report_of(findings, "verify-zoo", __version__)
        for target in self.options.report:
            try:
                target.write(report)
            except ModelZooError as error:
                print_problems(error.problems)
                ends_with = code or error.exit_code
        return ends_with

    def _verify(self) -> int:
        options = self.options
        path = manifest_path(options.manifest, demo=options.demo)
        self.manifest = str(path)
        zoo = read_zoo(path)
        runs = plan(zoo, options.model, options.dataset)
        data = data_folders(zoo, options.data)
        commands = _commands(runs, options)
        receipts = receipts_folder(zoo, options.receipts, demo=options.demo)
        former, key = former_receipts(runs, receipts), signing_key(options.sign)
        record, evidence = options.record, evidence_folder(options)
        keeper = Keeper(zoo, receipts, former, key, evidence, part_of(options))
        if options.changed_since is not None or options.due is not None:
            runs = chosen_runs(
                zoo, runs, options, commands=commands, former=former, receipts=receipts
            )
            if not runs:
                return Exit.HOLDS
        if any(run.counted for run in runs):
            check_writable(receipts, "--receipts")
        echo = _echo if options.debug else None
        settings = settings_of(options, data, echo)
        if settings.part is not None:
            check_writable(settings.part.folder, "--shards")
        shards = self.shards(zoo) if self.shards else None
        watch = _Watch(sys.stderr, debug=options.debug)
        try:
            with cluster_of(options, watch.tell) as cluster:
                settings = replace(settings, cluster=cluster)
                verifier = Verifier(
                    zoo, commands, settings, receipts, watch, record, evidence, shards
                )
                self._print_table(verifier, runs, keeper)
        finally:
            self.outcomes = keeper.explained(self.outcomes)
            print_problems([problem for each in self.outcomes for problem in each.problems])
            for each in self.outcomes:
                _tell_reasons(each)
                _tell_spot(each)
            for remark in dict.fromkeys(map(_reruns_text, self.outcomes)):
                _tell(remark)
            self._print_summary(receipts, sum(len(run.metrics) for run in runs))
        return exit_code(self.outcomes)

    def _print_table(self, verifier: Verifier, runs: Sequence[Run], keeper: Keeper) -> None:
        reports_take_it = any(target.to_standard_output for target in self.options.report)
        stream = sys.stderr if reports_take_it else sys.stdout
        table = table_for(runs, colour=coloured(stream))
        print(table.head(), file=stream, flush=True)
        for outcome in map(keeper.completed, verifier.verify(runs)):
            self.outcomes.append(outcome)
            print(table.row(outcome), file=stream, flush=True)

    def _print_summary(self, receipts: Path, expected: int) -> None:
        written = sum(outcome.receipt is not None for outcome in self.outcomes)
        listed = sum(outcome.metric.top is None for outcome in self.outcomes)
        if listed:
            which = "1 number is" if listed == 1 else f"{listed} numbers are"
            _tell(f"{which} of a metric without 'top': listed, not counted item by item")
        if len(self.outcomes) < expected:
            _tell(f"stopped after {len(self.outcomes)} of {expected} numbers")
        elif listed == expected:
            _tell("nothing could be verified: there is no number that can be counted")
        if written:
            which = "1 receipt" if written == 1 else f"{written} receipts"
            _tell(f"{which} written to {receipts}")


class _Watch(Progress):
    """The progress line, with warnings and faults where it stands."""

    def __init__(self, stream: TextIO, *, debug: bool) -> None:
        super().__init__(stream)
        self._debug = debug

    def warning(self, text: str) -> None:
        """Print a warning."""
        self.end()
        print(f"warning: {text}", file=sys.stderr)

    def tell(self, text: str) -> None:
        """Print what is to be known."""
        self.end()
        print(text, file=sys.stderr)

    def fault(self, error: Exception) -> None:
        """Print the traceback, where it was asked for; the outcome has the message."""
        if self._debug:
            self.end()
            print_fault(error, debug=True)


def _commands(runs: Sequence[Run], options: argparse.Namespace) -> dict[str, Command]:
    known, config = known_recognizers(options)
    commands = commands_for(runs, known, config)
    check_engine(options, commands)
    return commands


def _tell_reasons(outcome: Outcome) -> None:
    for rank, reason in enumerate(outcome.reasons, 1):
        intro = f"{claim_text(outcome.run, outcome.metric)}; likely reasons:\n" if rank == 1 else ""
        _tell(f"{intro}  {rank}. {reason}")


def _tell_spot(outcome: Outcome) -> None:
    _tell(spot_text(outcome))


def _reruns_text(outcome: Outcome) -> str:
    return f"{outcome.run.title}: {outcome.reruns.text}" if outcome.reruns else ""


def _tell(text: str) -> None:
    if text:
        print(text, file=sys.stderr)


def _echo(talk: bytes) -> None:
    sys.stderr.write(talk.decode("utf-8", "replace"))
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
