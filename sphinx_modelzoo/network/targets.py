"""The addresses that a manifest holds, each with all its places."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urldefrag

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.network.model import Use


def addresses(zoo: Zoo) -> dict[str, tuple[Use, ...]]:
    """Give every http(s) address of a zoo, without its fragment, in the manifest's order."""
    found: dict[str, dict[Use, None]] = {}
    for address, use in _uses(zoo):
        found.setdefault(urldefrag(address)[0], {})[use] = None
    return {address: tuple(uses) for address, uses in found.items()}


def _uses(zoo: Zoo) -> Iterator[tuple[str, Use]]:
    for paper in zoo.papers.values():
        if paper.url:
            yield paper.url, Use(paper.key, "paper", paper.place)
    for entry in zoo.entries:
        if entry.weights and not entry.weights_file:
            place = entry.places.get("weights", entry.place)
            yield entry.weights, Use(entry.key, "weights", place)
        for result in entry.results:
            for key, link in result.links.items():
                if link.url:
                    yield link.url, Use(entry.key, key, link.place)
