"""Which pages a build reads or writes again because of a manifest, and the manifests' warnings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.parallel import parallel_available

from sphinx_modelzoo.sphinxext.directive import zoo_domain
from sphinx_modelzoo.sphinxext.domain import PageRecord, ZooDomain
from sphinx_modelzoo.sphinxext.library import Library, file_digest
from sphinx_modelzoo.sphinxext.messages import Subtype, warn_problem


def prepare_domain(app: Sphinx) -> None:
    """Give the domain what it needs of this build: the manifests and the builder."""
    config = app.config
    folder = Path(app.confdir)
    domain = zoo_domain(app.env)
    domain.library = Library(folder, config.zoo_manifest, config.zoo_receipts)
    domain.builder = app.builder


def outdated_pages(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Give the pages that must be read again because something that they used has changed."""
    domain = zoo_domain(env)
    domain.library.forget()
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


def read_before_forking(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Read the project's manifest before parallel readers start, so that they share it."""
    if docnames and parallel_available and app.parallel > 1:
        library = zoo_domain(env).library
        library.manifest(library.path())


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Warn of the manifests' problems, and give the pages that must be written again.

    These are pages whose numbers lead to papers that have moved, and pages that another builder
    has read again since this builder wrote them.
    """
    domain = zoo_domain(env)
    _warn_of_problems(domain)
    before = domain.homes
    homes = domain.settle_homes()
    moved = {
        paper[0] for paper in before.keys() | homes.keys() if before.get(paper) != homes.get(paper)
    }
    return [
        docname
        for docname, record in domain.pages.items()
        if any(path in moved for path, _ in record.manifests.values())
        or _written_before_read(app.builder, env, docname)
    ]


def _warn_of_problems(domain: ZooDomain) -> None:
    library = domain.library
    for path in sorted(_used(domain)):
        if path not in domain.inputs:
            for problem in library.manifest(path).problems:
                warn_problem(problem, Subtype.MANIFEST)
    for path, stamps in sorted(_shown(domain).items()):
        inputs = domain.inputs.get(path)
        if inputs and ("" in stamps or {library.stamp(inputs)} != stamps):
            zoo = library.manifest(path).zoo
            for problem in library.board(zoo).problems if zoo else ():
                warn_problem(problem, Subtype.RECEIPT)


def _used(domain: ZooDomain) -> set[str]:
    """Give the paths of the manifests that pages use."""
    return {path for record in domain.pages.values() for path, _ in record.manifests.values()}


def _shown(domain: ZooDomain) -> dict[str, set[str]]:
    """Give the stamps of the boards that pages show, by their manifest's path."""
    shown: dict[str, set[str]] = {}
    for record in domain.pages.values():
        for (name, _), (stamp, _digest) in record.statuses.items():
            shown.setdefault(record.manifests[name][0], set()).add(stamp)
    return shown


def _written_before_read(builder: Any, env: BuildEnvironment, docname: str) -> bool:
    """Tell whether a page's output is older than the page's last reading, in microseconds."""
    output = getattr(builder, "get_output_path", None) or getattr(builder, "get_outfilename", None)
    if output is None or docname not in env.all_docs:
        return False
    try:
        written = Path(output(docname)).stat().st_mtime_ns // 1000
    except OSError:
        return False
    return written < env.all_docs[docname]
