"""Scores from ONNX Runtime: https://onnxruntime.ai/docs/api/python/api_summary.html."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime

from sphinx_modelzoo.recognizers.engines.engine import ONNXRUNTIME, Scores, Views, ViewShape
from sphinx_modelzoo.recognizers.engines.onnx_names import INPUT, OUTPUT

VERSION = str(onnxruntime.__version__)

# Errors only: warnings are about the machine, and come at every start.
_ERRORS = 3


class OnnxRuntimeClassifier:
    """A converted network in ONNX Runtime, always in passes of the same size."""

    name = ONNXRUNTIME
    version = VERSION
    # Until it is measured, its scores say nothing.
    disagreement = 1.0

    def __init__(self, path: Path, classes: int, view: ViewShape, batch: int, threads: int) -> None:
        """Load the network.

        Args:
            path: The ONNX file.
            classes: The size of its output.
            view: The shape of a view.
            batch: How many views a pass takes.
            threads: How many threads compute.

        Raises:
            Exception: whatever ONNX Runtime raises where it cannot load the network.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS
        # Threads that wait leave the cores to those that decode.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_free_dimension_override_by_name("views", batch)
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self.batch = batch
        self._shape = (batch, *view)
        self._classes = classes

    def scores(self, views: Views) -> Scores:
        """Give the outputs, shape (views, classes), of 1 to ``batch`` views."""
        count = len(views)
        if count < self.batch:
            full = np.zeros(self._shape, dtype=np.float32)
            full[:count] = views
            views = full
        (output,) = self._session.run([OUTPUT], {INPUT: views})
        return np.asarray(output[:count], dtype=np.float32)
