"""Reports for other programs: ``--report KIND=FILE``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError
from sphinx_modelzoo.manifest.values import suggestion
from sphinx_modelzoo.receipts.atomic import write_atomically
from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.reports.forms import FORMS
from sphinx_modelzoo.reports.numbers import Level, ListedNumber, Report
from sphinx_modelzoo.verify.folders import check_writable
from sphinx_modelzoo.verify.outcome import PREDICTED, UNVERIFIABLE, Outcome
from sphinx_modelzoo.verify.report.explain import spot_fields
from sphinx_modelzoo.verify.verdict import shown

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a command found: the outcomes so far, other problems, and how it ends."""

    manifest: str
    outcomes: Sequence[Outcome] = ()
    problems: Sequence[Problem] = ()
    exit_code: int = 0


def report_of(findings: Findings, command: str, version: str) -> Report:
    """Give the findings in the form that all kinds of reports are made from."""
    return Report(
        command=command,
        version=version,
        manifest=findings.manifest,
        numbers=[_listed_number(outcome) for outcome in findings.outcomes],
        problems=findings.problems,
        exit_code=findings.exit_code,
    )


_LEVELS = {
    Verdict.CONFIRMED: Level.HOLDS,
    Verdict.REFUTED: Level.ERROR,
    Verdict.UNDECIDED: Level.ERROR,
    None: Level.NOTE,
}


def _listed_number(outcome: Outcome) -> ListedNumber:
    run, metric, decision = outcome.run, outcome.metric, outcome.decision
    listed = run.number(metric)
    measured = decision.measured if decision else None
    said = [_without_place(problem, str(listed.place)) for problem in outcome.problems]
    if outcome.word == UNVERIFIABLE:
        said.append("the metric has no 'top': it is listed, not counted item by item")
    if outcome.word == PREDICTED and outcome.shard is not None:
        head = outcome.shard.head
        said.append(f"shard {head.number} of {head.of}: 'verify-zoo merge' decides by all of them")
    return ListedNumber(
        entry=run.entry.key,
        dataset=run.dataset.key,
        protocol=run.result.protocol,
        metric=metric.key,
        listed=listed.text,
        word=outcome.word,
        level=Level.HOLDS if outcome.checked else _LEVELS[outcome.verdict],
        path=listed.place.path,
        line=listed.place.line,
        column=listed.place.column,
        measured="" if measured is None else shown(measured, run, metric),
        counted=f"{decision.correct} of {decision.n}" if decision else "",
        message="\n".join(said),
        reasons=outcome.reasons,
        remarks=[outcome.reruns.text] if outcome.reruns else [],
        artefacts=[str(path) for path in outcome.artefacts],
        seconds=outcome.seconds,
        fields=number_fields(outcome),
    )


def _without_place(problem: Problem, place: str) -> str:
    """Give a problem's text, without its place where that is known already."""
    return str(replace(problem, place="") if problem.place == place else problem)


def number_fields(outcome: Outcome) -> dict[str, Any]:
    """Give what a report says of one number.

    ``listed`` and ``measured`` are numbers in the metric's unit, ``listed_text`` is what stands in
    the manifest; ``correct`` of ``n`` items counted out of ``N``. What is not known is null.
    """
    run, metric, decision = outcome.run, outcome.metric, outcome.decision
    listed = run.number(metric)
    measured = decision.measured if decision else None
    return {
        "entry": run.entry.key,
        "dataset": run.dataset.key,
        "protocol": run.result.protocol,
        "metric": metric.key,
        "listed": float(listed.value),
        "listed_text": listed.text,
        "measured": None if measured is None else round(float(measured), 6),
        "correct": decision.correct if decision else None,
        "n": outcome.seen,
        "N": outcome.total,
        "band": [decision.band.low, decision.band.high] if decision else None,
        "verdict": outcome.word,
        "tier": outcome.tier or None,
        "seed": outcome.seed or None,
        "reruns": outcome.reruns.fields() if outcome.reruns else None,
        "spot": None if not decision or not decision.spot else spot_fields(decision.spot),
        "path": listed.place.path,
        "line": listed.place.line,
        "column": listed.place.column,
        "message": "\n".join(str(problem) for problem in outcome.problems),
        "reasons": list(outcome.reasons),
        "artefacts": [str(path) for path in outcome.artefacts],
        "seconds": outcome.seconds,
        "receipt": str(outcome.receipt) if outcome.receipt else None,
    }


def check_targets(targets: Sequence[ReportTarget]) -> None:
    """See that every report can be written.

    Raises:
        CallError: one cannot, or several would be mixed on standard output.
    """
    for target in targets:
        target.check()
    if sum(target.to_standard_output for target in targets) > 1:
        what = "several reports would be mixed on standard output"
        raise CallError(Problem(what, "send all but one to files"))


@dataclass(frozen=True, slots=True)
class ReportTarget:
    """A kind of report and the file it goes to; ``-`` is standard output."""

    kind: str
    file: str

    @property
    def to_standard_output(self) -> bool:
        """Whether the report takes standard output for itself."""
        return self.file in {STANDARD_OUTPUT, "/dev/stdout"}

    def check(self) -> None:
        """See that the kind is known and the file can be written.

        Raises:
            CallError: one of them is not so.
        """
        if self.kind not in FORMS:
            known = f"known are {', '.join(FORMS)}"
            what = f"--report {self.kind}={self.file}: unknown kind {self.kind!r}"
            raise CallError(Problem(what, suggestion(self.kind, FORMS, known)))
        path = Path(self.file)
        if path.is_dir():
            raise CallError(Problem("this is a folder", "name a file", self.file))
        if not self.to_standard_output and not _is_special(path):
            check_writable(path.resolve().parent, f"--report {self.kind}=FILE")

    def write(self, report: Report) -> None:
        """Write the report; a regular file is written whole or not at all.

        Raises:
            UndecidedError: it cannot be written.
        """
        text = FORMS[self.kind](report)
        path = Path(self.file).resolve()
        try:
            if self.to_standard_output:
                sys.stdout.write(text)
                sys.stdout.flush()
            elif _is_special(path):
                path.write_text(text, encoding="utf-8")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, text)
        except BrokenPipeError:
            raise
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            problem = Problem(
                f"the report cannot be written: {reason}", "name another file", self.file
            )
            raise UndecidedError(problem) from error


def _is_special(path: Path) -> bool:
    """Tell whether a path is a device or a pipe, which must not be replaced by a file."""
    return path.exists() and not path.is_file()
