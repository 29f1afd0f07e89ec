"""Scores from MNN: https://mnn-docs.readthedocs.io.

Its sessions are used rather than its modules: a session lets go of Python's lock while it computes,
so that the next clips are decoded meanwhile.
"""

from __future__ import annotations

from pathlib import Path

import MNN
import numpy as np

from sphinx_modelzoo.recognizers.engines.engine import MNN as NAME
from sphinx_modelzoo.recognizers.engines.engine import Scores, Views, ViewShape
from sphinx_modelzoo.recognizers.engines.onnx_names import INPUT, OUTPUT

VERSION = str(MNN.version())

_CLIP = 4  # channels, frames, height, width


class MNNClassifier:
    """A converted network in MNN, always in passes of the same size.

    One shape for all passes lets MNN choose its algorithms and transform the weights once.
    """

    name = NAME
    version = VERSION
    # Until it is measured, its scores say nothing.
    disagreement = 1.0

    def __init__(self, path: Path, classes: int, view: ViewShape, batch: int, threads: int) -> None:
        """Load the network; see :class:`OnnxRuntimeClassifier` for the arguments.

        Raises:
            Exception: whatever MNN raises where it cannot load the network.
            ValueError: when the network gives another shape than one score a class.
        """
        # MNN 3.6.1 crashes in three-dimensional convolutions of several clips.
        batch = self.batch = 1 if len(view) == _CLIP else batch
        self._network = MNN.Interpreter(str(path))
        # With the precision "high", products and sums are those of 32-bit numbers.
        config = {"backend": "CPU", "precision": "high", "numThread": threads}
        self._session = self._network.createSession(config)
        self._input = self._network.getSessionInput(self._session, INPUT)
        self._network.resizeTensor(self._input, (batch, *view))
        self._network.resizeSession(self._session)
        self._views = _tensor((batch, *view))
        self._scores = _tensor((batch, classes))
        shape = tuple(self._network.getSessionOutput(self._session, OUTPUT).getShape())
        if shape != (batch, classes):
            msg = f"MNN gives outputs of shape {shape} for {batch} views and {classes} classes"
            raise ValueError(msg)

    def scores(self, views: Views) -> Scores:
        """Give the outputs, shape (views, classes), of 1 to ``batch`` views."""
        # These arrays are the tensors' own memory.
        self._views.getNumpyData()[: len(views)] = views
        self._input.copyFrom(self._views)
        status = self._network.runSession(self._session)
        if status:
            msg = f"MNN could not compute (code {status})"
            raise RuntimeError(msg)
        self._network.getSessionOutput(self._session, OUTPUT).copyToHostTensor(self._scores)
        return np.array(self._scores.getNumpyData()[: len(views)], dtype=np.float32)


def _tensor(shape: ViewShape) -> MNN.Tensor:
    zeros = np.zeros(shape, dtype=np.float32)
    return MNN.Tensor(shape, MNN.Halide_Type_Float, zeros, MNN.Tensor_DimensionType_Caffe)
