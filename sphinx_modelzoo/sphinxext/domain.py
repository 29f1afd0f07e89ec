"""The domain ``zoo``: what each page used of the manifests, kept from build to build."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.sphinxext.library import Inputs, Library, Manifest, file_digest
from sphinx_modelzoo.sphinxext.notes import NotesDirective
from sphinx_modelzoo.sphinxext.papers import PapersDirective
from sphinx_modelzoo.sphinxext.roles import ManifestTagRole
from sphinx_modelzoo.sphinxext.table import TableDirective
from sphinx_modelzoo.sphinxext.usage import UsageDirective


@dataclass(slots=True)
class PageRecord:
    """What one page used.

    ``manifests`` maps the name that the page gives a manifest (empty for the project's) to its
    path and version; ``statuses`` maps such a name and a data set to the stamp and digest of its
    board; ``downloads`` maps a file to its digest; ``papers`` maps a manifest's path and a
    paper's key to the footnote's id.
    """

    manifests: dict[str, tuple[str, str]] = field(default_factory=dict)
    statuses: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    downloads: dict[str, str] = field(default_factory=dict)
    papers: dict[tuple[str, str], str] = field(default_factory=dict)


class ZooDomain(Domain):
    """Model zoos: tables, papers and hints from a manifest."""

    name = "zoo"
    label = "Model zoo"
    directives: ClassVar[dict[str, Any]] = {
        "table": TableDirective,
        "usage": UsageDirective,
        "notes": NotesDirective,
        "papers": PapersDirective,
    }
    roles: ClassVar[dict[str, Any]] = {"tag": ManifestTagRole()}
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}, "inputs": {}, "homes": {}}
    data_version = 1

    library: Library
    builder: Builder

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

    def use_file(self, path: str, docname: str) -> None:
        """Remember that a page offers a file for download, whether or not it exists now."""
        self.record(docname).downloads[path] = file_digest(path)

    @property
    def homes(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The page and id of each listed paper, by its manifest's path and its key."""
        homes: dict[tuple[str, str], tuple[str, str]] = self.data["homes"]
        return homes

    def settle_homes(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Find the papers' homes once all pages are read; of several pages the first by name."""
        homes: dict[tuple[str, str], tuple[str, str]] = {}
        for docname in sorted(self.pages):
            for paper, target in self.pages[docname].papers.items():
                homes.setdefault(paper, (docname, target))
        self.data["homes"] = homes
        return homes

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

    def resolve_any_xref(  # noqa: PLR0917 - the signature is Sphinx's
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Give no match, as there are no objects."""
        del env, fromdocname, builder, target, node, contnode
        return []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Give no objects: pages offer none yet."""
        return iter(())
