from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo

HEAD = """\
zoo: 1
metrics:
  top1: {title: Top-1, unit: "%", top: 1, tolerance: 0.5}
  top5: {title: Top-5, unit: "%", top: 5}
  err1: {title: Error, unit: "%", top: 1, tolerance: 0, direction: lower}
  part: {title: Part, unit: part, top: 1, tolerance: 0.01}
  speed: {title: Clips a second, unit: clips/s}
datasets:
  ucf101:
    samples: 3783
    classes: 101
    media: frames
    root: rawframes
    list: ucfTrainTestlist/ucf101_val_split_1_rawframes.txt
  images: {classes: 10}
  listed: {classes: 10, list: items.txt}
protocols:
  tsn: {recognizer: gluoncv-action, segments: 25}
  own: {recognizer: my-net}
models:
"""

MODELS = """\
  - {name: a, hashtag: aaaaaaaa, default: true, dataset: ucf101, protocol: tsn, top1: 83.4}
  - {name: a, hashtag: bbbbbbbb, dataset: images, protocol: own, top1: 83.4, speed: 3}
  - {name: b, dataset: ucf101, protocol: own, speed: 12}
"""


@pytest.fixture
def make_zoo(tmp_path: Path) -> Callable[[str], Zoo]:
    """Give a function that makes a zoo of models on data sets, metrics and protocols as above."""

    def make(models: str = MODELS) -> Zoo:
        path = tmp_path / "zoo.yaml"
        path.write_text(HEAD + models, encoding="utf-8")
        return read_zoo(path)

    return make
