"""The domain ``zoo``: what each page used and offers of the manifests, from build to build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment

from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.sphinxext.cards.directive import CardDirective, CardsDirective
from sphinx_modelzoo.sphinxext.cards.make import CardPages
from sphinx_modelzoo.sphinxext.cards.nodes import StatusRole
from sphinx_modelzoo.sphinxext.library import Inputs, Library, Manifest, file_digest
from sphinx_modelzoo.sphinxext.notes import NotesDirective
from sphinx_modelzoo.sphinxext.papers import PapersDirective
from sphinx_modelzoo.sphinxext.plot.directive import PlotDirective
from sphinx_modelzoo.sphinxext.references.catalogue import Catalogue
from sphinx_modelzoo.sphinxext.references.objects import (
    Anchors,
    Directory,
    ObjectKind,
    PageObjects,
    link_to,
    settle,
)
from sphinx_modelzoo.sphinxext.references.roles import KINDS, Index, Labels, ObjectRole, links_of
from sphinx_modelzoo.sphinxext.references.value import ValueRole
from sphinx_modelzoo.sphinxext.roles import ManifestTagRole
from sphinx_modelzoo.sphinxext.table.directive import TableDirective
from sphinx_modelzoo.sphinxext.usage import UsageDirective


@dataclass(slots=True)
class PageRecord:
    """What one page used.

    ``manifests`` maps the name that the page gives a manifest (empty for the project's) to its
    path and version; ``statuses`` maps such a name and a data set to the stamp and digest of its
    board; ``downloads`` maps a file to its digest; ``objects`` are what references can lead to;
    ``links`` are the page's own references that may lead to objects, by role and target;
    ``relinked`` is when the target of one last moved, in microseconds.
    """

    manifests: dict[str, tuple[str, str]] = field(default_factory=dict)
    statuses: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    downloads: dict[str, str] = field(default_factory=dict)
    objects: PageObjects = field(default_factory=PageObjects)
    links: set[tuple[str, str]] = field(default_factory=set)
    relinked: int = 0


class ZooDomain(Domain):
    """Model zoos: tables, papers and hints from a manifest."""

    name = "zoo"
    label = "Model zoo"
    directives: ClassVar[dict[str, Any]] = {
        "table": TableDirective,
        "plot": PlotDirective,
        "usage": UsageDirective,
        "notes": NotesDirective,
        "papers": PapersDirective,
        "cards": CardsDirective,
        "card": CardDirective,
    }
    object_types: ClassVar[dict[str, ObjType]] = {
        "model": ObjType("model", "model"),
        "dataset": ObjType("data set", "dataset"),
        "paper": ObjType("paper", "paper"),
    }
    roles: ClassVar[dict[str, Any]] = {
        "tag": ManifestTagRole(),
        "value": ValueRole(),
        "status": StatusRole(),
        **{kind: ObjectRole(kind) for kind in KINDS},
    }
    initial_data: ClassVar[dict[str, Any]] = {
        "pages": {},
        "inputs": {},
        "directory": Directory(),
    }
    data_version = 2

    library: Library
    cards: CardPages
    builder: Builder
    former: Index
    former_labels: Labels
    reading: frozenset[str]

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._catalogues: dict[str, Catalogue] = {}

    @property
    def pages(self) -> dict[str, PageRecord]:
        """What each page used, by document name."""
        pages: dict[str, PageRecord] = self.data["pages"]
        return pages

    @property
    def inputs(self) -> dict[str, Inputs]:
        """The files behind each sound manifest, by the manifest's path."""
        inputs: dict[str, Inputs] = self.data["inputs"]
        return inputs

    def record(self, docname: str) -> PageRecord:
        """Give a page's record, a new one where it has none."""
        return self.pages.setdefault(docname, PageRecord())

    def use(self, name: str, docname: str) -> Manifest:
        """Give the manifest that a page names, and remember that the page depends on it."""
        manifest = self.library.manifest(self.library.path(name))
        self.record(docname).manifests[name] = (manifest.path, manifest.version)
        if manifest.inputs:
            self.inputs[manifest.path] = manifest.inputs
        else:
            self.inputs.pop(manifest.path, None)
        return manifest

    def use_statuses(self, name: str, zoo: Zoo, dataset: str, docname: str) -> None:
        """Remember that a page shows the status of a data set's numbers."""
        board = self.library.board(zoo)
        self.record(docname).statuses[name, dataset] = (board.stamp, board.digest(dataset))

    def catalogue(self, zoo: Zoo) -> Catalogue:
        """Give what a zoo lists, by the words that ask for it; it is made once a process."""
        known = self._catalogues.get(str(zoo.path))
        if known is None or known.zoo is not zoo:
            known = self._catalogues[str(zoo.path)] = Catalogue(zoo)
        return known

    def forget_catalogues(self) -> None:
        """Let the zoos go, once the build has ended."""
        self._catalogues.clear()

    def use_file(self, path: str, docname: str) -> None:
        """Remember that a page offers a file for download, whether or not it exists now."""
        self.record(docname).downloads[path] = file_digest(path)

    def note_object(
        self,
        kind: ObjectKind,
        manifest: str,
        key: str,
        docname: str,
        target: str,
        *,
        title: str = "",
        card: bool = False,
    ) -> None:
        """Remember that a page has a target for an object of a manifest, by the manifest's path.

        ``title`` is the text of references, the key where it is empty. A ``card`` is the object's
        home before any page that only lists it.
        """
        self.record(docname).objects.note(kind, manifest, key, target, title=title, card=card)

    def note_models(self, zoo: Zoo, entries: Iterable[Entry], docname: str) -> None:
        """Remember the entries that a table of a page lists."""
        self.record(docname).objects.note_entries(str(zoo.path), entries)

    @property
    def directory(self) -> Directory:
        """Where each object is, as the last build found once it had read its pages."""
        directory: Directory = self.data["directory"]
        return directory

    @property
    def index(self) -> Index:
        """The objects by the names that references use."""
        return Index(self.directory, self.library)

    def home(self, kind: ObjectKind, manifest: str, key: str) -> tuple[str, str] | None:
        """Give the page of an object and the id on it, if a page has it."""
        return self.directory.home(kind, manifest, key)

    def card(self, kind: ObjectKind, manifest: str, key: str) -> tuple[str, str] | None:
        """Give the page of an object's card and the id on it, if it has a card."""
        home = self.home(kind, manifest, key)
        if home is None:
            return None
        cards = self.pages[home[0]].objects.cards.get((kind, manifest), {})
        return home if home[1] in {cards.get(key), cards.get(key.partition("@")[0])} else None

    def anchors(self) -> Anchors:
        """Give what hands out the ids of rows while one document is written."""
        return Anchors(self.directory)

    def settle(self) -> Directory:
        """Find the objects' homes once all pages are read."""
        pages = {name: page.objects for name, page in self.pages.items()}
        self.data["directory"] = settle(pages)
        return self.directory

    def manifests_in_use(self) -> list[str]:
        """Give the paths of the manifests that pages use, in order."""
        return sorted({path for page in self.pages.values() for path, _ in page.manifests.values()})

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Remember a page's own references, once it has been read."""
        del env
        links = links_of(document)
        if links:
            self.record(docname).links = links

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        self.pages.pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader has learnt of its pages."""
        for docname in docnames:
            if docname in otherdata["pages"]:
                self.pages[docname] = otherdata["pages"][docname]
        for record in (self.pages[name] for name in docnames if name in self.pages):
            for path, _ in record.manifests.values():
                if path in otherdata["inputs"]:
                    self.inputs[path] = otherdata["inputs"][path]
                else:
                    self.inputs.pop(path, None)

    def resolve_xref(  # noqa: PLR0917 - the signature is Sphinx's
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Give the link of a reference; none where it leads to no object, or to several."""
        del env
        place = self.index.place(cast("ObjectKind", typ), target)
        if place is None:
            return None
        home, title = place
        if not node.get("refexplicit"):
            contnode = contnode.copy()
            contnode += nodes.Text(title)
        return link_to(builder, fromdocname, home, contnode)

    def resolve_any_xref(  # noqa: PLR0917 - the signature is Sphinx's
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Give the links of a reference that does not say what it leads to."""
        links = (
            (kind, self.resolve_xref(env, fromdocname, builder, kind, target, node, contnode))
            for kind in KINDS
        )
        return [(f"zoo:{kind}", link) for kind, link in links if link is not None]

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Give the objects; in Sphinx's search models come before each of their weights."""
        for kind, name, (docname, anchor), title in self.index.names():
            of_weights = kind == "model" and "@" in name
            yield name, title, kind, docname, anchor, 2 if of_weights else 1

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:  # noqa: A002, FBT001, FBT002 - Sphinx's
        """Give how search results call a kind of object."""
        del primary
        return str(type.lname)
