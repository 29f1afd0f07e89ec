"""Metrics, known by how tables call them: their key, unit and which direction is better."""

from __future__ import annotations

import re
from dataclasses import replace

from sphinx_modelzoo.exchange.words import read_numbers, slug
from sphinx_modelzoo.manifest.model import Metric, Place

_TOP = re.compile(
    r"(?:acc(?:uracy)?\W*)?top\W?([0-9]{1,3})(?:\W*acc(?:uracy)?|\W*precision)?\W*", re.IGNORECASE
)
_AT_TOP = re.compile(r"acc(?:uracy)?\s*@\s*(?:top\W?)?([0-9]{1,3})", re.IGNORECASE)
_UNIT = re.compile(r"(?P<title>.*?)\s*[(\[](?P<unit>[^()\[\]]{1,12})[)\]]\s*$")
_UNITS = re.compile(
    r"%|x|ms(?:/\w+)?|s(?:/\w+)?|fps|img/s|images/s|samples/s|[kKMG]B?|[MGT]?FLOPs|GMACs|mm|cm|m|px|deg|°",
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"err(?:or)?s?|rel|rmse|mse|mae|epe|fid|wer|cer|ter|nme|mpjpe|pa_mpjpe|loss|perplexity|ppl|"
    r"latency|time|memory|flops|gflops|macs|gmacs|macts|idsw|fn|fp|deviation|"
    r"log10|silog|hausdorff|mr"
)
_HIGHER = re.compile(
    r"top\d+|acc|accuracy|precision|recall|f1|f|fscore|ap|map|ar|mar|ap\d*|ar\d*|iou|miou|fwiou|macc|aacc|"
    r"pixacc|pck|pckh|auc|oks|mota|motp|idf1|hota|delta|dice|mdice|bleu|rouge|psnr|ssim|fps|speed|"
    r"speedup|throughput|pq|sq|rq|jf|j|nds|mrr|r|score|em|samples_per_sec"
)
_AVERAGE_PRECISION = re.compile(r"\bm?A[PR]\b|OKS", re.IGNORECASE)
_THRESHOLDS = ("", "0.5", "0.75")


def metric(title: str, place: Place) -> Metric:
    """Give the metric that a column's title names; the key is ``top1`` for top-1 accuracy."""
    bare, unit = split_unit(title)
    top = top_of(bare)
    if top is not None:
        shown = bare if bare and bare.lower() != f"top{top}" else f"Top-{top}"
        return Metric(f"top{top}", shown, place, unit="%", direction="higher", top=top)
    key = slug(bare)
    return Metric(key, bare or "Unnamed", place, unit=unit, direction=direction(key, unit))


def top_of(title: str) -> int | None:
    """Give k where a title names top-k accuracy."""
    match = _TOP.fullmatch(title.replace("_", " ").strip()) or _AT_TOP.fullmatch(title.strip())
    number = int(match[1]) if match else 0
    return number or None


def split_unit(title: str) -> tuple[str, str]:
    """Split the unit from a title: ``Top-1 (%)`` gives ``Top-1`` and ``%``."""
    match = _UNIT.fullmatch(title)
    if match is not None and match["title"] and _UNITS.fullmatch(match["unit"]):
        return match["title"], match["unit"]
    if title.endswith("%") and title[:-1].strip():
        return title[:-1].strip(), "%"
    return title, ""


def direction(key: str, unit: str = "") -> str:
    """Give which direction is better, ``higher`` or ``lower``; empty where that is not known."""
    words = re.split(r"[_.]|(?<=[a-z])(?=\d)", key)
    if any(_LOWER.fullmatch(word) for word in words) or _LOWER.fullmatch(key):
        return "lower"
    if unit.lower() in {"ms", "s"} or unit.lower().startswith(("ms/", "s/")):
        return "lower"
    if any(_HIGHER.fullmatch(word) for word in (*words, key)) or key.endswith(("iou", "acc")):
        return "higher"
    return ""


def parts(title: str, number: int, place: Place) -> tuple[list[Metric], str]:
    """Give the metrics of a column whose cells hold several numbers, and a remark or nothing.

    The title may name them: ``Top-1/Top-5``, ``Box AP/Mask AP``, ``mAP(Orig/F)``. Three numbers
    of an average precision are COCO's: over IoU 0.5 to 0.95, at 0.5 and at 0.75.
    """
    named = _named_parts(title)
    if len(named) == number:
        return _apart([metric(name, place) for name in named]), ""
    if number == len(_THRESHOLDS) and _AVERAGE_PRECISION.search(title):
        bare, unit = split_unit(title)
        titles = (f"{bare} {threshold}".strip() for threshold in _THRESHOLDS)
        return [replace(metric(each, place), unit=unit) for each in titles], ""
    base = metric(title, place)
    remark = f"the cells of {title!r} hold {number} numbers and do not say of what: name them"
    return [
        replace(base, key=f"{base.key}_{n}", title=f"{base.title} {n}", top=None)
        for n in range(1, number + 1)
    ], remark


def read_measured(title: str, shown: str, place: Place) -> tuple[list[tuple[Metric, str]], str]:
    """Read one field's number or numbers: the metrics with their texts, and a remark or nothing."""
    found = read_numbers(shown)
    if found is None:
        return [], f"{title}: {shown}, which is no number"
    remark = ""
    if found.deviation:
        made = with_deviation(metric(title, place))
    elif len(found.texts) > 1:
        made, remark = parts(title, len(found.texts), place)
    else:
        made = [metric(title, place)]
    pairs = zip(made, found.texts, strict=False)
    return [(with_unit(each, found.unit), text) for each, text in pairs], remark


def with_deviation(base: Metric) -> list[Metric]:
    """Give the metrics of a column whose cells hold a mean and its deviation."""
    deviation = metric(f"{base.title} deviation", base.place)
    return [base, replace(deviation, unit=base.unit)]


def _named_parts(title: str) -> list[str]:
    bracketed = re.fullmatch(r"(?P<title>.*?)\s*\((?P<parts>[^()]*/[^()]*)\)", title)
    if bracketed and not _UNITS.fullmatch(bracketed["parts"]):
        words = [word.strip() for word in bracketed["parts"].split("/")]
        return [f"{bracketed['title']} ({word})" if word else "" for word in words]
    words = [word.strip() for word in title.split("/")]
    return words if all(words) else []


def _apart(metrics: list[Metric]) -> list[Metric]:
    """Give metrics with different keys where a title names one twice."""
    made: dict[str, Metric] = {}
    for each in metrics:
        number = sum(key == each.key or key.startswith(f"{each.key}_") for key in made)
        if each.key in made:
            again = f"{each.key}_{number + 1}"
            made[again] = replace(each, key=again, title=f"{each.title} {number + 1}", top=None)
        else:
            made[each.key] = each
    return list(made.values())


def with_unit(base: Metric, unit: str) -> Metric:
    """Give a metric with the unit that its numbers have behind them, if they have one."""
    if not unit or base.unit:
        return base
    return replace(base, unit=unit, direction=base.direction or direction(base.key, unit))
