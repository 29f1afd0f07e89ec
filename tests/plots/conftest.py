from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo

ZOO = """
    zoo: 1
    tags:
      tsntag: {text: no TSN}
    papers:
      first: {title: First, year: 2015}
      second: {title: Second, year: 2018}
    datasets:
      ucf101: {title: UCF101, samples: 3783}
      birds: {title: Birds}
    metrics:
      top1: {title: Top-1, unit: "%", direction: higher, top: 1}
      flops: {title: FLOPs, unit: G, direction: lower}
      speed: {title: Throughput, unit: clips/s, direction: higher}
      taste: {title: Taste}
    models:
      - {name: small, hashtag: "00000001", paper: first, dataset: ucf101, protocol: a,
         top1: 80.0, flops: 0.5, speed: 900, parameters: 3500000, size: 14000000}
      - {name: middle, hashtag: "00000002", paper: second, released: 2016-10, dataset: ucf101,
         protocol: a, top1: 85.0, flops: 5, speed: 90, parameters: 24000000, size: 96000000}
      - {name: large, hashtag: "00000003", tags: [tsntag], paper: second, dataset: ucf101,
         protocol: a, top1: 83.0, flops: 15, speed: 30, parameters: 138000000, taste: 1}
      - {name: bare, hashtag: "00000004", dataset: ucf101, protocol: a, top1: 70.0}
      - {name: wren, hashtag: "00000005", paper: first, dataset: birds, top1: 60.0,
         parameters: 1000000}
    protocols:
      a: {recognizer: us}
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Zoo]:
    """Read a manifest from its text."""

    def reader(text: str) -> Zoo:
        path = tmp_path / "zoo.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        return read_zoo(path)

    return reader


@pytest.fixture
def zoo(read: Callable[[str], Zoo]) -> Zoo:
    """A zoo with something for every axis."""
    return read(ZOO)
