"""Measuring one run: the data set is checked, the recognizer opened, every item counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol as Interface

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.pipe.itemlist import read_items
from sphinx_modelzoo.pipe.messages import DataSource, Open, Opened, Prediction, fingerprint
from sphinx_modelzoo.receipts.claims import file_sha256, local_file
from sphinx_modelzoo.verify.count import Counts, count, seeded_order
from sphinx_modelzoo.verify.pipe import Recognizer
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.process import Command
from sphinx_modelzoo.verify.source import find_source


class Watch(Interface):
    """Who looks on while a run is measured, such as a progress bar."""

    def begin(self, title: str) -> None:
        """A run begins."""

    def note(self, text: str) -> None:
        """The recognizer says what it does."""

    def expect(self, total: int) -> None:
        """That many items will be predicted."""

    def step(self) -> None:
        """One more item was predicted."""

    def idle(self) -> None:
        """Nothing came for a moment."""

    def end(self) -> None:
        """The run is over, for better or worse."""

    def warning(self, text: str) -> None:
        """Something is to be known that changes no verdict."""

    def fault(self, error: Exception) -> None:
        """An error came that no one foresaw."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose for all runs.

    ``data`` gives the folders of data sets by name; ``timeout`` is in seconds of silence; ``echo``
    receives what recognizers say on standard error. Without a ``seed`` each run has its own.
    ``tool`` is what receipts say of the program that made them.
    """

    data: Mapping[str, Path]
    offline: bool = False
    seed: str = ""
    timeout: float = 600.0
    echo: Callable[[bytes], None] | None = None
    tool: str = "sphinx-modelzoo"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run saw of ``total`` items, from ``started`` (UTC) on, in ``duration`` seconds."""

    counts: Counts
    total: int
    fingerprint: str
    opened: Opened
    source: DataSource
    seed: str
    started: str
    duration: float


def measure(zoo: Zoo, run: Run, command: Command, settings: Settings, watch: Watch) -> Measured:
    """Have all items of a run predicted, and count them.

    Raises:
        UndecidedError: the data set, the weights or the recognizer are not what they should be.
    """
    clock = time.monotonic()
    started = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    classes = _classes(run)
    source = find_source(zoo, run.dataset, settings.data.get(run.dataset.key))
    listed = _listed_labels(zoo, run, source, classes)
    request = _request(zoo, run, source, classes, offline=settings.offline)
    recognizer = Recognizer(
        command, timeout=settings.timeout, note=watch.note, idle=watch.idle, echo=settings.echo
    )
    with recognizer:
        opened = recognizer.open(request)
        _check_weights(zoo, run, request, opened)
        labels = recognizer.items(opened.items) if listed is None else listed
        _check_items(run, recognizer, opened, labels, asked=listed is None)
        seed = settings.seed or run.seed
        order = {item: labels[item] for item in seeded_order(labels, seed)}
        watch.expect(len(order))
        tops = {metric.top for metric in run.counted if metric.top is not None}
        counts = count(_watched(recognizer.predict(order), watch), tops, classes)
        warning = recognizer.close()
    if warning:
        watch.warning(warning)
    return Measured(
        counts=counts,
        total=len(order),
        fingerprint=fingerprint(labels.items()),
        opened=opened,
        source=source,
        seed=seed,
        started=started,
        duration=round(time.monotonic() - clock, 3),
    )


def _watched(predictions: Iterable[Prediction], watch: Watch) -> Iterator[Prediction]:
    for prediction in predictions:
        watch.step()
        yield prediction


def _classes(run: Run) -> int:
    if run.dataset.classes is None:
        what = f"data set {run.dataset.key!r} does not say how many classes it has"
        raise UndecidedError(Problem(what, "write 'classes: NUMBER'", str(run.dataset.place)))
    return run.dataset.classes


