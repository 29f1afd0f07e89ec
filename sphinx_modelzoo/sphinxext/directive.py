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
from sphinx_modelzoo.sphinxext.messages import Subtype, warn

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

    def warn(self, text: str, subtype: Subtype) -> None:
        """Give a warning at the directive."""
        warn(text, subtype, self.get_location())

    def located(self, *children: nodes.Element) -> list[nodes.Node]:
        """Give some nodes after setting their source and line to the directive's."""
        for child in children:
            self.set_source_info(child)
        return list(children)

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
