"""The fields of each part of a manifest: what the reader accepts and the reference documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sphinx_modelzoo.manifest.kinds import (
    DATE,
    DECIMAL,
    FLAG,
    HASHTAG,
    KEY,
    NAME,
    PATH,
    POSITIVE,
    PROSE,
    SHA1,
    SHA256,
    TEXT,
    URL,
    URL_TEMPLATE,
    WEIGHTS,
    WHOLE,
    WORD,
    Kind,
    choice,
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its key, its kind of scalar, and a line of explanation.

    ``many`` says that a list may stand there; one scalar is then a list of one.
    """

    key: str
    kind: Kind
    doc: str
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the manifest: a mapping with these fields. ``noun`` names it in messages."""

    noun: str
    doc: str
    fields: tuple[Field, ...]
    by_key: Mapping[str, Field] = field(init=False, repr=False)
    required: tuple[Field, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Arrange the fields for looking them up, as every model of a manifest needs them."""
        object.__setattr__(self, "by_key", {item.key: item for item in self.fields})
        object.__setattr__(self, "required", tuple(item for item in self.fields if item.required))

    def keys(self) -> tuple[str, ...]:
        """Give the fields' keys."""
        return tuple(self.by_key)


ZOO = Section(
    "the manifest",
    "The top of the manifest.",
    (
        Field("zoo", choice("1"), "The format's version: 1.", required=True),
        Field("title", TEXT, "The zoo's title."),
        Field("description", PROSE, "What the zoo holds."),
        Field("loader", WORD, "The library that loads the models, such as gluoncv."),
        Field("receipts", PATH, "The folder of receipts; `receipts` when not given."),
        Field(
            "include", PATH, "Further files of the manifest; `*` stands for any name.", many=True
        ),
    ),
)

PARTS = {
    "usage": "How to load a model.",
    "papers": "The papers, by key; their order gives [1], [2].",
    "tags": "Marks on models' names, by key.",
    "links": "Kinds of link, by key; a plain text is a constant for the templates.",
    "datasets": "The data sets, by key.",
    "metrics": "The metrics, by key; `top1` and `top5` need no declaration.",
    "protocols": "How numbers are measured, by key.",
    "models": "The list of entries.",
}

USAGE = Section(
    "usage",
    "How to load a model. Templates may use {name}, {hashtag}, {architecture} and {weights}.",
    (
        Field("model", NAME, "The name that the examples show."),
        Field("default", TEXT, "The line that loads a name's default weights, a template."),
        Field("hashtag", TEXT, "The line that loads the weights of a hashtag, a template."),
        Field("train", PATH, "The training script to offer for download."),
        Field("test", PATH, "The test script to offer for download."),
    ),
)

PAPER = Section(
    "a paper",
    "A paper that models follow.",
    (
        Field("title", TEXT, "Its title.", required=True),
        Field("authors", TEXT, "Its authors, in order.", many=True),
        Field("published", TEXT, "Where it was published."),
        Field("year", WHOLE, "The year."),
        Field("url", URL, "Where to read it."),
    ),
)

TAG = Section(
    "a tag",
    "A mark on a model's name.",
    (
        Field("text", TEXT, "The text shown behind the name, in brackets."),
        Field("style", choice("grey"), "How the name is shown."),
    ),
)

LINK = Section(
    "a kind of link",
    "A column of links. Templates may use the constants of `links`, {name}, {hashtag}, "
    "{architecture}, {dataset}, {protocol}, and any further field, which models then give.",
    (
        Field("title", TEXT, "The column's title; made from the key when not given."),
        Field("text", TEXT, "The text of each link; made from the key when not given."),
        Field("url", URL_TEMPLATE, "The template of the address."),
        Field("file", PATH, "The template of the path of a file beside the manifest."),
    ),
)

