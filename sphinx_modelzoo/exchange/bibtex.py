"""The papers of a zoo as BibTeX."""

from __future__ import annotations

from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.manifest.bibtex import bibtex_entry
from sphinx_modelzoo.manifest.model import Zoo


def export_bibtex(zoo: Zoo, losses: Losses) -> str:
    """Give an entry for each paper, in the manifest's order."""
    if zoo.entries:
        losses.lost("the zoo", "models, data sets and numbers", "BibTeX holds papers")
    return "\n".join(bibtex_entry(paper) for paper in zoo.papers.values())
