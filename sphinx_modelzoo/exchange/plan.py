"""What the text of a manifest is made from: entries, protocols, and links in templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sphinx_modelzoo.exchange.draft import FIELDS, Draft
from sphinx_modelzoo.exchange.folding import (
    Folded,
    Linked,
    common_base,
    fold,
    fold_address,
    is_address,
)
from sphinx_modelzoo.exchange.merge import DraftEntry, DraftResult, merge
from sphinx_modelzoo.exchange.scalars import flow_mapping, scalar
from sphinx_modelzoo.manifest import fields


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the models' text needs; ``folded.own`` has a member for each result."""

    recognizer: str
    entries: tuple[DraftEntry, ...]
    protocols: Mapping[str, Mapping[str, str]]
    folded: Folded
    base: str

    def settings(self, key: str) -> dict[str, str]:
        """Give a protocol's fields, written."""
        own = {field.key for field in fields.PROTOCOL.fields}
        given = self.protocols[key]
        whole = {name: text for name, text in given.items() if name in own}
        options = {name: scalar(t, flow=True) for name, t in given.items() if name not in own}
        pairs = {"recognizer": scalar(self.recognizer, flow=True), **whole}
        return {**pairs, "options": _numbers(given, options)} if options else pairs

    def weights(self, entry: DraftEntry) -> str:
        """Give an entry's weights: a path, or an address with variables where they fit."""
        target = entry.row.weights
        if not is_address(target):
            return target
        values = {"name": entry.row.name, "hashtag": entry.row.hashtag}
        return fold_address(target, self.base, values)


def make_plan(draft: Draft) -> Plan:
    """Merge a draft's rows and fold its links."""
    entries, protocols = merge(draft.rows, draft.defaults)
    results = [(entry, result) for entry in entries for result in entry.results]
    linked = [Linked(_values(entry, result), result.links) for entry, result in results]
    targets: dict[str, list[str]] = {}
    for each in linked:
        for kind, target in each.links.items():
            targets.setdefault(kind, []).append(target)
    weights = [entry.row.weights for entry in entries if is_address(entry.row.weights)]
    base = common_base(targets, weights)
    while base.rpartition("/")[2] in draft.datasets:
        base = base.rpartition("/")[0]
    taken = {*FIELDS, "base", *draft.metrics, *draft.links}
    return Plan(
        draft.recognizer or "unnamed", tuple(entries), protocols, fold(linked, base, taken), base
    )


def _values(entry: DraftEntry, result: DraftResult) -> dict[str, str]:
    row = entry.row
    given = {"name": row.name, "hashtag": row.hashtag, "dataset": result.dataset}
    return {key: value for key, value in given.items() if value}


def _numbers(given: Mapping[str, str], options: Mapping[str, str]) -> str:
    """Write a protocol's options: numbers without quotes."""
    return flow_mapping(
        {
            name: given[name] if re.fullmatch(r"[0-9]+(\.[0-9]+)?", given[name]) else written
            for name, written in options.items()
        }
    )
