"""The role ``zoo:value``: what the manifest lists, in prose, so that prose cannot go stale."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from sphinx_modelzoo.receipts.model import NumberKey, Status
from sphinx_modelzoo.sphinxext.directive import zoo_domain
from sphinx_modelzoo.sphinxext.messages import warn
from sphinx_modelzoo.sphinxext.references.catalogue import UnlistedError, value_text
from sphinx_modelzoo.sphinxext.table.columns import Kind


class ValueRole(SphinxRole):
    """A listed value as text: ``:zoo:value:`vgg16_ucf101@d6dc1bba top1```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Give the value, or the role's own text with a warning where there is no such value."""
        domain = zoo_domain(self.env)
        manifest, text = self._manifest_and_words()
        zoo = domain.use(manifest, self.env.docname).zoo
        if zoo is None:
            return [nodes.Text(text)], []
        try:
            found = domain.catalogue(zoo).find(text)
        except UnlistedError as error:
            warn(str(error), error.subtype, self.get_location())
            return [nodes.Text(text)], []
        statuses: Mapping[NumberKey, Status] = {}
        if found.row and found.column and found.column.kind is Kind.INTERVAL:
            domain.use_statuses(manifest, zoo, found.row.result.dataset, self.env.docname)
            statuses = domain.library.board(zoo).statuses
        return [nodes.Text(value_text(zoo, found, statuses))], []

    def _manifest_and_words(self) -> tuple[str, str]:
        """Give the manifest that ``PATH#`` names before the words, none for the project's."""
        path, mark, words = self.text.rpartition("#")
        library = zoo_domain(self.env).library
        if mark and path and Path(library.path(path)).is_file():
            return path, words
        return "", self.text
