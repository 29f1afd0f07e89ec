"""The work of ``modelzoo lint``: read, ask the rules, print."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sphinx_modelzoo import __version__
from sphinx_modelzoo.cli.manifests import default_manifest
from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.lint.finding import Finding, Severity
from sphinx_modelzoo.lint.formats import github_report, json_report
from sphinx_modelzoo.lint.junit import junit_report
from sphinx_modelzoo.lint.pages import explained
from sphinx_modelzoo.lint.rule import Options
from sphinx_modelzoo.lint.rules import RULES
from sphinx_modelzoo.lint.run import Choice, Report, lint_zoo, rule_of
from sphinx_modelzoo.lint.sarif import sarif_report
from sphinx_modelzoo.lint.text import Sources, summary, text_report
from sphinx_modelzoo.manifest.loader_table import LoaderTable, installed_table, read_table
from sphinx_modelzoo.manifest.reader import examine
from sphinx_modelzoo.manifest.sources import Disk

STANDARD_INPUT = "-"
_SHOWN_AS = Path("<stdin>")


def explain(code: str) -> int:
    """Print what a rule is about."""
    print(explained(rule_of(code)), end="")
    return 0


def lint_all(arguments: argparse.Namespace) -> int:
    """Lint the manifests, print what is found, and give the exit code.

    Raises:
        CallError: an option is wrong, or a manifest is not there.
    """
    choice = Choice(_codes(arguments.select), _codes(arguments.ignore))
    choice.check()
    if arguments.logs is not None and not arguments.logs.is_dir():
        what = "there is no such folder"
        raise CallError(Problem(what, "name a folder with --logs", str(arguments.logs)))
    table = read_table(arguments.model_store) if arguments.model_store is not None else None
    texts: dict[str, bytes] = {}
    reports = []
    for path, source in [_source(given, texts) for given in arguments.manifests or [None]]:
        zoo, problems = examine(path, source)
        loader = table or _installed(zoo.loader, verbose=arguments.verbose)
        options = Options(
            loader=loader,
            logs=arguments.logs,
            files=not arguments.no_files,
            loader_models=arguments.loader_models,
        )
        reports.append(lint_zoo(zoo, problems, options, choice))
    findings = list(dict.fromkeys(found for report in reports for found in report.findings))
    _print(arguments, reports, findings, texts)
    fails = any(arguments.strict or found.severity is Severity.ERROR for found in findings)
    return 2 if fails else 0


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    """Split lists of codes; small letters are understood."""
    return tuple(code.strip().upper() for text in given for code in text.split(","))


def _source(given: str | None, texts: dict[str, bytes]) -> tuple[Path, Disk]:
    """Give a manifest's path and where it is read from; standard input is kept in ``texts``."""
    if given == STANDARD_INPUT:
        data = texts.setdefault(str(_SHOWN_AS), b"") or sys.stdin.buffer.read()
        texts[str(_SHOWN_AS)] = data
        return _SHOWN_AS, Disk({_SHOWN_AS: data})
    return default_manifest(Path(given) if given is not None else None), Disk()


def _installed(loader: str, *, verbose: bool) -> LoaderTable | None:
    table = installed_table(loader) if loader else None
    if verbose and table is None:
        named = f"the loader {loader!r}" if loader else "a loader, which the manifest does not name"
        print(f"not looked at: the table of {named}; name it with --model-store", file=sys.stderr)
    return table


def _print(
    arguments: argparse.Namespace,
    reports: Sequence[Report],
    findings: Sequence[Finding],
    texts: dict[str, bytes],
) -> None:
    if arguments.format == "json":
        sys.stdout.write(json_report(findings))
    elif arguments.format == "github":
        sys.stdout.write(github_report(findings))
    elif arguments.format == "sarif":
        sys.stdout.write(sarif_report(findings, RULES, __version__))
    elif arguments.format == "junit":
        found = {str(report.zoo.path): report.findings for report in reports}
        sys.stdout.write(junit_report(found, RULES, strict=arguments.strict))
    else:
        for line in text_report(findings, Sources(texts), coloured=_coloured()):
            print(line)
        print(summary(findings, len(reports)))


def _coloured() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain
