"""References to models, data sets and papers: the roles, and the labels for plain ``:ref:``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast, get_args

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.sphinxext.directive import zoo_domain
from sphinx_modelzoo.sphinxext.library import Library
from sphinx_modelzoo.sphinxext.messages import Subtype, suggest, warn
from sphinx_modelzoo.sphinxext.references.objects import Directory, ObjectKind

if TYPE_CHECKING:
    from sphinx_modelzoo.sphinxext.domain import ZooDomain

KINDS: tuple[ObjectKind, ...] = get_args(ObjectKind)

Labels = dict[str, tuple[tuple[str, str], str]]
"""The page with the id, and the title, by the label's text."""


class ObjectRole(XRefRole):
    """A reference to an object, such as ``:zoo:model:`vgg16_ucf101```.

    Unlike most of Sphinx's own, a reference that leads nowhere is always warned of.
    """

    def __init__(self, kind: ObjectKind) -> None:
        inner = nodes.literal if kind == "model" else nodes.inline
        super().__init__(innernodeclass=inner, warn_dangling=True)


@dataclass(frozen=True, slots=True)
class Index:
    """The objects by the names that references use.

    A name means the object of the project's manifest, else that of the only manifest that has it;
    ``PATH#NAME`` names the manifest, by its path from conf.py's folder.
    """

    directory: Directory
    library: Library

    def find(self, kind: ObjectKind, target: str) -> list[tuple[str, str]]:
        """Give the manifest and key of what a target means: none, one, or those that it may."""
        manifests = [path for path in self._manifests(kind) if self._has(kind, path, target)]
        if len(manifests) > 1 and self.library.path() in manifests:
            manifests = [self.library.path()]
        if manifests:
            return [(path, target) for path in sorted(manifests)]
        name, mark, key = target.rpartition("#")
        path = self.library.path(name) if mark and name else ""
        return [(path, key)] if self._has(kind, path, key) else []

    def _manifests(self, kind: ObjectKind) -> list[str]:
        return [path for known, path in self.directory.homes if known == kind]

    def _has(self, kind: ObjectKind, path: str, key: str) -> bool:
        return self.directory.home(kind, path, key) is not None

    def place(self, kind: ObjectKind, target: str) -> tuple[tuple[str, str], str] | None:
        """Give the page with the id, and the title, where a target means one object."""
        found = self.find(kind, target)
        if len(found) != 1:
            return None
        home = self.directory.home(kind, *found[0])
        return (home, self.directory.title(kind, *found[0])) if home else None

    def names(self) -> Iterator[tuple[ObjectKind, str, tuple[str, str], str]]:
        """Give each object's kind and name, its page with the id, and its title.

        Default weights have a second name with their hashtag where there are others of the name.
        """
        for (kind, path), homes in self.directory.homes.items():
            others = [other for other in self._manifests(kind) if other != path]
            ours = not others or path == self.library.path()
            titles = self.directory.titles.get((kind, path), {})
            for key, home in (homes | self._second_names(path, homes)).items():
                plain = ours or not any(self._has(kind, other, key) for other in others)
                name = key if plain else self.qualified(path, key)
                yield kind, name, home, titles.get(key, key)

    def _second_names(
        self, path: str, homes: Mapping[str, tuple[str, str]]
    ) -> dict[str, tuple[str, str]]:
        hashtags = self.directory.hashtags.get(path, {})
        names = (key.partition("@")[0] for key in homes if "@" in key)
        return {f"{name}@{hashtags[name]}": homes[name] for name in names if name in hashtags}

    def qualified(self, path: str, key: str) -> str:
        """Give a name with its manifest's path from conf.py's folder."""
        return f"{os.path.relpath(path, self.library.folder)}#{key}"

    def labels(self) -> Labels:
        """Give the labels: ``zoo-model-`` and so on, with the name in lower case.

        Of names that differ only in case the first has the label.
        """
        labels: Labels = {}
        for kind, name, home, title in self.names():
            labels.setdefault(label(kind, name), (home, title))
        return labels


def label(kind: ObjectKind, name: str) -> str:
    """Give the label by which ``:ref:`` finds an object, from other projects too."""
    text = f"zoo-{kind}-{name}".lower()
    return " ".join(text.split()) if " " in text else text


def withdraw_labels(env: BuildEnvironment, labels: Labels) -> None:
    """Take our labels out of Sphinx's while pages are read.

    Sphinx looks through all of its labels for each page that it reads, and hands all of them to
    each parallel reader and back.
    """
    standard = _standard_domain(env)
    for name, (home, title) in labels.items():
        if standard.labels.get(name) == (*home, title):
            del standard.labels[name]
            del standard.anonlabels[name]


def offer_labels(env: BuildEnvironment, labels: Labels) -> None:
    """Add our labels to Sphinx's; a page's own label of the same name wins."""
    standard = _standard_domain(env)
    for name, (home, title) in labels.items():
        if name not in standard.anonlabels:
            standard.labels[name] = (*home, title)
            standard.anonlabels[name] = home


def _standard_domain(env: BuildEnvironment) -> StandardDomain:
    return cast("StandardDomain", env.get_domain("std"))


def links_of(document: nodes.document) -> set[tuple[str, str]]:
    """Give the references of a page that may lead to objects, by role and target."""
    links = set()
    for node in document.findall(addnodes.pending_xref):
        role, target = node.get("reftype"), node.get("reftarget")
        ours = node.get("refdomain") == "zoo"
        if target and (ours or role in {"any", "myst"} or (role == "ref" and "zoo-" in target)):
            links.add((role, target))
    return links


def leads_to(link: tuple[str, str], index: Index, labels: Labels) -> list[object]:
    """Give all that a page's reference may lead to."""
    role, target = link
    if role in KINDS:
        return [index.place(role, target)]
    return [labels.get(target.lower()), *(index.place(kind, target) for kind in KINDS)]


def warn_of_missing(app: Sphinx, domain: Domain | None, node: addnodes.pending_xref) -> bool | None:
    """Warn of a reference to an object that no page has; other references are Sphinx's."""
    if domain is None or domain.name != "zoo":
        return None
    zoos = zoo_domain(app.env)
    kind, target = node["reftype"], node["reftarget"]
    warn(_missing(kind, target, zoos), _SUBTYPES[kind], node)
    return True


_SUBTYPES = {"model": Subtype.MODEL, "dataset": Subtype.DATASET, "paper": Subtype.PAPER}
_NOUNS = {"model": "model", "dataset": "data set", "paper": "paper"}
_SHOWN_BY = {
    "model": "zoo:table or zoo:cards",
    "dataset": "zoo:table or zoo:notes",
    "paper": "zoo:papers",
}


def _missing(kind: ObjectKind, target: str, domain: ZooDomain) -> str:
    """Say why a reference leads nowhere, and what to write."""
    noun, index = _NOUNS[kind], domain.index
    found = index.find(kind, target)
    if len(found) > 1:
        names = " or ".join(repr(index.qualified(*one)) for one in found)
        return f"several manifests have a {noun} {target!r}; write {names}"
    _, _, key = target.rpartition("#")
    zoos = [domain.library.manifest(path).zoo for path in domain.manifests_in_use()]
    known = {name for zoo in zoos if zoo for name in _keys(kind, zoo)}
    if {target, key} & known:
        return f"no page shows the {noun} {target!r}; show it with {_SHOWN_BY[kind]}"
    known.update(
        key for (other, _), keys in index.directory.homes.items() if other == kind for key in keys
    )
    alike = sorted(name for name in known if ("@" in name) == ("@" in key))
    return f"there is no {noun} {target!r}; {suggest(key, alike)}"


def _keys(kind: ObjectKind, zoo: Zoo) -> Iterator[str]:
    if kind == "model":
        for entry in zoo.entries:
            yield from (entry.name, entry.key)
    else:
        yield from zoo.datasets if kind == "dataset" else zoo.papers