def _listed_labels(zoo: Zoo, run: Run, source: DataSource, classes: int) -> dict[str, int] | None:
    """Read the labels from our own copy of the list; None where the data set has no list."""
    if not source.list:
        return None
    labels = {item.id: item.label for item in read_items(Path(source.list), classes)}
    _check_samples(run, len(labels), f"the list {source.list}")
    own = local_file(zoo, run.dataset.list)
    if own is not None and own != Path(source.list).resolve():
        listed = fingerprint((item.id, item.label) for item in read_items(own, classes))
        if listed != fingerprint(labels.items()):
            what = (
                f"data set {run.dataset.key!r} has other items in {source.list} than in its list "
                f"{run.dataset.list!r} beside the manifest"
            )
            remedy = "copy the manifest's list there; the numbers are listed for its items"
            raise UndecidedError(Problem(what, remedy, str(run.dataset.place)))
    return labels


def _check_samples(run: Run, found: int, where: str) -> None:
    samples = run.dataset.samples
    if samples is not None and samples != found:
        what = (
            f"data set {run.dataset.key!r} has {samples} samples in the manifest and {found} in "
            f"{where}"
        )
        remedy = "take the list that the numbers were measured on, or correct 'samples'"
        raise UndecidedError(Problem(what, remedy, str(run.dataset.place)))


def _request(zoo: Zoo, run: Run, source: DataSource, classes: int, *, offline: bool) -> Open:
    entry = run.entry
    return Open(
        model=entry.name,
        architecture=entry.architecture or entry.name,
        hashtag=entry.hashtag,
        classes=classes,
        data=source,
        protocol=dict(run.protocol.settings) if run.protocol else {},
        weights=_weights_path(zoo, run),
        sha1=entry.sha1,
        sha256=entry.sha256,
        offline=offline,
    )


def _weights_path(zoo: Zoo, run: Run) -> str:
    """Resolve the weights' path, which must exist inside the manifest's folder."""
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


def _check_weights(zoo: Zoo, run: Run, request: Open, opened: Opened) -> None:
    """Compare the weights that were loaded with the manifest and with the file beside it."""
    entry = run.entry
    loaded = opened.weights
    expected = [("sha1", entry.sha1, "sha1"), ("sha256", entry.sha256, "sha256")]
    if request.weights:
        expected.append(("weights", file_sha256(Path(request.weights)), "sha256"))
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


def _check_items(
    run: Run, recognizer: Recognizer, opened: Opened, labels: Mapping[str, int], *, asked: bool
) -> None:
    """See that both sides speak of the same items with the same labels."""
    name = recognizer.name
    if not labels:
        what = f"recognizer {name!r} found no items in data set {run.dataset.key!r}"
        remedy = f"check --data {run.dataset.key}=PATH"
        raise UndecidedError(Problem(what, remedy, str(run.dataset.place)))
    if asked:
        _check_samples(run, len(labels), f"what recognizer {name!r} found")
        high = max(labels.values())
        if run.dataset.classes is not None and high >= run.dataset.classes:
            what = f"recognizer {name!r} gives the label {high}, not below the number of classes"
            raise UndecidedError(Problem(what, "count labels from 0", str(run.dataset.place)))
    if opened.items != len(labels):
        what = f"recognizer {name!r} opened {opened.items} items, and the list has {len(labels)}"
        raise UndecidedError(Problem(what, "let it read the list that it is given"))
    if opened.fingerprint != fingerprint(labels.items()):
        detail = "" if asked else _differing(recognizer, opened.items, labels)
        what = f"recognizer {name!r} gives another fingerprint of the items{detail}"
        remedy = "it is the SHA-256 of the sorted lines 'id TAB label NEWLINE'"
        raise UndecidedError(Problem(what, remedy))


def _differing(recognizer: Recognizer, total: int, labels: Mapping[str, int]) -> str:
    """Name the first item in which the recognizer's items and ours differ."""
    try:
        told = recognizer.items(total)
    except UndecidedError:
        return ""  # the fingerprint is the fault to report
    for item in sorted(told.keys() | labels.keys()):
        if told.get(item) != labels.get(item):
            ours = (
                f"has {item!r} with label {labels[item]}" if item in labels else f"lacks {item!r}"
            )
            its = f"label {told[item]}" if item in told else "no such item"
            return f": the list {ours}, and it has {its}"
    return ""
