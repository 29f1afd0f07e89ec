"""The text of a manifest's models."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from sphinx_modelzoo.exchange.draft import Draft
from sphinx_modelzoo.exchange.merge import DraftEntry, DraftResult
from sphinx_modelzoo.exchange.plan import Plan
from sphinx_modelzoo.exchange.scalars import flow_list, flow_mapping, scalar

WIDTH = 100


def write_models(draft: Draft, plan: Plan) -> list[str]:
    """Write the list ``models``."""
    if not plan.entries:
        return ["models: []"]
    lines = ["models:"]
    own = iter(plan.folded.own)
    for number, entry in enumerate(plan.entries):
        blank = [""] if number else []
        lines += [*blank, *_entry(draft, plan, entry, [next(own) for _ in entry.results])]
    return lines


def _entry(
    draft: Draft, plan: Plan, entry: DraftEntry, own: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    for remark in entry.remarks:
        yield from textwrap.wrap(
            remark, WIDTH, initial_indent="  # ", subsequent_indent="  # ", break_on_hyphens=False
        )
    lines = [*_facts(plan, entry), *_results(draft, entry.results, own)]
    yield f"  - {lines[0]}"
    for line in lines[1:]:
        yield f"    {line}"


def _facts(plan: Plan, entry: DraftEntry) -> Iterator[str]:
    """Write the fields that hold for all results of an entry."""
    row = entry.row
    architecture = row.architecture if row.architecture != row.name else ""
    given = {
        "name": scalar(row.name),
        "hashtag": scalar(row.hashtag) if row.hashtag else "",
        "default": _default(entry),
        "architecture": scalar(architecture) if architecture else "",
        "weights": scalar(plan.weights(entry)) if row.weights else "",
        **{key: scalar(text) for key in ("sha1", "sha256") if (text := getattr(row, key))},
        **{key: str(number) for key in ("size", "parameters") if (number := getattr(row, key))},
        **{key: scalar(text) for key in ("license", "description") if (text := getattr(row, key))},
        "paper": row.papers[0] if len(row.papers) == 1 else flow_list(row.papers),
        "tags": flow_list(row.tags),
        "note": scalar(row.note) if row.note else "",
    }
    yield from (f"{key}: {text}" for key, text in given.items() if text and text != "[]")
    yield from _details(row.details)


def _default(entry: DraftEntry) -> str:
    if not entry.default:
        return ""
    return "true # a guess: the source does not say" if entry.guessed else "true"


def _details(details: Mapping[str, str]) -> Iterator[str]:
    if not details:
        return
    line = f"details: {flow_mapping({k: _fact(v, flow=True) for k, v in details.items()})}"
    if len(line) + 4 <= WIDTH:
        yield line
        return
    yield "details:"
    for key, value in details.items():
        yield f"  {scalar(key)}: {_fact(value)}"


def _fact(text: str, *, flow: bool = False) -> str:
    """Write a detail; one that is a number needs no quotes."""
    return (
        text if re.fullmatch(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", text) else scalar(text, flow=flow)
    )


def _results(
    draft: Draft, results: Sequence[DraftResult], own: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    """Write an entry's results: flat where there is one, and what several share once."""
    written = [_result(draft, result, more) for result, more in zip(results, own, strict=True)]
    if len(written) == 1:
        yield from (_line(key, value) for key, value in written[0].items())
        return
    if not written:
        return
    shared = {
        key: value
        for key, value in written[0].items()
        if key not in draft.metrics and all(other.get(key) == value for other in written)
    }
    yield from (_line(key, value) for key, value in shared.items())
    yield "results:"
    for pairs in written:
        yield from _member({key: text for key, text in pairs.items() if key not in shared})


def _member(pairs: Mapping[str, str]) -> Iterator[str]:
    line = f"  - {flow_mapping({key: value or 'null' for key, value in pairs.items()})}"
    if len(line) + 4 <= WIDTH:
        yield line
        return
    for number, (key, value) in enumerate(pairs.items()):
        yield f"  {'  ' if number else '- '}{_line(key, value)}"


def _line(key: str, value: str) -> str:
    return f"{scalar(key)}: {value or 'null'}"


def _result(draft: Draft, result: DraftResult, own: Mapping[str, str]) -> dict[str, str]:
    """Give a result's fields, written, in the order of the source's columns."""
    pairs = {"dataset": scalar(result.dataset, flow=True)}
    if result.protocol:
        pairs["protocol"] = scalar(result.protocol, flow=True)
    order = [key for key in draft.metrics if key in result.numbers]
    pairs |= {key: result.numbers[key] for key in order}
    return pairs | {key: scalar(value, flow=True) if value else "" for key, value in own.items()}
