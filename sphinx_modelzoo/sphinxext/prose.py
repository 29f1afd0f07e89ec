"""Plain text of a manifest as nodes: never markup that a parser would read."""

from __future__ import annotations

import re

from docutils import nodes

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.sphinxext.messages import Subtype, suggest, warn
from sphinx_modelzoo.sphinxext.nodes import paper_citation

_MARK = re.compile(r"`(?P<code>[^`]+)`|\[@(?P<paper>[^\]\s]+)\]")


def prose(text: str, zoo: Zoo, docname: str, place: str) -> list[nodes.Node]:
    """Give a text in which ```code``` is literal and ``[@KEY]`` is the number of a paper.

    Everything else stands for itself. ``place`` is where warnings point to.
    """
    parts: list[nodes.Node] = []
    end = 0
    for match in _MARK.finditer(text):
        parts.append(nodes.Text(text[end : match.start()]))
        parts.append(_marked(match, zoo, docname, place))
        end = match.end()
    parts.append(nodes.Text(text[end:]))
    return [part for part in parts if not isinstance(part, nodes.Text) or part]


def _marked(match: re.Match[str], zoo: Zoo, docname: str, place: str) -> nodes.Node:
    code, key = match["code"], match["paper"]
    if code is not None:
        return nodes.literal(code, code)
    if key in zoo.papers:
        return paper_citation("", manifest=str(zoo.path), paper=key, docname=docname)
    warn(f"there is no paper {key!r}; {suggest(key, zoo.papers)}", Subtype.PAPER, place)
    return nodes.Text(match[0])
