"""What a card says of a model: texts in the order of the manifest, ready to be laid out.

Everything here is plain text; the templates' environment escapes it (:mod:`.environment`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its ``title`` and ``text``, and where it leads.

    ``url`` is an http(s) address, or ``file`` a path that the card's format can link to. Both are
    empty where the file is not there.
    """

    title: str
    text: str
    url: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that has no field of its own in the manifest, by its title."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the manifest says of some of the weights; ``labels`` is empty where it is of all."""

    text: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """One set of weights.

    ``label`` tells it from the others of the card: its hashtag, else ``no hashtag``. ``key`` is
    ``NAME@HASHTAG``. ``tags`` are the texts that tables show behind the name. ``load`` is the line
    that loads it. ``file`` is the file's path beside the manifest, ``address`` leads to it where it
    is elsewhere. ``size`` and ``parameters`` are short
    (``91.2 MB``, ``23.9M``), ``bytes`` and ``count`` exact (``91,234,567``).
    """

    label: str
    key: str
    hashtag: str
    default: bool
    tags: tuple[str, ...]
    load: str
    architecture: str
    file: str
    address: Link | None
    sha1: str
    sha256: str
    size: str
    bytes: str
    parameters: str
    count: str
    released: str
    license: str
    note: str
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]

    @property
    def title(self) -> str:
        """The label with what is to be known of it, as in ``d6dc1bba (default)``."""
        remarks = (*(("default",) if self.default else ()), *self.tags)
        return f"{self.label} ({'; '.join(remarks)})" if remarks else self.label

    @property
    def described(self) -> bool:
        """Whether there is more to say of it than its label."""
        texts = (self.hashtag, self.architecture, self.file, self.sha1, self.sha256, self.size)
        more = (self.parameters, self.released, self.note, self.address, self.facts, self.links)
        return any((*texts, *more))


@dataclass(frozen=True, slots=True)
class Measurement:
    """A listed number, with its uncertainty and its status.

    ``number`` is the text that the manifest lists, ``unit`` what it is of (``%``). ``count`` is
    ``3155 of 3783`` and ``interval`` the ends of its exact 95 % interval; both are empty where the
    metric is not counted item by item. ``measured`` says that a receipt holds the count. ``kind``
    is ``verified``, ``spot-checked``, ``claimed``, ``stale`` or ``refuted``, and ``status`` says it
    in words.
    """

    label: str
    dataset: str
    protocol: str
    metric: str
    number: str
    unit: str
    count: str
    interval: str
    measured: bool
    kind: str
    status: str

    @property
    def listed(self) -> str:
        """The number with its unit, as in ``83.4 %``."""
        return f"{self.number} {self.unit}" if self.unit else self.number


@dataclass(frozen=True, slots=True)
class Protocol:
    """How numbers are measured: the recognizer, and its settings."""

    key: str
    recognizer: str
    settings: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set that the model was measured on; ``samples`` is a count, such as ``3,783``.

    ``home`` leads to its own page. ``notes`` may hold code between backticks; a paper is cited in
    them by its number, ``[2]``.
    """

    title: str
    description: str
    home: Link | None
    license: str
    split: str
    samples: str
    classes: str
    notes: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """What is to be known of it in a few words each, as in ``3,783 items``."""
        counts = ((self.samples, "items"), (self.classes, "classes"))
        known = [self.split, *(f"{count} {what}" for count, what in counts if count)]
        known += [f"license {self.license}"] if self.license else []
        return tuple(text for text in known if text)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: ``label`` is the number that it has in the zoo's tables, as in ``[2]``.

    ``link`` is its title, and leads to it where the manifest gives an address.
    """

    label: str
    key: str
    authors: str
    link: Link
    appeared: str
    bibtex: str


@dataclass(frozen=True, slots=True)
class Check:
    """A verification of one of the numbers, from its receipt."""

    date: str
    label: str
    number: str
    tier: str
    verdict: str
    count: str
    tool: str
    receipt: Link


@dataclass(frozen=True, slots=True)
class Card:
    """A model with all its weights. ``manifest`` is the manifest's file name."""

    name: str
    zoo: str
    manifest: str
    descriptions: tuple[Said, ...]
    weights: tuple[Weights, ...]
    results: tuple[Measurement, ...]
    protocols: tuple[Protocol, ...]
    datasets: tuple[Dataset, ...]
    intended_use: tuple[Said, ...]
    limitations: tuple[Said, ...]
    licenses: tuple[Said, ...]
    papers: tuple[Paper, ...]
    history: tuple[Check, ...]

    @property
    def default(self) -> Weights:
        """The weights that the bare name means, else the first."""
        return next((each for each in self.weights if each.default), self.weights[0])

    @property
    def summary(self) -> tuple[str, ...]:
        """What is to be known of the default weights in a few words each."""
        weights = self.default
        known = (
            ("", weights.parameters, " parameters"),
            ("", weights.size, ""),
            ("license ", weights.license, ""),
            ("released ", weights.released, ""),
        )
        return tuple(f"{before}{text}{after}" for before, text, after in known if text)

    @property
    def several(self) -> bool:
        """Whether there is more than one set of weights."""
        return len(self.weights) > 1

    @property
    def several_protocols(self) -> bool:
        """Whether the results were measured in more than one way."""
        return len({result.protocol for result in self.results}) > 1

    @property
    def counted(self) -> bool:
        """Whether at least one number has a count and an interval."""
        return any(result.count for result in self.results)

    @property
    def derived(self) -> bool:
        """Whether at least one count is derived from the listed number."""
        return any(result.count and not result.measured for result in self.results)
