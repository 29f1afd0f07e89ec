"""A small site with tables for a browser: groups, statuses, choices, blanks, and short tables."""

from __future__ import annotations

from collections.abc import Iterator

THEMES = ("alabaster", "furo", "pydata_sphinx_theme", "sphinx_rtd_theme")

NETWORKS = (
    ("inceptionv3", "27200000", "MIT"),
    ("i3d_inceptionv1", "12900000", "Apache-2.0"),
    ("resnet50_v1b", "25600000", "Apache-2.0"),
    ("slowfast_4x16", "34500000", "CC-BY-NC-4.0"),
    ("vgg16", "138400000", "MIT"),
    ("ünet10", "", ""),
    ("ünet2", "900000", ""),
)
DATASETS = {"ucf101": "UCF101", "hmdb51": "HMDB51", "sthsthv2": "Something-V2"}
SAMPLES = 1000

HEAD = """
zoo: 1
title: Video models
loader: gluoncv
usage:
  default: net = get_model('{name}', pretrained=True)
  hashtag: net = get_model('{name}', pretrained='{hashtag}')
  train: scripts/action-recognition/train_recognizer.py
  test: scripts/action-recognition/test_recognizer.py
metrics:
  top1: {title: Top-1, unit: "%", decimals: 1, direction: higher, top: 1, tolerance: 0.5}
tags:
  greytag: {style: grey}
links:
  train_log: {title: Log, text: log, url: "https://example.org/{log}.log"}
datasets:
"""

PAGE = """
Video models
============

Every model, in groups.

.. zoo:table::
   :columns: name top1 parameters hashtag license status released train_log
   :group-by: dataset
   :name: all
   :caption: Models for video action recognition

A short table
-------------

.. zoo:table::
   :columns: name top1 hashtag
   :filter: dataset=ucf101 license=MIT
   :name: short

A table of an author's own
--------------------------

.. zoo:table:: ucf101
   :columns: name top1
   :class: zoo-plain
   :name: plain

Without groups
--------------

.. zoo:table::
   :columns: name dataset license parameters
   :widths: 40 20 20 20
   :name: flat
"""


def manifest() -> str:
    """Give a manifest with two sets of weights of each network on each data set."""
    lines = [HEAD.strip()]
    lines += [f"  {key}: {{title: {title}, samples: {SAMPLES}}}" for key, title in DATASETS.items()]
    lines.append("models:")
    for name, hashtag, top1, number in _weights():
        network, parameters, license_ = NETWORKS[number % len(NETWORKS)]
        dataset = name.rpartition("_")[2]
        first = number < len(NETWORKS)
        lines += [f"  - name: {name}", f"    hashtag: {hashtag}", f"    dataset: {dataset}"]
        lines += [f"    top1: {top1 / 10}", f"    log: {network}"]
        lines += [f"    parameters: {parameters}"] if parameters else []
        lines += [f"    license: {license_}"] if license_ else []
        lines += [f"    released: 2026-{number + 1:02d}-15"] if number < 12 else []
        lines.append("    default: true" if first else "    tags: [greytag]")
    return "\n".join(lines) + "\n"


def counted() -> Iterator[tuple[str, int]]:
    """Give the keys of the entries that have receipts, with how many items each got right."""
    for name, hashtag, top1, number in _weights():
        if number % 3 == 0:
            yield f"{name}@{hashtag}", top1 - (50 if number == 6 else 0)


def _weights() -> Iterator[tuple[str, str, int, int]]:
    """Give the name, the hashtag, the items that it got right, and a number in its data set."""
    for place, dataset in enumerate(DATASETS):
        for number in range(2 * len(NETWORKS)):
            network, *_ = NETWORKS[number % len(NETWORKS)]
            seed = 1 + place * 100 + number
            top1 = 600 + seed * 7919 % 350
            yield f"{network}_{dataset}", f"{seed * 2654435761 % 2**32:08x}", top1, number
