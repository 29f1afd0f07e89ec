"""Names with tags: the roles ``greytag``, ``tsntag`` and ``zoo:tag``, and the nodes they share."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx.util.docutils import ReferenceRole, SphinxRole

from sphinx_modelzoo.manifest.model import Tag
from sphinx_modelzoo.sphinxext.directive import zoo_domain
from sphinx_modelzoo.sphinxext.messages import Subtype, suggest, warn
from sphinx_modelzoo.sphinxext.table.pieces import piece_node
from sphinx_modelzoo.sphinxext.table.tagging import tagged_pieces


def tagged_name(name: str, tags: Iterable[Tag]) -> list[nodes.Node]:
    """Give a name with the classes of its tags, and behind it their texts in brackets."""
    return [piece_node(piece, "") for piece in tagged_pieces(name, tags)]


class StandardTagRole(SphinxRole):
    """A role of its own for a standard tag, such as ``:tsntag:`vgg16_ucf101```."""

    def __init__(self, tag: Tag) -> None:
        super().__init__()
        self._tag = tag

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Give the tagged name."""
        return tagged_name(self.text, [self._tag]), []


class ManifestTagRole(ReferenceRole):
    """A name with a tag of the project's manifest: ``:zoo:tag:`vgg16_ucf101 <tsntag>```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Give the tagged name, or the bare name where there is no such tag."""
        zoo = zoo_domain(self.env).use("", self.env.docname).zoo
        if zoo is None:
            return [nodes.Text(self.title)], []
        key = self.target if self.has_explicit_title else ""
        if key not in zoo.tags:
            said = f"there is no tag {key!r}" if key else f"{self.title!r} has no tag"
            text = f"{said}; write 'name <tag>'; {suggest(key, zoo.tags)}"
            warn(text, Subtype.TAG, self.get_location())
            return [nodes.Text(self.title)], []
        return tagged_name(self.title, [zoo.tags[key]]), []
