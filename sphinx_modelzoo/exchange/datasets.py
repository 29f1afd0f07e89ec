"""Data sets, known by how headings, files and fields call them."""

from __future__ import annotations

import re

from sphinx_modelzoo.exchange.words import clean, slug
from sphinx_modelzoo.manifest.model import Dataset, Place

# What the field calls a data set, and its key. The first that fits a text counts.
_KNOWN = (
    (r"imagenet[\s_-]*(?:2?1k[\s_-]*)?real\b", "imagenet-real"),
    (r"imagenet[\s_-]*v2|inv2", "imagenet-v2"),
    (r"imagenet[\s_-]*sketch", "imagenet-sketch"),
    (r"imagenet[\s_-]*(?:adversarial|a\b)", "imagenet-a"),
    (r"imagenet[\s_-]*(?:rendition|r\b)", "imagenet-r"),
    (r"imagenet[\s_-]*(?:21k|22k|12k)", "imagenet-21k"),
    (r"imagenet(?:[\s_-]*1k)?|ilsvrc(?:[\s_-]*2012)?", "imagenet"),
    (r"cifar[\s_-]*100", "cifar100"),
    (r"cifar[\s_-]*10", "cifar10"),
    (r"mnist", "mnist"),
    (r"places[\s_-]*365", "places365"),
    (r"(?:ms[\s_-]*)?coco[\s_-]*(?:whole[\s_-]*body)", "coco-wholebody"),
    (r"(?:ms[\s_-]*)?coco", "coco"),
    (r"pascal[\s_-]*context", "pascal-context"),
    (r"(?:pascal[\s_-]*)?voc(?:[\s_-]*20(?:07|12)(?:\+[\w]+)?)?|pascal", "voc"),
    (r"ade[\s_-]*20k", "ade20k"),
    (r"cityscapes", "cityscapes"),
    (r"mhp[\s_-]*v1", "mhp-v1"),
    (r"kitti", "kitti"),
    (r"nyu[\s_-]*(?:depth[\s_-]*)?v2", "nyu-v2"),
    (r"lvis", "lvis"),
    (r"objects[\s_-]*365", "objects365"),
    (r"mpii", "mpii"),
    (r"ucf[\s_-]*101", "ucf101"),
    (r"hmdb[\s_-]*51", "hmdb51"),
    (r"kinetics[\s_-]*400|k400", "kinetics400"),
    (r"kinetics[\s_-]*600|k600", "kinetics600"),
    (r"kinetics[\s_-]*700|k700", "kinetics700"),
    (r"something[\s_-]*something[\s_-]*v1|sthv1|sthsthv1", "somethingsomethingv1"),
    (r"something[\s_-]*something(?:[\s_-]*v2)?|sthv2|sthsthv2", "somethingsomethingv2"),
    (r"market[\s_-]*1501", "market1501"),
)
_ENDING = re.compile(r"\s*\bdata[\s-]?sets?\b.*$", re.IGNORECASE)


def known_key(text: str) -> str:
    """Give the key of the known data set that a text names anywhere, or nothing."""
    lowered = text.lower().replace("_", " ")
    for pattern, key in _KNOWN:
        if re.search(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])", lowered):
            return key
    return ""


def dataset(title: str, place: Place, *, notes: tuple[str, ...] = ()) -> Dataset:
    """Give the data set with a title; a known one has its usual key, another its title's.

    Only a title that is no more than a data set's name gives a known key, so that ``COCO`` and
    ``MOT17-half-val`` are two.
    """
    shown = clean(_ENDING.sub("", title)) or clean(title)
    return Dataset(_key(shown), shown, place, notes=notes)


def _key(title: str) -> str:
    lowered = title.lower().replace("_", " ").strip()
    for pattern, key in _KNOWN:
        if re.fullmatch(rf"{pattern}(?:[\s_-]*keypoints?)?", lowered):
            return key
    if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.+/-]*", title):
        return title.lower()
    return slug(title, separator="-")
