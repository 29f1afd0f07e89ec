"""The command ``verify-zoo``: measure a zoo's numbers again."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from sphinx_modelzoo.cli.command import print_fault, print_problems, run_command, version_text
from sphinx_modelzoo.cli.manifests import default_manifest
from sphinx_modelzoo.cli.verify_options import parser
from sphinx_modelzoo.demo.locate import demo_manifest
from sphinx_modelzoo.errors import CallError, Exit, ModelZooError, Problem
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.verify.folders import check_writable
from sphinx_modelzoo.verify.measure import Settings
from sphinx_modelzoo.verify.outcome import Outcome, exit_code
from sphinx_modelzoo.verify.plan import Run, check_datasets, plan
from sphinx_modelzoo.verify.process import Command
from sphinx_modelzoo.verify.progress import Progress
from sphinx_modelzoo.verify.recognizers import (
    built_in,
    commands_for,
    configured,
    find_config,
)
from sphinx_modelzoo.verify.report import Findings
from sphinx_modelzoo.verify.run import Verifier
from sphinx_modelzoo.verify.table import table_for

DEMO_RECEIPTS = Path("demo-receipts")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``verify-zoo`` and give its exit code."""
    options = parser().parse_args(arguments)
    return run_command(lambda: _Session(options).run(), debug=options.debug)


@dataclass(slots=True)
class _Session:
    """One call of the command: what was asked, and what was found so far."""

    options: argparse.Namespace
    outcomes: list[Outcome] = field(default_factory=list)
    manifest: str = ""

    def run(self) -> int:
        """Verify and report; reports are written whatever happens."""
        for target in self.options.report:
            target.check()
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
        for target in self.options.report:
            try:
                target.write(findings)
            except ModelZooError as error:
                print_problems(error.problems)
                ends_with = code or error.exit_code
        return ends_with

    def _verify(self) -> int:
        options = self.options
        path = _manifest_path(options)
        self.manifest = str(path)
        zoo = read_zoo(path)
        runs = plan(zoo, options.model, options.dataset)
        data = _data_folders(zoo, options.data)
        commands = _commands(runs, options)
        receipts = _receipts_folder(zoo, options)
        if any(run.counted for run in runs):
            check_writable(receipts, "--receipts")
        echo = _echo if options.debug else None
        settings = Settings(
            data, options.offline, options.seed, options.timeout, echo, version_text()
        )
        try:
            watch = _Watch(sys.stderr, debug=options.debug)
            self._print_table(Verifier(zoo, commands, settings, receipts, watch), runs)
        finally:
            print_problems([problem for each in self.outcomes for problem in each.problems])
            self._print_summary(receipts, sum(len(run.metrics) for run in runs))
        return exit_code(self.outcomes)

    def _print_table(self, verifier: Verifier, runs: Sequence[Run]) -> None:
        reports_take_it = any(target.to_standard_output for target in self.options.report)
        stream = sys.stderr if reports_take_it else sys.stdout
        table = table_for(runs, colour=_coloured(stream))
        print(table.head(), file=stream, flush=True)
        for outcome in verifier.verify(runs):
            self.outcomes.append(outcome)
            print(table.row(outcome), file=stream, flush=True)

    def _print_summary(self, receipts: Path, expected: int) -> None:
        written = sum(outcome.receipt is not None for outcome in self.outcomes)
        listed = sum(outcome.verdict is None for outcome in self.outcomes)
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

    def fault(self, error: Exception) -> None:
        """Print the traceback, where it was asked for; the outcome has the message."""
        if self._debug:
            self.end()
            print_fault(error, debug=True)


def _manifest_path(options: argparse.Namespace) -> Path:
    given: Path | None = options.manifest
    if options.demo:
        if given is not None:
            remedy = "leave out one of them"
            raise CallError(Problem("--demo and a manifest were both given", remedy))
        return demo_manifest()
    return default_manifest(given)


def _data_folders(zoo: Zoo, pairs: Sequence[tuple[str, Path]]) -> dict[str, Path]:
    problems = check_datasets(zoo, [name for name, _ in pairs], "--data")
    folders: dict[str, Path] = {}
    for name, path in pairs:
        if name in folders:
            what = f"--data {name} was given twice"
            problems.append(Problem(what, "give one folder for each data set"))
        elif not path.is_dir():
            what = f"--data {name}={path}: there is no such folder"
            problems.append(Problem(what, "give the folder that holds its list and its media"))
        folders[name] = path
    if problems:
        raise CallError(*problems)
    return folders


def _commands(runs: Sequence[Run], options: argparse.Namespace) -> dict[str, Command]:
    python = options.python or sys.executable
    found = shutil.which(os.path.expanduser(python))  # noqa: PTH111 - a bare name stays bare
    if found is None:
        what = f"--python {python}: there is no such interpreter"
        raise CallError(Problem(what, "give the path of an executable Python"))
    # Recognizers may run in another folder. A virtual environment's link must not be followed.
    python = os.path.abspath(found)  # noqa: PTH100
    config = options.config or find_config(Path.cwd())
    known = built_in(python)
    if config is not None:
        known |= configured(config, python)
    return commands_for(runs, known, config)


def _receipts_folder(zoo: Zoo, options: argparse.Namespace) -> Path:
    if options.receipts is not None:
        return Path(options.receipts)
    if options.demo:
        return DEMO_RECEIPTS
    folder = zoo.root / zoo.receipts
    if not folder.resolve().is_relative_to(zoo.root.resolve()):
        what = f"the receipts folder {zoo.receipts!r} leads out of the manifest's folder"
        raise CallError(Problem(what, "name one with --receipts", str(zoo.path)))
    return folder


def _coloured(stream: TextIO) -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _echo(talk: bytes) -> None:
    sys.stderr.write(talk.decode("utf-8", "replace"))
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
