"""Each number's standing, as a table and as a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sphinx_modelzoo.manifest.model import Metric
from sphinx_modelzoo.receipts.model import Status, StatusKind
from sphinx_modelzoo.receipts.words import status_text
from sphinx_modelzoo.reports.numbers import Level, ListedNumber
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.text import printable

HEADERS = ("entry", "data set", "protocol", "metric", "listed", "status")

_SUFFICES = {
    "spot-checked": (StatusKind.SPOT, StatusKind.VERIFIED),
    "verified": (StatusKind.VERIFIED,),
}
REQUIRE = tuple(_SUFFICES)
"""What can be asked of each number; the later includes the former."""

_COLOURS = {
    StatusKind.VERIFIED: "32",
    StatusKind.SPOT: "32",
    StatusKind.CLAIMED: "2",
    StatusKind.STALE: "33",
    StatusKind.REFUTED: "1;31",
}
_LEVELS = {
    StatusKind.VERIFIED: Level.HOLDS,
    StatusKind.SPOT: Level.HOLDS,
    StatusKind.CLAIMED: Level.NOTE,
    StatusKind.STALE: Level.WARNING,
    StatusKind.REFUTED: Level.ERROR,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A listed number and its status."""

    run: Run
    metric: Metric
    status: Status

    @property
    def countable(self) -> bool:
        """Whether the number can be verified at all."""
        return self.metric.top is not None or self.status.receipt is not None

    def suffices(self, require: str | None) -> bool:
        """Tell whether a number is what ``--require`` asks for; what cannot be counted always."""
        if require is None or not self.countable:
            return True
        return self.status.kind in _SUFFICES[require]


def status_lines(standings: Sequence[Standing], *, colour: bool) -> Iterator[str]:
    """Give a table of statuses, a line a number; the reasons stand at the end, whole."""
    rows = [_cells(standing) for standing in standings]
    widths = [max(map(len, column)) for column in zip(HEADERS, *rows, strict=True)][:-1]
    yield _line(HEADERS, widths, HEADERS[-1])
    for cells, standing in zip(rows, standings, strict=True):
        last = cells[-1]
        if colour:
            last = f"\x1b[{_COLOURS[standing.status.kind]}m{last}\x1b[0m"
        yield _line(cells, widths, last)


def listed_number(standing: Standing, require: str | None) -> ListedNumber:
    """Give what reports say of a number's standing."""
    run, metric, status = standing.run, standing.metric, standing.status
    listed = run.number(metric)
    level = _LEVELS[status.kind]
    if not standing.suffices(require) or _distrusted(status):
        level = Level.ERROR
    return ListedNumber(
        entry=run.entry.key,
        dataset=run.dataset.key,
        protocol=run.result.protocol,
        metric=metric.key,
        listed=listed.text,
        word=status.kind.value,
        level=level,
        path=listed.place.path,
        line=listed.place.line,
        column=listed.place.column,
        counted=f"{status.correct} of {status.n}" if status.n else "",
        message=_message(standing),
        artefacts=[str(status.receipt)] if status.receipt else (),
        fields=_fields(standing),
    )


def _distrusted(status: Status) -> bool:
    """Tell whether there is a receipt that was not believed."""
    return status.kind is StatusKind.CLAIMED and bool(status.reason)


def _message(standing: Standing) -> str:
    run, status = standing.run, standing.status
    again = f"run verify-zoo --model {run.entry.key} --dataset {run.dataset.key}"
    if not standing.countable:
        return "the metric has no 'top': it is listed, not counted item by item"
    match status.kind:
        case StatusKind.VERIFIED:
            return ""
        case StatusKind.SPOT:
            return f"{status_text(status)}; for all items, {again} --tier full"
        case StatusKind.CLAIMED if not status.reason:
            return f"there is no receipt; {again}"
        case StatusKind.REFUTED:
            return f"{status_text(status)}; correct it, or find what differs"
        case _:
            return f"{status_text(status)}; {again}"


def _fields(standing: Standing) -> dict[str, Any]:
    run, metric, status = standing.run, standing.metric, standing.status
    listed = run.number(metric)
    return {
        "entry": run.entry.key,
        "dataset": run.dataset.key,
        "protocol": run.result.protocol,
        "metric": metric.key,
        "listed": float(listed.value),
        "listed_text": listed.text,
        "status": status.kind.value,
        "reason": status.reason,
        "date": status.date or None,
        "correct": status.correct if status.n else None,
        "n": status.n,
        "N": status.total or run.dataset.samples,
        "path": listed.place.path,
        "line": listed.place.line,
        "column": listed.place.column,
        "receipt": str(status.receipt) if status.receipt else None,
    }


def _cells(standing: Standing) -> tuple[str, ...]:
    run, metric = standing.run, standing.metric
    text = printable(status_text(standing.status), limit=1000)
    return (
        run.entry.key,
        run.dataset.key,
        run.result.protocol or "-",
        metric.key,
        run.number(metric).text,
        text if standing.countable else f"{text}: not counted item by item",
    )


def _line(cells: Sequence[str], widths: Sequence[int], last: str) -> str:
    padded = [
        cell.rjust(width) if title == "listed" else cell.ljust(width)
        for title, cell, width in zip(HEADERS[:-1], cells[:-1], widths, strict=True)
    ]
    return "  ".join([*padded, last])
