"""What the columns of a zoo's table hold, told from their titles and their cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sphinx_modelzoo.exchange import measures
from sphinx_modelzoo.exchange.cells import Cell, Table
from sphinx_modelzoo.exchange.words import clean, is_empty, read_numbers, slug
from sphinx_modelzoo.manifest.model import Metric

DETAIL, METRIC, PROTOCOL = "(detail)", "(metric)", "(protocol)"
"""What our export writes behind titles that would be taken for something else."""


class Holds(Enum):
    """What a column's cells hold."""

    NAME = "name"
    HASHTAG = "hashtag"
    DATASET = "dataset"
    SPLIT = "split"
    SETTING = "setting"
    PAPERS = "papers"
    TAGS = "tags"
    PARAMETERS = "parameters"
    SIZE = "size"
    LICENSE = "license"
    SHA1 = "sha1"
    SHA256 = "sha256"
    ARCHITECTURE = "architecture"
    DESCRIPTION = "description"
    NOTE = "note"
    DEFAULT = "default"
    NUMBERS = "numbers"
    LINKS = "links"
    WEIGHTS = "weights"
    DETAIL = "detail"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, what it holds, the key of a setting or link, and its metrics.

    ``scale`` is what a count's number is multiplied with: a million under ``Params (M)``.
    """

    title: str
    holds: Holds
    key: str = ""
    metrics: tuple[Metric, ...] = ()
    scale: int = 1
    remark: str = ""


_NAMES = {"name", "model", "models", "model name", "network", "architecture", "arch", "backbone"}
_BY_TITLE = {
    Holds.HASHTAG: {"hashtag", "hash", "hash tag", "short hash", "sha"},
    Holds.DATASET: {"dataset", "data set", "datasets", "benchmark", "test set", "evaluated on"},
    Holds.SPLIT: {"split", "test split"},
    Holds.WEIGHTS: {"weights"},
    Holds.PAPERS: {"paper", "papers", "reference", "references", "ref", "citation"},
    Holds.TAGS: {"tags", "tag"},
    Holds.LICENSE: {"license", "licence", "weights license"},
    Holds.SHA1: {"sha1", "sha-1"},
    Holds.SHA256: {"sha256", "sha-256"},
    Holds.ARCHITECTURE: {"architecture"},
    Holds.DESCRIPTION: {"description"},
    Holds.NOTE: {"note", "notes", "remark", "remarks"},
    Holds.DEFAULT: {"default"},
    Holds.SIZE: {"size", "size (bytes)", "file size"},
}
_PARAMETERS = re.compile(
    r"#?\s*(?:of\s+)?param(?:eter)?s?(?:[ _]count)?\s*(?:[(\[]\s*([kmgb])\s*[)\]])?", re.IGNORECASE
)
_SETTINGS = {
    "resolution": "input_size",
    "input size": "input_size",
    "input": "input_size",
    "image size": "input_size",
    "img size": "input_size",
    "test size": "input_size",
    "test resolution": "input_size",
    "crop pct": "crop_pct",
    "interpolation": "interpolation",
}
# Numbers that are facts of the training, not measured.
_DETAILS = re.compile(
    r"segments?|clip length|epochs?|batch ?size|lr schd|schedule|layers|depth|width|stride|"
    r"frames?(?: x .*)?|gpus?|seed|year|pretrain(?:ed|ing)?.*|init.*|bins|iterations?|num classes",
    re.IGNORECASE,
)
_WEIGHTS_FILE = re.compile(
    r"\.(?:params|pth|pt|ckpt|onnx|safetensors|bin|pkl|h5|tflite|pdparams|npz|tar)(?:\?.*)?$",
    re.IGNORECASE,
)
_COMMANDS = {"command", "train command", "training command", "train script", "script"}
_LOGS = {"log", "train log", "training log", "logs", "train logs"}
_SCALES = {"k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9}


def columns(table: Table) -> list[Column] | None:
    """Give what each column of a table holds; None where the table is not one of models."""
    titles = [clean(title) for title in table.titles]
    name = _name_column(titles, table)
    if name is None:
        return None
    made = []
    for number, title in enumerate(titles):
        cells = [row.cells[number] for row in table.rows if number < len(row.cells)]
        filled = [cell for cell in cells if cell.links or not is_empty(cell.text)]
        if number == name:
            made.append(Column(title, Holds.NAME))
        else:
            made.append(_column(title, filled, table))
    kinds = {column.holds for column in made}
    if not kinds & {Holds.NUMBERS, Holds.HASHTAG, Holds.LINKS, Holds.WEIGHTS}:
        return None
    return made


def link_key(title: str) -> str:
    """Give the key of a kind of link: one for all that tables call a log, one for commands."""
    lowered = title.lower()
    if lowered in _COMMANDS:
        return "train_command"
    return "train_log" if lowered in _LOGS else slug(title)


def is_weights(target: str) -> bool:
    """Tell whether an address is that of a weights' file."""
    return bool(_WEIGHTS_FILE.search(target))


