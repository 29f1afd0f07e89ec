"""The directive ``zoo:notes``: what readers of a data set's table should know."""

from __future__ import annotations

from docutils import nodes

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.sphinxext.directive import ZooDirective
from sphinx_modelzoo.sphinxext.prose import prose


class NotesDirective(ZooDirective):
    """``.. zoo:notes:: DATASET`` shows the data set's notes as a note."""

    required_arguments = 1

    def show(self, zoo: Zoo) -> list[nodes.Node]:
        """Give the note; nothing where the data set has no notes."""
        key = self.arguments[0]
        if not self.knows_dataset(zoo, key):
            return []
        dataset = zoo.datasets[key]
        notes: list[nodes.Element] = [
            nodes.paragraph("", "", *prose(note, zoo, self.env.docname, str(dataset.place)))
            for note in dataset.notes
        ]
        if not notes:
            return []
        if len(notes) > 1:
            items = (nodes.list_item("", note) for note in notes)
            notes = [nodes.bullet_list("", *items, bullet="-")]
        shown = nodes.note("", *notes)
        self.offer(shown, "dataset", zoo, key, title=dataset.title)
        return self.located(shown)
