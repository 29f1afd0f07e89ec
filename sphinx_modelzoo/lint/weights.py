"""Which entries are the same set of weights, as far as the manifest says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sphinx_modelzoo.lint.names import is_digest
from sphinx_modelzoo.lint.places import link_place
from sphinx_modelzoo.lint.roles import Role, role_of
from sphinx_modelzoo.manifest.model import Entry, Place, Zoo


@dataclass(frozen=True, slots=True)
class Address:
    """Where an entry's weights are, with its place in the manifest."""

    target: str
    place: Place


def addresses(zoo: Zoo, entry: Entry) -> Iterator[Address]:
    """Give the addresses and paths of an entry's weights, each once."""
    seen = set()
    if entry.weights:
        seen.add(entry.weights)
        yield Address(entry.weights, entry.places.get("weights", entry.place))
    for result in entry.results:
        for key, link in result.links.items():
            target = link.url or link.file
            if role_of(key) is Role.WEIGHTS and target not in seen:
                seen.add(target)
                yield Address(target, link_place(zoo, link, result))


def same_weights(zoo: Zoo) -> Mapping[int, int]:
    """Give for each entry, by its position, the position of the first that has the same weights.

    Two entries have the same weights when they share a full hash, an address, or a hashtag that
    is the beginning of a hash; and one key stands for one set of weights.
    """
    first: dict[tuple[str, str], int] = {}
    group = list(range(len(zoo.entries)))

    def root(position: int) -> int:
        while group[position] != position:
            group[position] = group[group[position]]
            position = group[position]
        return position

    for position, entry in enumerate(zoo.entries):
        for mark in _marks(zoo, entry):
            other = root(first.setdefault(mark, position))
            mine = root(position)
            group[max(other, mine)] = min(other, mine)
    return {position: root(position) for position in range(len(zoo.entries))}


def _marks(zoo: Zoo, entry: Entry) -> Iterator[tuple[str, str]]:
    yield "key", entry.key
    if entry.sha256:
        yield "sha256", entry.sha256
    if entry.sha1:
        yield "sha1", entry.sha1
    if is_digest(entry.hashtag):
        yield "hashtag", entry.hashtag.lower()
    for address in addresses(zoo, entry):
        yield "address", address.target