DATASET = Section(
    "a data set",
    "A data set that numbers are measured on.",
    (
        Field("title", TEXT, "Its title; the key when not given."),
        Field("description", PROSE, "What it holds."),
        Field("url", URL, "Where it comes from."),
        Field("license", TEXT, "Its licence, an SPDX id where there is one."),
        Field("split", TEXT, "Which part of it, such as official split 1."),
        Field("samples", POSITIVE, "How many items that part has."),
        Field("classes", POSITIVE, "How many classes it has."),
        Field("notes", PROSE, "Notes for readers; `code` and [@paper] are understood.", many=True),
        Field("root", PATH, "The folder of its items, in the data set's folder."),
        Field("list", PATH, "The list of its items, in the data set's folder."),
        Field(
            "media", choice("frames", "videos"), "What an item is: a folder of frames or a file."
        ),
        Field("template", TEXT, "The name of a frame's file; img_%05d.jpg when not given."),
        Field("require", KEY, "Fields and links that each of its rows must have.", many=True),
    ),
)

METRIC = Section(
    "a metric",
    "A metric that numbers are listed for.",
    (
        Field("title", TEXT, "The column's title; made from the key when not given."),
        Field("unit", TEXT, "Its unit; % when not given for a top-k metric."),
        Field("decimals", WHOLE, "How many digits after the point are listed."),
        Field("direction", choice("higher", "lower"), "Which is better."),
        Field("top", POSITIVE, "An item counts when its label is among this many best classes."),
        Field("tolerance", DECIMAL, "How far a measured number may lie off, in the unit."),
    ),
)

PROTOCOL = Section(
    "a protocol",
    "How a number is measured. `options` is a mapping of further settings for the recognizer.",
    (
        Field("recognizer", WORD, "The recognizer that measures it.", required=True),
        Field("segments", POSITIVE, "Into how many equal segments a video is divided."),
        Field("crops", POSITIVE, "How many crops of each frame: 1, 3 or 10."),
        Field("input_size", POSITIVE, "Height and width of a crop, in pixels."),
        Field("new_height", POSITIVE, "The height that frames are resized to, in pixels."),
        Field("new_width", POSITIVE, "The width that frames are resized to, in pixels."),
        Field(
            "new_length",
            POSITIVE,
            "How many frames a clip has, for networks that see clips; each segment gives a clip.",
        ),
        Field("new_step", POSITIVE, "How far apart a clip's frames are; 1 when not given."),
        Field(
            "slow_temporal_stride",
            POSITIVE,
            "Of how many of a clip's frames a SlowFast network's slow pathway sees one.",
        ),
        Field(
            "fast_temporal_stride",
            POSITIVE,
            "Of how many of a clip's frames a SlowFast network's fast pathway sees one.",
        ),
    ),
)

ENTRY = Section(
    "a model",
    "One set of weights, known by its name and hashtag. A metric's key holds a listed number, "
    "a link's key overrides its template, and fields that templates ask for are given here. "
    "`results` is a list of results, for more than one data set or protocol. `details` is a "
    "mapping of further facts by their titles, such as `Pretrained: ImageNet`. `ignore` is a "
    "mapping of lint rules' codes to the reasons why they do not hold here.",
    (
        Field("name", NAME, "The model's name.", required=True),
        Field("hashtag", HASHTAG, "Which weights of that name."),
        Field("default", FLAG, "Whether these are the name's default weights."),
        Field("architecture", NAME, "What the loader calls the network; the name when not given."),
        Field("weights", WEIGHTS, "The weights' file: a path or an address, a template."),
        Field("sha1", SHA1, "SHA-1 of the weights' file."),
        Field("sha256", SHA256, "SHA-256 of the weights' file."),
        Field("size", POSITIVE, "Size of the weights' file, in bytes."),
        Field("parameters", POSITIVE, "How many parameters the network has."),
        Field("released", DATE, "When the weights were released: a year, month or day."),
        Field("license", TEXT, "The licence of the weights, an SPDX id."),
        Field("description", PROSE, "What the model is."),
        Field("intended_use", PROSE, "What the model is meant for."),
        Field("limitations", PROSE, "What it is not fit for, and where it is known to fail."),
        Field("paper", KEY, "The paper or papers that it follows.", many=True),
        Field("tags", KEY, "Its tags.", many=True),
        Field("note", PROSE, "A footnote to its name."),
    ),
)

RESULT = Section(
    "a result",
    "Numbers on one data set under one protocol; a model's own fields when it has one result.",
    (
        Field("dataset", KEY, "The data set.", required=True),
        Field("protocol", KEY, "The protocol."),
        Field(
            "evidence", PATH, "The predictions of a full run, as `verify-zoo --record` left them."
        ),
    ),
)
