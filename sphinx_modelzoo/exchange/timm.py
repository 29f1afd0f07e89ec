"""timm's results: tables of values of https://github.com/huggingface/pytorch-image-models.

The name of the file says the data set (``results-imagenet-a.csv``); ``param_count`` is in
millions; ``top1_err`` is what is missing to 100.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from sphinx_modelzoo.exchange import measures
from sphinx_modelzoo.exchange.datasets import dataset as named_dataset
from sphinx_modelzoo.exchange.datasets import known_key
from sphinx_modelzoo.exchange.draft import Draft, Row
from sphinx_modelzoo.exchange.source import read_text, wrong
from sphinx_modelzoo.exchange.words import clean, count, is_empty, read_numbers
from sphinx_modelzoo.manifest.kinds import NAME, number_value
from sphinx_modelzoo.manifest.model import Dataset, Place

_SETTINGS = {"img_size": "input_size", "crop_pct": "crop_pct", "interpolation": "interpolation"}
_DERIVED = {"top1_diff", "top5_diff", "rank_diff"}
# Title, part, items and classes of the sets that timm tests on; see timm's results/README.md, for
# Sketch https://arxiv.org/abs/1905.13549 and for Rendition https://arxiv.org/abs/2006.16241.
_DATASETS = {
    "imagenet": ("ImageNet-1k", "validation", 50_000, 1000),
    "imagenet-v2": ("ImageNetV2 Matched Frequency", "", 10_000, 1000),
    "imagenet-sketch": ("ImageNet-Sketch", "", 50_889, 1000),
    "imagenet-a": ("ImageNet-Adversarial", "", 7_500, 200),
    "imagenet-r": ("ImageNet-Rendition", "", 30_000, 200),
}
_MILLION = 10**6


def is_results(header: str) -> bool:
    """Tell a table of timm from other tables, by its first line."""
    names = {name.strip() for name in header.lower().split(",")}
    return "model" in names and bool(names & {"param_count", "top1_err", "img_size"})


def import_results(path: Path, draft: Draft) -> None:
    """Add the models of a results table to a draft.

    Raises:
        CallError: the table cannot be read.
        ExchangeError: it is damaged, or not one of timm's.
    """
    text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [clean(title) for title in next(reader, [])]
        if not is_results(",".join(header)):
            what = "not a results table of timm: its first line has no 'model' and 'param_count'"
            raise wrong(what, "name one of timm's results-*.csv", Place(str(path), 1, 1))
        dataset = draft.add_dataset(_dataset(path))
        before = reader.line_num
        for cells in reader:
            place = Place(str(path), before + 1, 1)
            before = reader.line_num
            if any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    what = f"{len(cells)} values under {len(header)} titles"
                    raise wrong(what, "give the line as many values as the first", place)
                given = dict(zip(header, map(clean, cells), strict=True))
                draft.rows.append(_row(given, dataset, place, draft))
    except csv.Error as error:
        place = Place(str(path), reader.line_num, 1)
        what = f"not comma-separated values: {error}"
        raise wrong(what, "check the quotes", place) from error
    draft.loader = draft.recognizer = "timm"
    draft.title = draft.title or "timm"


def _dataset(path: Path) -> Dataset:
    stem = re.sub(r"^results-", "", path.stem)
    place = Place(str(path), 1, 1)
    key = known_key(stem)
    if key not in _DATASETS or "clean" in stem:
        return named_dataset(stem, place)
    title, split, samples, classes = _DATASETS[key]
    return Dataset(key, title, place, split=split, samples=samples, classes=classes)


def _row(given: Mapping[str, str], dataset: str, place: Place, draft: Draft) -> Row:
    name = given.get("model", "")
    if not NAME.convert(name):
        what = f"not a model's name: {name!r}"
        raise wrong(what, "correct the column 'model'", place)
    numbers: dict[str, str] = {}
    details: dict[str, str] = {}
    settings: dict[str, str] = {}
    remarks = []
    for title, shown in given.items():
        if title in {"model", "param_count", *_DERIVED} or is_empty(shown):
            continue
        if title in _SETTINGS:
            settings[_SETTINGS[title]] = shown
            continue
        found = read_numbers(shown)
        if found is None or len(found.texts) != 1:
            details[draft.detail(title)] = shown
            continue
        if title.endswith("_err"):
            if _is_rest(found.texts[0], given.get(title.removesuffix("_err"), "")):
                continue
            remarks.append(f"{title} is {shown}, which is not what is missing to 100")
        metric = measures.metric(title, place)
        numbers[draft.add_metric(metric)] = found.texts[0]
    return Row(
        name,
        place,
        dataset=dataset,
        settings=dict(
            sorted(settings.items(), key=lambda pair: list(_SETTINGS.values()).index(pair[0]))
        ),
        numbers=numbers,
        parameters=count(given.get("param_count", ""), _MILLION),
        details=details,
        remarks=tuple(remarks),
    )


def _is_rest(error: str, accuracy: str) -> bool:
    """Tell whether an error is what an accuracy lacks to 100: then it is not said again."""
    value = number_value(accuracy)
    wanted = number_value(error)
    return value is not None and wanted is not None and value + wanted == Decimal(100)
