"""The data set is checked before the model: its items are those that the numbers are listed for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.pipe.itemlist import read_items
from sphinx_modelzoo.pipe.media import check_files
from sphinx_modelzoo.pipe.messages import DataSource
from sphinx_modelzoo.receipts.claims import file_sha256, local_file
from sphinx_modelzoo.receipts.evidence import EvidenceFile
from sphinx_modelzoo.verify.copies import bounds_text, compare
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.reference import refuse_copy


def listed_labels(
    zoo: Zoo, run: Run, source: DataSource, classes: int, evidence: EvidenceFile | None
) -> dict[str, int] | None:
    """Read the labels from our own copy of the list; None where the data set has no list.

    Raises:
        UndecidedError: the list cannot be read, or is not that of the numbers; what differs is
            named as far as it is known.
    """
    if not source.list:
        return None
    shared = list(range(classes))  # one object a class, not one an item
    items = read_items(Path(source.list), classes)
    labels = {item.id: shared[item.label] for item in items}
    if local_file(zoo, run.dataset.list) != Path(source.list).resolve():
        check_own_list(zoo, run, labels, source.list, classes)
    check_samples(run, labels, f"the list {source.list}", evidence)
    return labels


def check_own_list(zoo: Zoo, run: Run, labels: Mapping[str, int], where: str, classes: int) -> None:
    """See that items are those of the list beside the manifest, where there is one.

    Raises:
        UndecidedError: they are others; ``where`` is where they were found.
    """
    own = local_file(zoo, run.dataset.list)
    if own is None:
        return
    listed = {item.id: item.label for item in read_items(own, classes)}
    copy = compare(listed.items(), labels)
    if not copy.differs:
        return
    bounds = bounds_text(run, copy.total, copy.same)
    what = (
        f"data set {run.dataset.key!r} has other items in {where} than in its list "
        f"{run.dataset.list!r} beside the manifest: {copy.text()}"
    )
    what += f"; {bounds}" if bounds else ""
    remedy = "copy the manifest's list there; the numbers are listed for its items"
    raise UndecidedError(Problem(what, remedy, str(run.dataset.place)))


def check_samples(
    run: Run, labels: Mapping[str, int], where: str, evidence: EvidenceFile | None
) -> None:
    """See that there are as many items as the manifest says.

    Raises:
        UndecidedError: there are more or fewer; evidence, where there is any, tells which.
    """
    samples = run.dataset.samples
    if samples is None or samples == len(labels):
        return
    if evidence is not None and evidence.origin.items == samples:
        refuse_copy(evidence, run, labels)
    what = (
        f"data set {run.dataset.key!r} has {samples} samples in the manifest and {len(labels)} in "
        f"{where}"
    )
    bounds = bounds_text(run, samples, len(labels)) if len(labels) < samples else ""
    what += f"; {bounds}, if none of them is another" if bounds else ""
    remedy = "take the list that the numbers were measured on, or correct 'samples'"
    raise UndecidedError(Problem(what, remedy, str(run.dataset.place)))


def files_digest(source: DataSource) -> str:
    """Give the digest of the items' files: each item's file, or all files of its folder.

    SHA-256 over the lines ``id TAB sha256 NEWLINE``, sorted by their bytes, in hex; a folder's
    digest is that of such lines of its files.

    Raises:
        UndecidedError: the data set has no list or folder, or items are not there; they are named.
    """
    if not source.list or not source.root:
        what = f"the files of data set {source.name!r} are not known: it has no list or no folder"
        raise UndecidedError(Problem(what, f"give --data {source.name}=PATH, or leave the check"))
    media = check_files(read_items(Path(source.list)), Path(source.root), source.media)
    return _lines_digest({item: _path_digest(path) for item, path in media.paths.items()})


def _path_digest(path: Path) -> str:
    try:
        if path.is_dir():
            files = (file for file in path.iterdir() if file.is_file())
            return _lines_digest({file.name: file_sha256(file) for file in files})
        return file_sha256(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        problem = Problem(f"cannot be read: {reason}", "repair or fetch it again", str(path))
        raise UndecidedError(problem) from error


def _lines_digest(digests: Mapping[str, str]) -> str:
    lines = sorted(f"{name}\t{digest}\n".encode() for name, digest in digests.items())
    return hashlib.sha256(b"".join(lines)).hexdigest()