def _name_column(titles: Sequence[str], table: Table) -> int | None:
    lowered = [title.lower() for title in titles]
    for word in ("name", "model name", "model", "models", *sorted(_NAMES)):
        if word in lowered:
            return lowered.index(word)
    known = any(title == "hashtag" or measures.top_of(title) for title in lowered)
    return 0 if known and len(titles) > 1 and table.rows else None


def _column(title: str, cells: Sequence[Cell], table: Table) -> Column:
    if title.endswith(f" {METRIC}") and cells:
        return _numbers(title.removesuffix(f" {METRIC}"), cells, table)
    known = _known(title)
    if known is not None or not cells:
        return known or Column(title, Holds.NOTHING)
    numeric = sum(read_numbers(cell.text) is not None for cell in cells)
    if sum(bool(cell.links) for cell in cells) * 2 > len(cells) and numeric * 2 <= len(cells):
        return _links(title, cells)
    if numeric * 2 > len(cells) and not _DETAILS.fullmatch(title.replace("_", " ").strip()):
        return _numbers(title, cells, table)
    return Column(title, Holds.DETAIL)


def is_detail(title: str) -> bool:
    """Tell whether a column with this title is one of details, whatever its cells hold."""
    ours = title.endswith((DETAIL, METRIC, PROTOCOL)) or title.lower() in _NAMES
    return bool(_DETAILS.fullmatch(title)) and not ours and _known(title) is None


def is_metric(title: str, metric: Metric) -> bool:
    """Tell whether a column of numbers with this title is one of this metric."""
    ours = title.endswith((DETAIL, METRIC, PROTOCOL)) or title.lower() in _NAMES
    if ours or _DETAILS.fullmatch(title) or _known(title) is not None:
        return False
    return measures.metric(title, metric.place).key == metric.key


def _known(title: str) -> Column | None:
    """Give the column that a title alone tells, or None."""
    for ending, holds in ((DETAIL, Holds.DETAIL), (PROTOCOL, Holds.SETTING)):
        if title.endswith(f" {ending}"):
            bare = title.removesuffix(f" {ending}")
            return Column(bare, holds, bare)
    lowered = title.lower().replace("_", " ").strip()
    parameters = _PARAMETERS.fullmatch(lowered)
    if parameters:
        return Column(title, Holds.PARAMETERS, scale=_SCALES.get(parameters[1] or "", 1))
    for holds, words in _BY_TITLE.items():
        if lowered in words:
            return Column(title, holds)
    if lowered in _SETTINGS:
        return Column(title, Holds.SETTING, _SETTINGS[lowered])
    return None


def _links(title: str, cells: Sequence[Cell]) -> Column:
    targets = [target for cell in cells for _, target in cell.links]
    if all(is_weights(target) for target in targets):
        return Column(title, Holds.WEIGHTS)
    return Column(title, Holds.LINKS, link_key(title))


def _numbers(title: str, cells: Sequence[Cell], table: Table) -> Column:
    """Give the metrics of a column; how many follows from what most of its cells hold."""
    found = [number for cell in cells if (number := read_numbers(cell.text)) is not None]
    count, deviation = Counter((len(each.texts), each.deviation) for each in found).most_common(1)[
        0
    ][0]
    units = {each.unit for each in found}
    unit = next(iter(units)) if len(units) == 1 else ""
    remark = ""
    if deviation:
        made = measures.with_deviation(measures.metric(title, table.place))
    elif count > 1:
        made, remark = measures.parts(title, count, table.place)
    else:
        made = [measures.metric(title, table.place)]
    metrics = tuple(measures.with_unit(metric, unit) for metric in made)
    return Column(title, Holds.NUMBERS, metrics=metrics, remark=remark)
