"""What a result is of: the task, told from its metrics and its data set."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sphinx_modelzoo.manifest.model import Result, Zoo


@dataclass(frozen=True, slots=True)
class Task:
    """A task: Hugging Face's identifier, and its name for readers."""

    key: str
    title: str


UNKNOWN = Task("other", "")
_VIDEO = re.compile(r"ucf|hmdb|kinetics|sth|something|activitynet|ava|charades|moments")
_BY_METRIC = (
    (re.compile(r"mask_ap|segm_ap"), Task("image-segmentation", "Instance Segmentation")),
    (re.compile(r"oks|pck|keypoint|nme"), Task("keypoint-detection", "Keypoint Detection")),
    (re.compile(r"miou|pixacc|fwiou|aacc"), Task("image-segmentation", "Semantic Segmentation")),
    (re.compile(r"abs_rel|rmse|silog|delta"), Task("depth-estimation", "Depth Estimation")),
    (
        re.compile(r"(?:box_)?m?ap(?:_.*)?$|mean_average_precision"),
        Task("object-detection", "Object Detection"),
    ),
)


def task_of(zoo: Zoo, result: Result) -> Task:
    """Give the task that a result is of; :data:`UNKNOWN` where nothing tells it."""
    dataset = zoo.datasets[result.dataset]
    if any(zoo.metrics[key].top is not None for key in result.numbers):
        if dataset.media or _VIDEO.search(dataset.key.lower()):
            return Task("video-classification", "Action Recognition")
        return Task("image-classification", "Image Classification")
    for pattern, task in _BY_METRIC:
        if any(pattern.match(key) for key in result.numbers):
            return task
    return UNKNOWN
