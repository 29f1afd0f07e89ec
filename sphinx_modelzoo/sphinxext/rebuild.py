"""Which pages a build reads or writes again because of a manifest, and warnings once a build."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.parallel import parallel_available

from sphinx_modelzoo.sphinxext.directive import zoo_domain
from sphinx_modelzoo.sphinxext.domain import PageRecord, ZooDomain
from sphinx_modelzoo.sphinxext.library import Library, file_digest
from sphinx_modelzoo.sphinxext.messages import Subtype, warn_problem
from sphinx_modelzoo.sphinxext.references.require import warn_of_unverified
from sphinx_modelzoo.sphinxext.references.roles import (
    Labels,
    leads_to,
    offer_labels,
    withdraw_labels,
)


def prepare_domain(app: Sphinx) -> None:
    """Give the domain what it needs of this build: the manifests and the builder."""
    config = app.config
    folder = Path(app.confdir)
    domain = zoo_domain(app.env)
    domain.library = Library(
        folder, config.zoo_manifest, config.zoo_receipts, config.zoo_signature_keys
    )
    domain.builder = app.builder


def let_zoos_go(app: Sphinx, _exception: Exception | None) -> None:
    """Forget the zoos once the build has ended, and let Python search for cycles as before."""
    domain = zoo_domain(app.env)
    domain.library.clear()
    domain.forget_catalogues()
    gc.unfreeze()


def outdated_pages(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Give the pages that must be read again because something that they used has changed."""
    domain = zoo_domain(env)
    domain.library.forget()
    domain.former = domain.index
    domain.former_labels = domain.former.labels()
    withdraw_labels(env, domain.former_labels)
    return [name for name, record in domain.pages.items() if _is_outdated(record, domain)]


def _is_outdated(record: PageRecord, domain: ZooDomain) -> bool:
    library = domain.library
    for name, (path, version) in record.manifests.items():
        if path != library.path(name) or version != library.version(path, domain.inputs.get(path)):
            return True
    if any(digest != file_digest(path) for path, digest in record.downloads.items()):
        return True
    for (name, dataset), (stamp, digest) in record.statuses.items():
        path, _ = record.manifests[name]
        inputs = domain.inputs.get(path)
        if stamp and inputs and stamp == library.stamp(inputs):
            continue
        zoo = library.manifest(path).zoo
        if zoo is None or library.board(zoo).digest(dataset) != digest:
            return True
    return False


def before_reading(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Read the project's manifest before parallel readers start, so that they share it."""
    zoo_domain(env).reading = frozenset(docnames)
    if docnames and parallel_available and app.parallel > 1:
        library = zoo_domain(env).library
        library.manifest(library.path())


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Settle where objects are, warn of the manifests, and give the pages to write again.

    These are pages whose links may lead to an object that has moved, and pages that another
    builder has read again, or would have had to write again, since this builder wrote them.
    """
    domain = zoo_domain(env)
    domain.settle()
    labels = domain.index.labels()
    offer_labels(env, labels)
    _warn_of_problems(domain)
    warn_of_unverified(domain, app.config.zoo_require)
    now = time.time_ns() // 1000
    for docname in _pages_with_moved_links(domain, labels):
        if docname not in domain.reading:
            domain.pages[docname].relinked = now
    return [
        docname
        for docname, record in domain.pages.items()
        if record.relinked == now or _written_before(app.builder, env, docname, record.relinked)
    ]


def _pages_with_moved_links(domain: ZooDomain, labels: Labels) -> Iterator[str]:
    """Give the pages with a manifest of which an object has moved, and those that refer to one."""
    before, after = domain.former.directory.homes, domain.directory.homes
    moved = {
        group[1] for group in before.keys() | after.keys() if before.get(group) != after.get(group)
    }
    former, index = domain.former, domain.index
    if former.directory == index.directory:
        return
    for docname, record in domain.pages.items():
        if any(path in moved for path, _ in record.manifests.values()) or any(
            leads_to(link, former, domain.former_labels) != leads_to(link, index, labels)
            for link in record.links
        ):
            yield docname


def _warn_of_problems(domain: ZooDomain) -> None:
    library = domain.library
    for path in domain.manifests_in_use():
        if path not in domain.inputs:
            for problem in library.manifest(path).problems:
                warn_problem(problem, Subtype.MANIFEST)
    for path, stamps in sorted(_shown(domain).items()):
        inputs = domain.inputs.get(path)
        if inputs and ("" in stamps or {library.stamp(inputs)} != stamps):
            zoo = library.manifest(path).zoo
            for problem in library.board(zoo).problems if zoo else ():
                warn_problem(problem, Subtype.RECEIPT)


def _shown(domain: ZooDomain) -> dict[str, set[str]]:
    """Give the stamps of the boards that pages show, by their manifest's path."""
    shown: dict[str, set[str]] = {}
    for record in domain.pages.values():
        for (name, _), (stamp, _digest) in record.statuses.items():
            shown.setdefault(record.manifests[name][0], set()).add(stamp)
    return shown


def _written_before(builder: Any, env: BuildEnvironment, docname: str, relinked: int) -> bool:
    """Tell whether a page's output is older than its last reading, or the last move of its links.

    Sphinx keeps the times of reading in microseconds, as ``relinked`` is.
    """
    output = getattr(builder, "get_output_path", None) or getattr(builder, "get_outfilename", None)
    if output is None or docname not in env.all_docs:
        return False
    try:
        written = Path(output(docname)).stat().st_mtime_ns // 1000
    except OSError:
        return False
    return written < max(env.all_docs[docname], relinked)
