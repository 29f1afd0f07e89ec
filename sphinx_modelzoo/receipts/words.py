"""The standing of a number in words, the same in tables, cards and on the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from sphinx_modelzoo.receipts.model import Status, StatusKind

MARKS: Mapping[StatusKind, str] = {
    StatusKind.VERIFIED: "✓",
    StatusKind.SPOT: "◐",
    StatusKind.CLAIMED: "○",
    StatusKind.STALE: "△",
    StatusKind.REFUTED: "✗",
}
"""The shape that stands before the words, as colour alone would not do."""


def status_text(status: Status) -> str:
    """Give a status in words, such as ``verified 2026-11-23, 3155 of 3783``."""
    match status.kind:
        case StatusKind.VERIFIED | StatusKind.SPOT:
            return f"{status.kind.value} {status.date}, {count_text(status)}"
        case StatusKind.REFUTED:
            reason = status.reason or f"measured {count_text(status)}"
            return f"refuted {status.date}: {reason}"
        case StatusKind.STALE:
            return f"stale: {status.reason}" if status.reason else "stale"
        case StatusKind.CLAIMED:
            return f"claimed: {status.reason}" if status.reason else "claimed"


def count_text(status: Status) -> str:
    """Give what was counted: ``3155 of 3783``, or ``527 of 633 checked, of 3783``."""
    counted = f"{status.correct} of {status.n}"
    return counted if status.n == status.total else f"{counted} checked, of {status.total}"
