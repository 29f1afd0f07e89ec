"""What references can lead to: models, data sets and papers, their pages, and their ids there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from docutils import nodes
from sphinx.builders import Builder
from sphinx.util.nodes import make_refnode

from sphinx_modelzoo.manifest.model import Entry

ObjectKind = Literal["model", "dataset", "paper"]

Targets = dict[tuple[ObjectKind, str], dict[str, str]]
"""Ids on one page: by kind and manifest's path, then by the object's key."""

Homes = dict[tuple[ObjectKind, str], dict[str, tuple[str, str]]]
"""Where objects are: by kind and manifest's path, then by key, the page and the id on it."""

Titles = dict[tuple[ObjectKind, str], dict[str, str]]
"""What references call objects whose key is no good text: by kind and manifest, then by key."""

Hashtags = dict[str, dict[str, str]]
"""The hashtag of a name's default weights: by manifest's path, then by name."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def object_id(kind: ObjectKind, key: str) -> str:
    """Give the id of an object's target: ``zoo-model-vgg16_ucf101``.

    It is safe in addresses, XML and LaTeX. Letters keep their case; where other characters had to
    give way, a digest of the key follows, so that no two keys share an id.
    """
    plain = key.replace("@", "-")
    if not _UNSAFE.search(plain):
        return f"zoo-{kind}-{plain}"
    words = [word for word in _UNSAFE.split(plain) if word]
    return "-".join(["zoo", kind, *words, hashlib.sha256(key.encode()).hexdigest()[:8]])


def model_id(name: str) -> str:
    """Give the id of a model's target, by the model's name or by ``NAME@HASHTAG``."""
    return object_id("model", name)


@dataclass(slots=True)
class PageObjects:
    """The objects of one page: those with a card of their own, and those that are listed.

    A model is known by its name, which means the default weights, and other weights by
    ``NAME@HASHTAG``; ``hashtags`` holds those of the default weights, by manifest and name.
    """

    cards: Targets = field(default_factory=dict)
    listed: Targets = field(default_factory=dict)
    titles: Titles = field(default_factory=dict)
    hashtags: Hashtags = field(default_factory=dict)

    def note(
        self,
        kind: ObjectKind,
        manifest: str,
        key: str,
        target: str,
        *,
        title: str = "",
        card: bool = False,
    ) -> None:
        """Remember an object by the id of its target; the first on the page counts."""
        targets = self.cards if card else self.listed
        targets.setdefault((kind, manifest), {}).setdefault(key, target)
        if title not in {"", key}:
            self.titles.setdefault((kind, manifest), {})[key] = title

    def note_entries(self, manifest: str, entries: Iterable[Entry]) -> None:
        """Remember the entries that a table lists, under ids that the page does not have yet."""
        taken = {target for targets in self.listed.values() for target in targets.values()}
        listed = self.listed.setdefault(("model", manifest), {})
        hashtags = self.hashtags.setdefault(manifest, {})
        for entry in sorted(entries, key=_others_last):
            key = entry.name if entry.default else entry.key
            if key in listed:
                continue
            target = free_id(model_id(key), taken)
            taken.add(target)
            listed[key] = target
            if entry.default and entry.hashtag:
                hashtags[key] = entry.hashtag

    def find(self, kind: ObjectKind, manifest: str, key: str) -> str | None:
        """Give the id of an object on this page, its card's where it has one here."""
        for targets in (self.cards, self.listed):
            target = targets.get((kind, manifest), {}).get(key)
            if target is not None:
                return target
        return None

    def ids(self, kind: ObjectKind) -> Iterator[str]:
        """Give the ids of all objects of a kind that the page lists."""
        for (listed, _), targets in self.listed.items():
            if listed == kind:
                yield from targets.values()


@dataclass(frozen=True, slots=True)
class Directory:
    """Where every object of the project is, and what references call it."""

    homes: Homes = field(default_factory=dict)
    titles: Titles = field(default_factory=dict)
    hashtags: Hashtags = field(default_factory=dict)

    def home(self, kind: ObjectKind, manifest: str, key: str) -> tuple[str, str] | None:
        """Give the page of an object and the id on it, if a page has it.

        The default weights are found by their hashtag as well as by their name alone.
        """
        homes = self.homes.get((kind, manifest), {})
        home = homes.get(key)
        if home is None and kind == "model":
            name, _, hashtag = key.partition("@")
            if hashtag and self.hashtags.get(manifest, {}).get(name) == hashtag:
                home = homes.get(name)
        return home

    def title(self, kind: ObjectKind, manifest: str, key: str) -> str:
        """Give the text of a reference to an object."""
        return self.titles.get((kind, manifest), {}).get(key, key)


def settle(pages: Mapping[str, PageObjects]) -> Directory:
    """Find the home of each object: its card, else the first page by name that lists it.

    A model whose default weights are nowhere is at home where others of its name are.
    """
    names = sorted(pages)
    directory = Directory()
    for docname in names:
        _settle_page(directory.homes, docname, pages[docname].cards)
    for docname in names:
        _settle_page(directory.homes, docname, pages[docname].listed)
    for name in names:
        for group, titles in pages[name].titles.items():
            directory.titles.setdefault(group, {}).update(titles)
        for manifest, hashtags in pages[name].hashtags.items():
            directory.hashtags.setdefault(manifest, {}).update(hashtags)
    _settle_names(directory.homes)
    return directory


def _settle_page(homes: Homes, docname: str, targets: Targets) -> None:
    for group, ids in targets.items():
        known = homes.setdefault(group, {})
        for key, target in ids.items():
            if key not in known:
                known[key] = (docname, target)


def _settle_names(homes: Homes) -> None:
    for (kind, _), known in homes.items():
        if kind == "model":
            for key in [key for key in known if "@" in key]:
                known.setdefault(key.partition("@")[0], known[key])


class Anchors:
    """Hands out the ids of rows while a document is written: each once, and only at its home."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._given: set[tuple[str, str]] = set()

    def take(self, docname: str, manifest: str, entry: Entry) -> str:
        """Give the id of an entry's row in a table of a page; empty where it is at home elsewhere.

        ``manifest`` is the manifest's path. Further rows of the same entry get none.
        """
        if not (entry.default or entry.hashtag):
            return ""  # its key is the bare name, which means the default weights
        key = entry.name if entry.default else entry.key
        home = self._directory.home("model", manifest, key)
        if home is None or home[0] != docname or home in self._given:
            return ""
        self._given.add(home)
        return home[1]


def _others_last(entry: Entry) -> bool:
    return not entry.default


def link_to(
    builder: Builder, docname: str, home: tuple[str, str], text: nodes.Node
) -> nodes.reference:
    """Give a link from a page to an object's page and the id on it."""
    # Where all pages are in one file, Sphinx 9 gives links across pages two fragments in HTML, and
    # the writer of manual pages prints their addresses.
    here = home[0] if builder.name in {"singlehtml", "man"} else docname
    return make_refnode(builder, here, *home, text)


def free_id(wanted: str, taken: Container[str]) -> str:
    """Give an id that is not taken: the wanted one, else one with a number behind it."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def claim_id(document: nodes.document, node: nodes.Element, wanted: str) -> str:
    """Give the id by which a node can be referred to, a new one where it has none."""
    if not node["ids"]:
        name = free_id(wanted, document.ids)
        node["ids"].append(name)
        document.ids[name] = node
    return str(node["ids"][0])
