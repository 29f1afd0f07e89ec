"""What ``check-links`` and ``check-files`` do with their options and with what they find."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator

from sphinx_modelzoo.network.cache import Journal, cache_folder
from sphinx_modelzoo.network.model import Finding, State
from sphinx_modelzoo.network.schedule import Limits


def limits_of(arguments: argparse.Namespace) -> Limits:
    """Give the limits that the options ask for."""
    silence = 3 * float(arguments.timeout)
    return Limits(arguments.workers, arguments.per_host, silence)


def open_journal(arguments: argparse.Namespace, name: str) -> Journal:
    """Open the command's journal in the cache folder."""
    folder = arguments.cache or cache_folder()
    journal = Journal(folder / name, arguments.max_age)
    journal.load()
    return journal


def report(findings: Iterable[Finding], arguments: argparse.Namespace, one: str, many: str) -> int:
    """Print findings as they come, and give the exit code; ``one`` and ``many`` name targets."""
    seen: list[Finding] = []
    for finding in findings:
        seen.append(finding)
        if arguments.format == "text":
            _clear()
            for line in _lines(finding, verbose=arguments.verbose):
                print(line, flush=True)
        _progress(len(seen), many)
    _clear()
    if arguments.format == "json":
        seen.sort(key=lambda finding: min(use.place for use in finding.uses))
        print(json.dumps([item for found in seen for item in _items(found)], indent=2))
    states = [finding.outcome.state for finding in seen]
    counts = ", ".join(f"{states.count(state)} {state.value}" for state in State)
    cached = sum(finding.cached for finding in seen)
    remembered = f" ({cached} from the cache)" if cached else ""
    stream = sys.stdout if arguments.format == "text" else sys.stderr
    noun = one if len(seen) == 1 else many
    print(f"{len(seen)} {noun}: {counts}{remembered}", file=stream)
    if State.BROKEN in states:
        return 1
    return 3 if State.UNKNOWN in states else 0


def _lines(finding: Finding, *, verbose: bool) -> Iterator[str]:
    outcome = finding.outcome
    if outcome.state is State.OK and not verbose:
        return
    remedy = f"; {outcome.remedy}" if outcome.remedy else ""
    for use in finding.uses:
        about = f"{outcome.state.value}: {use.owner} {use.role}"
        yield f"{use.place}: {about}: {finding.target}: {outcome.what}{remedy}"


def _items(finding: Finding) -> Iterator[dict[str, object]]:
    for use in finding.uses:
        yield {
            "state": finding.outcome.state.value,
            "target": finding.target,
            "message": finding.outcome.what,
            "remedy": finding.outcome.remedy,
            "entry": use.owner,
            "role": use.role,
            "cached": finding.cached,
            "path": use.place.path,
            "line": use.place.line,
            "column": use.place.column,
        }


def _progress(count: int, noun: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{count} {noun} checked", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
