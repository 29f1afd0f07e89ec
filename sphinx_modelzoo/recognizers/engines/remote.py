"""The reference in another process, for networks that do not run in a fast engine.

Views are cut here, and go to the process as base 64 of little-endian 32-bit floats, as scores come
back.
"""

from __future__ import annotations

import base64
import weakref
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.pipe.messages import WeightsFile
from sphinx_modelzoo.recognizers.engines.engine import MXNET, Network, Scores, Views
from sphinx_modelzoo.recognizers.engines.task import Note, Task
from sphinx_modelzoo.recognizers.weights import Wanted

_FLOATS = "<f4"


def packed(array: NDArray[np.float32]) -> dict[str, Any]:
    """Give an array as JSON can hold it."""
    data = np.ascontiguousarray(array, dtype=_FLOATS).tobytes()
    return {"shape": list(array.shape), "data": base64.b64encode(data).decode("ascii")}


def unpacked(array: dict[str, Any]) -> NDArray[np.float32]:
    """Give the array of :func:`packed`."""
    values = np.frombuffer(base64.b64decode(array["data"]), dtype=_FLOATS)
    return values.astype(np.float32).reshape(array["shape"])


class RemoteClassifier:
    """A network in the reference, in another interpreter; ``why`` it runs in no other engine."""

    name = MXNET
    disagreement = 0.0

    def __init__(
        self,
        wanted: Wanted,
        network: Network,
        batch: int,
        python: str,
        note: Note,
        *,
        offline: bool,
        why: str,
    ) -> None:
        """Start the process and have it open the network.

        Args:
            wanted: The weights.
            network: The network.
            batch: How many views a pass takes.
            python: The interpreter that has MXNet; empty means the one that runs this.
            note: Is told what is being done.
            offline: Fetch nothing.
            why: Why the network does not run in the engine of choice.

        Raises:
            LibraryError: when the interpreter does not start or lacks a library.
            CallError: see :func:`open_reference`, as for the other.
            UndecidedError: the weights do not fit, or the network does not take such views.
        """
        self.batch = batch
        self.why = why
        self._task = Task("give-scores", python)
        # The process ends when this object is not in use any more.
        weakref.finalize(self, self._task.close)
        request = {
            "wanted": asdict(wanted),
            "network": asdict(network),
            "batch": batch,
            "offline": offline,
        }
        opened = self._task.ask(request, note)
        self.version = str(opened["version"])
        self.weights = WeightsFile(**opened["weights"])

    def scores(self, views: Views) -> Scores:
        """Give the outputs, shape (views, classes), of 1 to ``batch`` views."""
        return unpacked(self._task.ask(packed(views), lambda _: None))
