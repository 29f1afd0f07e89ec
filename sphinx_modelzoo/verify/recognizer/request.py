"""What a recognizer is asked to open: an entry, its data set and its protocol."""

from __future__ import annotations

from pathlib import Path

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.pipe.messages import DataSource, Open, WeightsFile
from sphinx_modelzoo.receipts.claims import file_sha256
from sphinx_modelzoo.verify.plan import Run


def class_count(run: Run) -> int:
    """Give the data set's number of classes.

    Raises:
        UndecidedError: the manifest does not say it.
    """
    if run.dataset.classes is None:
        what = f"data set {run.dataset.key!r} does not say how many classes it has"
        raise UndecidedError(Problem(what, "write 'classes: NUMBER'", str(run.dataset.place)))
    return run.dataset.classes


def open_request(zoo: Zoo, run: Run, source: DataSource, *, offline: bool) -> Open:
    """Give the request for a run, with the items that were found on this machine.

    Raises:
        UndecidedError: the number of classes or the weights' file is not there.
    """
    entry = run.entry
    return Open(
        model=entry.name,
        architecture=entry.architecture or entry.name,
        hashtag=entry.hashtag,
        classes=class_count(run),
        data=source,
        protocol=dict(run.protocol.settings) if run.protocol else {},
        weights=weights_path(zoo, run),
        sha1=entry.sha1,
        sha256=entry.sha256,
        offline=offline,
    )


def weights_path(zoo: Zoo, run: Run) -> str:
    """Give the absolute path of the weights beside the manifest; empty where none are.

    Raises:
        UndecidedError: the file does not exist, or lies outside the manifest's folder.
    """
    entry = run.entry
    if not entry.weights_file:
        return ""
    root = zoo.root.resolve()
    path = (root / entry.weights_file).resolve()
    place = str(entry.places.get("weights", entry.place))
    if not path.is_relative_to(root):
        what = f"the weights {entry.weights!r} of {entry.key} lead out of the manifest's folder"
        raise UndecidedError(Problem(what, "put the file beside the manifest", place))
    if not path.is_file():
        what = f"the weights {entry.weights!r} of {entry.key} are not beside the manifest"
        raise UndecidedError(Problem(what, "put the file there", place))
    return str(path)


def check_weights(zoo: Zoo, run: Run, file: str, loaded: WeightsFile | None) -> None:
    """Compare the weights that were loaded with the manifest, and with a file where one is given.

    Raises:
        UndecidedError: they are others, or nothing is said of them where the manifest names a
            digest.
    """
    entry = run.entry
    expected = [("sha1", entry.sha1, "sha1"), ("sha256", entry.sha256, "sha256")]
    if file:
        expected.append(("weights", file_sha256(Path(file)), "sha256"))
    if zoo.loader == "gluoncv" and loaded is not None:
        # GluonCV's hashtag is the beginning of the file's SHA-1.
        expected.append(("hashtag", entry.hashtag.lower(), "sha1"))
    for key, digest, kind in expected:
        if not digest:
            continue
        place = str(entry.places.get(key, entry.place))
        if loaded is None:
            what = f"the recognizer does not say which weights it loaded for {entry.key}"
            raise UndecidedError(Problem(what, "let it give their digests in 'opened'", place))
        found = getattr(loaded, kind)
        if not found.startswith(digest):
            what = f"{entry.key}: the loaded weights have {kind} {found}, not {digest}"
            remedy = "fetch the right file again, or correct the manifest"
            raise UndecidedError(Problem(what, remedy, place))
