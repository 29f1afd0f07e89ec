"""Reports for other programs: ``--report json=FILE``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx_modelzoo.errors import CallError, Problem, UndecidedError
from sphinx_modelzoo.manifest.values import suggestion
from sphinx_modelzoo.receipts.store import write_atomically
from sphinx_modelzoo.verify.folders import check_writable
from sphinx_modelzoo.verify.outcome import Outcome

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a command found: the outcomes so far, other problems, and how it ends."""

    manifest: str
    outcomes: Sequence[Outcome] = ()
    problems: Sequence[Problem] = ()
    exit_code: int = 0


def json_report(findings: Findings) -> str:
    """Give the findings as JSON: an object with ``numbers``, one object a listed number."""
    data = {
        "manifest": findings.manifest,
        "exit": findings.exit_code,
        "problems": [
            {"place": problem.place, "what": problem.what, "remedy": problem.remedy}
            for problem in findings.problems
        ],
        "numbers": [number_fields(outcome) for outcome in findings.outcomes],
    }
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


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
        "n": decision.n if decision else 0,
        "N": outcome.total,
        "band": [decision.band.low, decision.band.high] if decision else None,
        "verdict": outcome.word,
        "path": listed.place.path,
        "line": listed.place.line,
        "column": listed.place.column,
        "message": "\n".join(str(problem) for problem in outcome.problems),
        "receipt": str(outcome.receipt) if outcome.receipt else None,
    }


RENDERERS: Mapping[str, Callable[[Findings], str]] = {"json": json_report}


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
        if self.kind not in RENDERERS:
            known = f"known are {', '.join(RENDERERS)}"
            what = f"--report {self.kind}={self.file}: unknown kind {self.kind!r}"
            raise CallError(Problem(what, suggestion(self.kind, RENDERERS, known)))
        path = Path(self.file)
        if path.is_dir():
            raise CallError(Problem("this is a folder", "name a file", self.file))
        if not self.to_standard_output and not _is_special(path):
            check_writable(path.resolve().parent, f"--report {self.kind}=FILE")

    def write(self, findings: Findings) -> None:
        """Write the report; a regular file is written whole or not at all.

        Raises:
            UndecidedError: it cannot be written.
        """
        text = RENDERERS[self.kind](findings)
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
