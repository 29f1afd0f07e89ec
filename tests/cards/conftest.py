"""A zoo with every field that a card shows."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo

MANIFEST = """
    zoo: 1
    title: Action Recognition
    loader: gluoncv
    usage:
      default: net = get_model('{name}', pretrained=True)
      hashtag: net = get_model('{name}', pretrained='{hashtag}')
    papers:
      wang: {title: "Segments: Good Practices", authors: [Limin Wang, Yu Qiao], year: 2016,
             published: European Conference on Computer Vision (ECCV), url: "https://e.org/a_b"}
      kay: {title: Kinetics}
    tags:
      tsntag: {text: no TSN, style: grey}
    links:
      train_command: {title: Train Command, text: shell script, url: "https://e.org/{log}.sh"}
      train_log: {title: Train Log, text: log, file: "logs/{log}.log"}
    datasets:
      ucf101:
        title: UCF101
        description: Clips of *human* actions.
        url: https://e.org/ucf101
        license: CC0-1.0
        split: official split 1
        samples: 3783
        classes: 101
        notes: ["`vgg16` follows [@kay]."]
    metrics:
      top1: {title: Top-1, unit: "%", direction: higher, top: 1, tolerance: 0.5}
      speed: {title: Speed, unit: clips/s}
    protocols:
      tsn: {recognizer: gluoncv-action, segments: 25, crops: 10}
    models:
      - name: vgg16_ucf101
        hashtag: d6dc1bba
        default: true
        description: A *convolutional* network.
        intended_use: Recognizing actions.
        limitations: Trained on sports.
        license: Apache-2.0
        parameters: 138357544
        size: 553433881
        released: 2018-05
        weights: https://e.org/vgg16.params
        sha256: "ab00000000000000000000000000000000000000000000000000000000000000"
        paper: wang
        dataset: ucf101
        protocol: tsn
        top1: 83.4
        speed: 12.5
        log: vgg16
        note: Trained twice.
        details: {Pretrained: ImageNet}
      - name: vgg16_ucf101
        hashtag: 05e319d4
        tags: [tsntag]
        license: Apache-2.0
        dataset: ucf101
        protocol: tsn
        top1: 81.5
        log: other
      - name: bare
        dataset: ucf101
        top1: 1.0
"""


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """The manifest, with one of the two logs that it names."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "vgg16.log").write_text("log\n", encoding="utf-8")
    path = tmp_path / "zoo.yaml"
    path.write_text(dedent(MANIFEST).lstrip("\n"), encoding="utf-8")
    return path


@pytest.fixture
def zoo(manifest: Path) -> Zoo:
    """The zoo of the manifest."""
    return read_zoo(manifest)
