"""What a zoo is: plain, frozen types, each knowing its place in the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; lines and columns count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        """Give ``path:line:column``."""
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Number:
    """A listed number: the text that stands in the manifest, and its value.

    The text is what readers see (``83.40`` keeps its zero); ``decimals`` is how many digits it
    has after the point.
    """

    text: str
    value: Decimal
    place: Place

    @property
    def decimals(self) -> int:
        """Digits after the decimal point, as written."""
        exponent = self.value.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper; ``number`` is its position in the manifest, from 1."""

    key: str
    number: int
    title: str
    place: Place
    authors: tuple[str, ...] = ()
    published: str = ""
    year: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark on an entry's name: ``text`` is shown behind the name, in brackets."""

    key: str
    place: Place
    text: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class LinkTemplate:
    """A kind of link: a column's ``title``, the ``text`` of each link, and a template.

    The template is that of an http(s) address, or of a ``file`` beside the manifest.
    """

    key: str
    place: Place
    title: str
    text: str
    url: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an entry's result: the text to show, and where it leads.

    ``url`` is a full http(s) address; or ``file`` is a path beside the manifest, for download.
    """

    key: str
    text: str
    place: Place
    url: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set: ``samples`` items in ``split``, with ``classes`` classes.

    ``root``, ``list``, ``media`` and ``template`` say where its items lie: a folder beside the
    manifest, a list file inside it, ``videos`` or ``frames``, and the name of a frame's file.
    ``require`` names what each of its rows must have, such as ``license`` or ``train_log``.
    """

    key: str
    title: str
    place: Place
    description: str = ""
    url: str = ""
    license: str = ""
    split: str = ""
    samples: int | None = None
    classes: int | None = None
    notes: tuple[str, ...] = ()
    root: str = ""
    list: str = ""
    media: str = ""
    template: str = "img_%05d.jpg"
    require: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric: ``top`` says that an item counts when its label is among its best ``top`` classes.

    Without ``top`` the number is shown and not re-measured. ``tolerance`` is in the metric's unit.
    ``direction`` is ``higher``, ``lower`` or empty.
    """

    key: str
    title: str
    place: Place
    unit: str = "%"
    decimals: int | None = None
    direction: str = ""
    top: int | None = None
    tolerance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a number is measured: which recognizer, and its settings in the manifest's order.

    ``settings`` are numbers where the manifest's text is a whole number, else text.
    """

    key: str
    place: Place
    recognizer: str
    settings: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """An entry's numbers on one data set under one protocol: a row of a table.

    ``evidence`` is the path, beside the manifest, of the predictions of a full run. ``places`` says
    where each field stands, by its key.
    """

    dataset: str
    place: Place
    protocol: str = ""
    evidence: str = ""
    numbers: Mapping[str, Number] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One set of weights. Its key is (``name``, ``hashtag``); one entry of a name is the default.

    ``architecture`` is what the loader calls the network (the name, where not given). ``weights``
    is a path beside the manifest or an http(s) address, or empty where the loader fetches them by
    hashtag. ``released`` is a year, month or day (ISO 8601). ``note`` is a footnote to the name;
    ``details`` holds further facts by their titles, such as how the weights were pretrained;
    ``ignore`` holds the reasons why a finding of ``modelzoo lint`` is right here, by the rule's
    code. ``places`` says where each field stands.
    """

    name: str
    hashtag: str
    place: Place
    default: bool = False
    architecture: str = ""
    weights: str = ""
    sha1: str = ""
    sha256: str = ""
    size: int | None = None
    parameters: int | None = None
    released: str = ""
    license: str = ""
    description: str = ""
    intended_use: str = ""
    limitations: str = ""
    papers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    ignore: Mapping[str, str] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def weights_file(self) -> str:
        """The weights' path beside the manifest; empty where they are elsewhere."""
        return "" if self.weights.startswith(("http://", "https://")) else self.weights

    @property
    def key(self) -> str:
        """The entry as commands write it: ``NAME@HASHTAG``, or the name alone."""
        return f"{self.name}@{self.hashtag}" if self.hashtag else self.name


@dataclass(frozen=True, slots=True)
class Usage:
    """How to load a model: templates with ``{name}`` and ``{hashtag}``, and scripts to offer.

    ``model`` is the name that the examples show; ``train`` and ``test`` are paths beside the
    manifest.
    """

    place: Place
    model: str = ""
    default: str = ""
    hashtag: str = ""
    train: str = ""
    test: str = ""


@dataclass(frozen=True, slots=True)
class Zoo:
    """A whole manifest. Mappings keep the order; ``files`` are all that it was read from.

    ``constants`` are the plain texts among ``links``, which templates may use.
    ``root`` is the manifest's folder: relative paths start there and stay inside.
    """

    path: Path
    title: str = ""
    description: str = ""
    loader: str = ""
    receipts: str = "receipts"
    usage: Usage | None = None
    papers: Mapping[str, Paper] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    links: Mapping[str, LinkTemplate] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    protocols: Mapping[str, Protocol] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    files: tuple[Path, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The manifest's folder."""
        return self.path.parent

    def rows(self, dataset: str = "") -> Iterator[tuple[Entry, Result]]:
        """Give each entry with each of its results, of one data set or of all, in order."""
        for entry in self.entries:
            for result in entry.results:
                if not dataset or result.dataset == dataset:
                    yield entry, result
