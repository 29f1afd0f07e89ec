"""A difference as text, as Markdown for release notes, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from sphinx_modelzoo.compare.model import Change, Kind
from sphinx_modelzoo.reports.markdown import code, row

_HEADINGS = {
    Kind.ADDED: "Added",
    Kind.REMOVED: "Removed",
    Kind.RENAMED: "Renamed",
    Kind.REWEIGHTED: "New weights",
    Kind.IDENTIFIED: "Given a hashtag",
    Kind.REPLACED: "Weights replaced under the same hashtag",
    Kind.REMEASURED: "Re-measured",
    Kind.RESTATED: "Written with other digits",
    Kind.LISTED: "Numbers newly listed",
    Kind.UNLISTED: "Numbers no longer listed",
    Kind.CHANGED: "Other changes",
}
# Kinds whose changes are told of as an old key that became a new one.
_KEYS = (Kind.RENAMED, Kind.REWEIGHTED, Kind.IDENTIFIED)
_LONG = 60


def text_report(changes: Sequence[Change], old: str, new: str) -> str:
    """Give a difference as text: a line a change, silent ones marked with ``!``."""
    if not changes:
        return f"{old} and {new} list the same models and numbers"
    lines = []
    for kind, group in _groups(changes):
        lines += [f"{_HEADINGS[kind]}:"]
        lines += [f"{'!' if change.silent else ' '} {_plain(change)}" for change in group]
    return "\n".join(lines)


def markdown_report(changes: Sequence[Change], old: str, new: str) -> str:
    """Give a difference as Markdown, for release notes and pull requests."""
    if not changes:
        return f"The models and numbers of {code(old)} and {code(new)} are the same."
    blocks = []
    for kind, group in _groups(changes):
        if kind is Kind.REMEASURED:
            blocks.append(f"### {_HEADINGS[kind]}\n\n" + _table(group))
        else:
            blocks.append(f"### {_HEADINGS[kind]}\n\n" + _list(group))
    return "\n\n".join(blocks)


def json_report(changes: Sequence[Change], old: str, new: str) -> str:
    """Give a difference as JSON: ``old``, ``new``, ``silent`` (how many), and ``changes``."""
    items = [
        {
            "kind": change.kind.value,
            "entry": change.entry,
            "former": change.former or change.entry,
            "dataset": change.dataset,
            "protocol": change.protocol,
            "metric": change.metric,
            "field": change.field,
            "old": change.old,
            "new": change.new,
            "because": list(change.because),
            "silent": change.silent,
            "path": change.place.path,
            "line": change.place.line,
            "column": change.place.column,
        }
        for change in changes
    ]
    silent = sum(1 for change in changes if change.silent)
    whole = {"old": old, "new": new, "silent": silent, "changes": items}
    return json.dumps(whole, indent=2, ensure_ascii=False)


REPORTS: dict[str, Callable[[Sequence[Change], str, str], str]] = {
    "text": text_report,
    "markdown": markdown_report,
    "json": json_report,
}


def _groups(changes: Iterable[Change]) -> list[tuple[Kind, list[Change]]]:
    groups: dict[Kind, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.kind, []).append(change)
    return [(kind, groups[kind]) for kind in Kind if kind in groups]


def _where(change: Change, mark: Callable[[str], str]) -> str:
    """Say on which data set and under which protocol a number is listed."""
    under = f" under {mark(change.protocol)}" if change.protocol else ""
    return f"on {mark(change.dataset)}{under}" if change.dataset else ""


def _plain(change: Change) -> str:
    return _sentence(change, str) + (f"; {change.silent}" if change.silent else "")


def _sentence(change: Change, mark: Callable[[str], str]) -> str:
    """Say a change in words; ``mark`` marks what stands in the manifest."""
    entry = mark(change.entry)
    if change.kind in _KEYS:
        return f"{mark(change.former)} is now {entry}"
    if change.kind in (Kind.ADDED, Kind.REMOVED):
        return entry
    what = mark(change.metric or change.field)
    old, new = (mark(_short(text)) if text else "" for text in (change.old, change.new))
    became = f"{old} became {new}" if old and new else f"{new} is new"
    became = became if new else f"{old} is gone"
    where = " ".join(part for part in (entry, what, _where(change, mark)) if part)
    because = f" ({'; '.join(change.because)})" if change.because else ""
    return f"{where}: {became}{because}"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _list(changes: Iterable[Change]) -> str:
    lines = []
    for change in changes:
        warning = f" **{change.silent}**" if change.silent else ""
        lines.append(f"- {_sentence(change, code)}{warning}")
    return "\n".join(lines)


def _table(changes: Iterable[Change]) -> str:
    lines = ["| Model | Data set | Metric | Old | New | Why |", "|---|---|---|---:|---:|---|"]
    for change in changes:
        why = f"**{change.silent}**" if change.silent else "; ".join(change.because)
        cells = (
            code(change.entry),
            _where(change, code).removeprefix("on "),
            code(change.metric),
            change.old,
            change.new,
            why or "new weights",
        )
        lines.append(row(cells))
    return "\n".join(lines)
