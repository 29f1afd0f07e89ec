"""The table of verdicts: one row a number, printed as each is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sphinx_modelzoo.receipts.model import Verdict
from sphinx_modelzoo.verify.outcome import Outcome
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.verdict import shown

HEADERS = ("entry", "data set", "metric", "listed", "measured", "n of N", "verdict")
NONE = "-"

_RIGHT = frozenset({"listed", "measured", "n of N"})
_COLOURS = {Verdict.CONFIRMED: "32", Verdict.REFUTED: "1;31", Verdict.UNDECIDED: "33", None: "2"}


@dataclass(frozen=True, slots=True)
class Table:
    """Aligned text for a plan's outcomes; the widths are known before the first of them."""

    widths: tuple[int, ...]
    colour: bool = False

    def head(self) -> str:
        """Give the line of column titles."""
        return self._line(HEADERS)

    def row(self, outcome: Outcome) -> str:
        """Give an outcome's line."""
        cells = _cells(outcome)
        line = self._line(cells)
        if not self.colour:
            return line
        verdict = cells[-1]
        coloured = f"\x1b[{_COLOURS[outcome.verdict]}m{verdict}\x1b[0m"
        return line.removesuffix(verdict) + coloured

    def _line(self, cells: Sequence[str]) -> str:
        padded = [
            cell.rjust(width) if title in _RIGHT else cell.ljust(width)
            for title, cell, width in zip(HEADERS, cells, self.widths, strict=True)
        ]
        return "  ".join(padded).rstrip()


def table_for(runs: Sequence[Run], *, colour: bool) -> Table:
    """Make the table that will hold the outcomes of a plan."""
    rows = [
        (run.entry.key, run.dataset.key, metric.key, run.number(metric).text, "", _widest(run), "")
        for run in runs
        for metric in run.metrics
    ]
    widths = tuple(
        max([len(title), *(len(row[index]) for row in rows)]) for index, title in enumerate(HEADERS)
    )
    return Table(widths, colour)


def _widest(run: Run) -> str:
    """Give the longest ``n of N`` to expect; data sets of unknown size get room for a million."""
    total = run.dataset.samples or 1_000_000
    return f"{total} of {total}"


def _cells(outcome: Outcome) -> tuple[str, ...]:
    run, metric, decision = outcome.run, outcome.metric, outcome.decision
    measured = decision.measured if decision else None
    total = NONE if outcome.total is None else str(outcome.total)
    looked_at = outcome.verdict is not None or outcome.shard is not None
    seen = f"{outcome.seen} of {total}" if looked_at else NONE
    return (
        run.entry.key,
        run.dataset.key,
        metric.key,
        run.number(metric).text,
        NONE if measured is None else shown(measured, run, metric),
        seen,
        outcome.word.upper(),
    )
