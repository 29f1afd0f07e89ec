"""What the directives of the domain have in common: the manifest that they show."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.claims import local_file
from sphinx_modelzoo.sphinxext.messages import Subtype, suggest, warn
from sphinx_modelzoo.sphinxext.references.objects import ObjectKind, claim_id, object_id

if TYPE_CHECKING:
    from sphinx_modelzoo.sphinxext.domain import ZooDomain


def zoo_domain(env: BuildEnvironment) -> ZooDomain:
    """Give the domain ``zoo`` of a build."""
    return cast("ZooDomain", env.get_domain("zoo"))


class ZooDirective(SphinxDirective):
    """A directive that shows a part of a manifest.

    Where the manifest is wrong the directive shows nothing: each problem is a warning of its own,
    given once a build (see :mod:`sphinx_modelzoo.sphinxext.rebuild`).
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "manifest": directives.unchanged_required,
    }

    @property
    def domain(self) -> ZooDomain:
        """The domain ``zoo``."""
        return zoo_domain(self.env)

    @property
    def manifest_name(self) -> str:
        """What the page calls the manifest; empty for the project's."""
        return str(self.options.get("manifest", "")).strip()

    def run(self) -> list[nodes.Node]:
        """Show a part of the manifest, if there is one."""
        zoo = self.domain.use(self.manifest_name, self.env.docname).zoo
        return self.show(zoo) if zoo else []

    def show(self, zoo: Zoo) -> list[nodes.Node]:
        """Give the nodes of this directive."""
        raise NotImplementedError

    def knows_dataset(self, zoo: Zoo, dataset: str) -> bool:
        """Tell whether a zoo has a data set, with a warning where it has not."""
        if dataset in zoo.datasets:
            return True
        text = f"there is no data set {dataset!r}; {suggest(dataset, zoo.datasets)}"
        self.warn(text, Subtype.DATASET)
        return False

    def warn(self, text: str, subtype: Subtype) -> None:
        """Give a warning at the directive."""
        warn(text, subtype, self.get_location())

    def located(self, *children: nodes.Element) -> list[nodes.Node]:
        """Give some nodes after setting their source and line to the directive's."""
        for child in children:
            self.set_source_info(child)
        return list(children)

    def offer(
        self, node: nodes.Element, kind: ObjectKind, zoo: Zoo, key: str, *, title: str
    ) -> None:
        """Let references to an object lead to a node, the first of the page; they say ``title``."""
        manifest, docname = str(zoo.path), self.env.docname
        if self.domain.record(docname).objects.find(kind, manifest, key) is None:
            target = claim_id(self.state.document, node, object_id(kind, key))
            self.domain.note_object(kind, manifest, key, docname, target, title=title)

    def download(self, zoo: Zoo, path: str) -> nodes.Element:
        """Give a link that downloads a file beside the manifest."""
        file = zoo.root / path
        name = Path(path).name
        text = nodes.literal(name, name, classes=["xref", "download"])
        self.domain.use_file(str(file), self.env.docname)
        if local_file(zoo, path) is None:
            place = zoo.usage.place if zoo.usage else zoo.path
            warn(missing_file(path), Subtype.FILE, str(place))
            return text
        target = "/" + from_source_folder(self.env, file)
        return addnodes.download_reference("", "", text, reftarget=target)


def missing_file(path: str) -> str:
    """Give the warning about a file that is offered for download and is not there."""
    return f"there is no file {path!r} beside the manifest; create it, or correct the path"


def from_source_folder(env: BuildEnvironment, file: Path) -> str:
    """Give a file's path from the documentation's source folder; it may lie outside."""
    return Path(os.path.relpath(file.resolve(), Path(env.srcdir).resolve())).as_posix()
