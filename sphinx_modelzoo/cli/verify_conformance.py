"""The command ``verify-zoo conformance``: whether a recognizer keeps to the pipe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sphinx_modelzoo.cli.command import print_problems
from sphinx_modelzoo.cli.recognizer_choice import (
    add_recognizers,
    check_engine,
    known_recognizers,
)
from sphinx_modelzoo.cli.verify_data import data_folders
from sphinx_modelzoo.cli.verify_options import add_choice, data_folder, seconds, user_path
from sphinx_modelzoo.cli.verify_places import coloured, manifest_path
from sphinx_modelzoo.errors import CallError, Exit, Problem
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.manifest.values import suggestion
from sphinx_modelzoo.receipts.atomic import write_atomically
from sphinx_modelzoo.verify.conformance.bench import Subject
from sphinx_modelzoo.verify.conformance.checks import CHECKS, Result, State, conform, exit_code
from sphinx_modelzoo.verify.conformance.report import FORMS, Conformance, explanation, line
from sphinx_modelzoo.verify.dataset import listed_labels
from sphinx_modelzoo.verify.folders import check_writable
from sphinx_modelzoo.verify.plan import Run, plan
from sphinx_modelzoo.verify.printed.printers import Printer
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.request import class_count, open_request
from sphinx_modelzoo.verify.source import find_source

EPILOG = """\
examples:
  verify-zoo conformance my-net                with the nearest zoo.yaml and modelzoo.toml
  verify-zoo conformance gluoncv-action --demo
  verify-zoo conformance my-net --skip unreadable-item --report junit=checks.xml zoo.yaml

exit codes:
  0  all checks passed
  1  a check failed
  2  the manifest or the call is wrong
  3  a check could not be tried
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "conformance",
        help="try whether a recognizer keeps to the pipe",
        description="Try whether a recognizer keeps to the pipe, with one entry of a manifest that "
        "it is named for.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("recognizer", metavar="RECOGNIZER", help="its name in the manifest")
    parser.add_argument(
        "manifest",
        nargs="?",
        type=Path,
        metavar="MANIFEST",
        help="the manifest (default: the nearest zoo.yaml from here upwards)",
    )
    parser.add_argument("--demo", action="store_true", help="the zoo inside the package")
    add_choice(parser)
    _add_running(parser)
    group = parser.add_argument_group("what it leaves")
    group.add_argument(
        "--report",
        action="append",
        default=[],
        type=_report,
        metavar="KIND=FILE",
        help=f"a report for other programs, KIND is {' or '.join(FORMS)}; - is standard output "
        "(repeatable)",
    )
    group.add_argument(
        "--debug", action="store_true", help="show tracebacks and what the recognizer says"
    )
    parser.set_defaults(run=run)


def _add_running(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how to run it")
    group.add_argument(
        "--data",
        action="append",
        default=[],
        type=data_folder,
        metavar="NAME=PATH",
        help="the folder of a data set, with its list and media (repeatable)",
    )
    group.add_argument("--offline", action="store_true", help="let it fetch nothing")
    add_recognizers(group)
    group.add_argument(
        "--config", type=user_path, metavar="FILE", help="the recognizers' configuration"
    )
    group.add_argument(
        "--items",
        type=_count,
        default=6,
        metavar="N",
        help="how many items it predicts in each check (default: %(default)s)",
    )
    group.add_argument(
        "--skip",
        action="append",
        default=[],
        choices=CHECKS,
        metavar="CHECK",
        help="leave out this check (repeatable)",
    )
    group.add_argument(
        "--timeout",
        type=seconds,
        default=60.0,
        metavar="SECONDS",
        help="a check fails when it is silent for this long (default: %(default)g)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command and give its exit code."""
    files = [file for _, file in arguments.report if file != "-"]
    for file in files:
        check_writable(Path(file).resolve().parent, "--report KIND=FILE")
    zoo = read_zoo(manifest_path(arguments.manifest, demo=arguments.demo))
    chosen, command = _chosen(zoo, arguments)
    subject = _subject(zoo, chosen, command, arguments)
    to_errors = len(files) < len(arguments.report)
    stream = sys.stderr if to_errors else sys.stdout
    results: list[Result] = []
    for result in conform(subject, arguments.skip):
        print(line(result, colour=coloured(stream)), file=stream, flush=True)
        results.append(result)
    for result in results:
        if result.state in {State.FAILED, State.UNTRIED}:
            print(explanation(command.name, result), file=sys.stderr)
    found = Conformance(command.name, chosen.title, results, exit_code(results))
    return _write(arguments.report, found)


def _chosen(zoo: Zoo, arguments: argparse.Namespace) -> tuple[Run, Command]:
    """Choose the recognizer, and the first entry that names it."""
    name = arguments.recognizer
    known, config = known_recognizers(arguments)
    if name not in known:
        remedy = suggestion(name, known, f"known are {', '.join(known)}")
        where = config or "modelzoo.toml"
        what = f"recognizer {name!r} is neither built in nor in {where}"
        raise CallError(Problem(what, remedy))
    check_engine(arguments, {name: known[name]})
    if isinstance(known[name], Printer):
        what = f"recognizer {name!r} only prints; it does not speak the pipe"
        raise CallError(Problem(what, "verify a number with it instead"))
    runs = plan(zoo, arguments.model, arguments.dataset)
    for chosen in runs:
        if chosen.protocol is not None and chosen.protocol.recognizer == name and chosen.counted:
            return chosen, known[name]
    what = f"no number of the manifest is measured with the recognizer {name!r}"
    raise CallError(Problem(what, "let a protocol name it", str(zoo.path)))


def _subject(zoo: Zoo, chosen: Run, command: Command, arguments: argparse.Namespace) -> Subject:
    folders = data_folders(zoo, arguments.data)
    source = find_source(zoo, chosen.dataset, folders.get(chosen.dataset.key))
    return Subject(
        command=command,
        request=open_request(zoo, chosen, source, offline=arguments.offline),
        labels=listed_labels(zoo, chosen, source, class_count(chosen), None),
        sample=arguments.items,
        needed=max(metric.top or 1 for metric in chosen.counted),
        timeout=arguments.timeout,
        echo=_echo if arguments.debug else None,
    )


def _write(reports: Sequence[tuple[str, str]], found: Conformance) -> int:
    """Write every report; give the exit code, which a lost report turns from 0 to 3."""
    code = found.exit_code
    for kind, file in reports:
        text = FORMS[kind](found)
        if file == "-":
            sys.stdout.write(text)
            continue
        try:
            Path(file).resolve().parent.mkdir(parents=True, exist_ok=True)
            write_atomically(Path(file), text)
        except OSError as error:
            problem = Problem(f"cannot write the report: {error.strerror}", "name another", file)
            print_problems((problem,))
            code = code or Exit.UNDECIDED
    return code


def _report(text: str) -> tuple[str, str]:
    kind, equals, file = text.partition("=")
    if not (equals and file and kind in FORMS):
        message = f"{text!r} is not KIND=FILE with KIND one of {', '.join(FORMS)}"
        raise argparse.ArgumentTypeError(message)
    return kind, file if file == "-" else str(user_path(file))


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) > 1):
        message = f"{text!r} is no number of items from 2 on; write for example 6"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _echo(talk: bytes) -> None:
    sys.stderr.write(talk.decode("utf-8", "replace"))
    sys.stderr.flush()
