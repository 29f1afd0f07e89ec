"""The standing of a number, as words and a shape, never as colour alone."""

from __future__ import annotations

from docutils import nodes

from sphinx_modelzoo.receipts.model import Status, StatusKind

_MARKS = {
    StatusKind.VERIFIED: ("✓", r"\checkmark"),
    StatusKind.CLAIMED: ("○", r"\circ"),
    StatusKind.STALE: ("△", r"\triangle"),
    StatusKind.REFUTED: ("✗", r"\times"),
}


def status_text(status: Status) -> str:
    """Give a status in words, such as ``verified 2026-11-23, 3155 of 3783``."""
    match status.kind:
        case StatusKind.VERIFIED:
            return f"verified {status.date}, {_count(status)}"
        case StatusKind.REFUTED:
            reason = status.reason or f"measured {_count(status)}"
            return f"refuted {status.date}: {reason}"
        case StatusKind.STALE:
            return f"stale: {status.reason}" if status.reason else "stale"
        case _:
            return "claimed"


def _count(status: Status) -> str:
    counted = f"{status.correct} of {status.n}"
    return counted if status.n == status.total else f"{counted} checked, of {status.total}"


def status_node(status: Status, form: str) -> nodes.inline:
    """Give a status for builders of a format; LaTeX's shapes are formulas, which any font has."""
    character, formula = _MARKS[status.kind]
    mark = nodes.math(formula, formula) if form == "latex" else nodes.Text(character)
    text = status_text(status)
    return nodes.inline(
        "",
        "",
        nodes.inline(character, "", mark, classes=["zoo-mark"]),
        nodes.Text(f" {text}"),
        classes=["zoo-status", f"zoo-{status.kind.value}"],
    )
