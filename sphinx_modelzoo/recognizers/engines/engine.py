"""What an engine is: a loaded network that gives scores to views, whatever library computes them.

A view is what a network sees at once: an image, shape (3, height, width), or a clip of frames,
shape (3, frames, height, width); float32, normalised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Views = NDArray[np.float32]
Scores = NDArray[np.float32]
ViewShape = tuple[int, ...]

MXNET = "mxnet"
ONNXRUNTIME = "onnxruntime"
MNN = "mnn"

# The first is the reference: what it gives is what a number is made of.
ENGINES = (MXNET, ONNXRUNTIME, MNN)


class Classifier(Protocol):
    """A network that is loaded into an engine and takes views of one shape."""

    @property
    def name(self) -> str:
        """The engine, one of ``ENGINES``."""

    @property
    def version(self) -> str:
        """The version of the engine's library."""

    @property
    def batch(self) -> int:
        """How many views a pass takes."""

    @property
    def disagreement(self) -> float:
        """How far a score was seen to be off from the reference's; 0 of the reference itself.

        The largest difference of a view's scores, as a share of its largest absolute score.
        """

    def scores(self, views: Views) -> Scores:
        """Give the outputs, shape (views, classes), of 1 to ``batch`` views.

        A view's scores do not depend on the views beside it.
        """


@dataclass(frozen=True, slots=True)
class Network:
    """Which network is meant, apart from its weights.

    ``architecture`` is GluonCV's name, ``classes`` the size of the output, ``view`` the shape of
    one view.
    """

    architecture: str
    classes: int
    view: ViewShape
