"""Which entry of a new manifest is which of the old one."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from sphinx_modelzoo.compare.model import Kind
from sphinx_modelzoo.manifest.model import Entry

_HASH = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True, slots=True)
class Pairing:
    """Entries that belong together, with how their keys differ; and those that stand alone."""

    pairs: tuple[tuple[Entry, Entry, Kind | None], ...]
    removed: tuple[Entry, ...]
    added: tuple[Entry, ...]


def pair_entries(old: Iterable[Entry], new: Iterable[Entry]) -> Pairing:
    """Pair entries: by their key, then by their weights, then by their name.

    Of several weights of one name the default ones belong together, then those that are alone on
    the same data sets.
    """
    left, right = list(old), list(new)
    pairs: list[tuple[Entry, Entry, Kind | None]] = []

    def match(
        key: Callable[[Entry], Hashable | None], kind: Callable[[Entry, Entry], Kind | None]
    ) -> None:
        for before, after in _unique(left, right, key):
            if contradict(before, after) and kind(before, after) is Kind.RENAMED:
                continue
            left.remove(before)
            right.remove(after)
            pairs.append((before, after, kind(before, after)))

    match(lambda entry: (entry.name, entry.hashtag), lambda *_: None)
    for digest in (
        lambda entry: entry.sha256 or None,
        lambda entry: entry.sha1 or None,
        lambda entry: entry.hashtag if _HASH.fullmatch(entry.hashtag) else None,
    ):
        match(digest, _by_weights)
    for way in (
        lambda entry: (entry.name, True) if entry.default else None,
        lambda entry: (entry.name, tuple(sorted(result.dataset for result in entry.results))),
        lambda entry: entry.name,
    ):
        match(way, _by_name)
    order = {id(entry): position for position, entry in enumerate(new)}
    pairs.sort(key=lambda pair: order.get(id(pair[1]), 0))
    return Pairing(tuple(pairs), tuple(left), tuple(right))


def contradict(old: Entry, new: Entry) -> bool:
    """Tell whether a digest or a size shows that two entries have other weights."""
    facts = ((old.sha256, new.sha256), (old.sha1, new.sha1), (old.size, new.size))
    return any(before and after and before != after for before, after in facts)


def _by_weights(old: Entry, new: Entry) -> Kind:
    """Say how entries with the same weights differ in their keys."""
    return Kind.IDENTIFIED if old.name == new.name and not old.hashtag else Kind.RENAMED


def _by_name(old: Entry, new: Entry) -> Kind:
    return Kind.IDENTIFIED if not old.hashtag and not contradict(old, new) else Kind.REWEIGHTED


def _unique(
    left: Iterable[Entry], right: Iterable[Entry], key: Callable[[Entry], Hashable | None]
) -> list[tuple[Entry, Entry]]:
    """Give the pairs whose key stands exactly once on each side."""
    before, after = _once(left, key), _once(right, key)
    return [(entry, after[value]) for value, entry in before.items() if value in after]


def _once(
    entries: Iterable[Entry], key: Callable[[Entry], Hashable | None]
) -> dict[Hashable, Entry]:
    found: dict[Hashable, list[Entry]] = {}
    for entry in entries:
        value = key(entry)
        if value is not None:
            found.setdefault(value, []).append(entry)
    return {value: group[0] for value, group in found.items() if len(group) == 1}
