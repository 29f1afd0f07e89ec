"""The places, in the manifest, of the links that Sphinx's builder ``linkcheck`` finds broken."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

from sphinx_modelzoo.manifest.model import Place, Zoo
from sphinx_modelzoo.sphinxext.directive import zoo_domain
from sphinx_modelzoo.sphinxext.messages import Subtype, warn

_BROKEN = frozenset({"broken", "timeout"})


def warn_of_broken_links(app: Sphinx, exception: Exception | None) -> None:
    """Warn of each broken link of a manifest where it stands there, and add it to the report.

    ``linkcheck`` itself names the page that shows a link; what it found is read from its
    ``output.json``.
    """
    report = Path(app.outdir) / "output.json"
    if exception is not None or app.builder.name != "linkcheck" or not report.is_file():
        return
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    broken = {line["uri"]: line for line in lines if line["status"] in _BROKEN}
    if not broken:
        return
    domain = zoo_domain(app.env)
    zoos = [domain.library.manifest(path).zoo for path in domain.manifests_in_use()]
    links = [link for zoo in zoos if zoo for link in _links(zoo) if link[0] in broken]
    with report.with_suffix(".txt").open("a", encoding="utf-8") as text:
        for url, place in links:
            status, info = broken[url]["status"], broken[url]["info"]
            warn(f"the link {url} is broken: {info}", Subtype.LINK, str(place))
            path = os.path.relpath(place.path, app.srcdir)
            text.write(f"{path}:{place.line}: [{status}] {url}: {info}\n")


def _links(zoo: Zoo) -> Iterator[tuple[str, Place]]:
    """Give each address that pages may show, once for each place where it stands."""
    found: dict[tuple[str, Place], None] = {}
    for paper in zoo.papers.values():
        found[paper.url, paper.place] = None
    for dataset in zoo.datasets.values():
        found[dataset.url, dataset.place] = None
    for _, result in zoo.rows():
        for link in result.links.values():
            found[link.url, link.place] = None
    return (link for link in found if link[0])
