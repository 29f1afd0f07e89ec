"""Where in the manifest a link comes from."""

from __future__ import annotations

from sphinx_modelzoo.manifest.entries import STANDARD_VARIABLES
from sphinx_modelzoo.manifest.model import Link, Place, Result, Zoo
from sphinx_modelzoo.manifest.templates import variables


def link_place(zoo: Zoo, link: Link, result: Result) -> Place:
    """Give the place of a link's own field, else of the field that its template is filled with."""
    template = zoo.links[link.key]
    own = [name for name in variables(template.url + template.file) if name in result.places]
    further = [name for name in own if name not in STANDARD_VARIABLES]
    for name in (link.key, *further):
        if name in result.places:
            return result.places[name]
    return link.place
