"""The links of a result: filled from their templates, or given by the model itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from sphinx_modelzoo.manifest.kinds import PATH, URL
from sphinx_modelzoo.manifest.model import Link, LinkTemplate, Place
from sphinx_modelzoo.manifest.nodes import is_null
from sphinx_modelzoo.manifest.templates import fill, fill_url
from sphinx_modelzoo.manifest.values import Pairs, Reading, scalar


def read_links(
    pairs: Pairs,
    values: Mapping[str, str],
    templates: Mapping[str, LinkTemplate],
    reading: Reading,
    place: Place,
    *,
    constants: Mapping[str, str],
) -> dict[str, Link]:
    """Fill each kind of link; one whose fields an entry does not give is left out."""
    links = {}
    for key, template in templates.items():
        if key in pairs:
            link = _own_link(template, pairs[key][1], reading)
        else:
            link = _filled(template, constants, values, place, reading)
        if link is not None:
            links[key] = link
    return links


def _own_link(template: LinkTemplate, node: yaml.Node, reading: Reading) -> Link | None:
    if is_null(node):
        return None
    kind = PATH if template.file else URL
    text = scalar(node, repr(template.key), kind.expects, reading)
    if text is None:
        return None
    if kind.convert(text) is None:
        reading.report(node, f"the link {template.key!r} is {text[:80]!r}", f"write {kind.expects}")
        return None
    target: dict[str, Any] = {"file" if template.file else "url": text}
    return Link(template.key, template.text, reading.place(node), **target)


def _filled(
    template: LinkTemplate,
    constants: Mapping[str, str],
    values: Mapping[str, str],
    place: Place,
    reading: Reading,
) -> Link | None:
    if template.file:
        target, kind = fill(template.file, {**values, **constants}), PATH
    else:
        target, kind = fill_url(template.url, constants, values) if template.url else None, URL
    if not target:
        return None
    if kind.convert(target) is None:
        problem = f"the link {template.key!r} becomes {target[:80]!r}"
        reading.problem(place, problem, f"its template must give {kind.expects}")
        return None
    return Link(template.key, template.text, place, **{"file" if template.file else "url": target})
