"""Writing an ONNX model node by node: https://onnx.ai/onnx/intro/concepts.html."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from sphinx_modelzoo.recognizers.engines.engine import ViewShape
from sphinx_modelzoo.recognizers.engines.graph import Shape
from sphinx_modelzoo.recognizers.engines.onnx_names import INPUT, OUTPUT

# Old enough for every reader that is in use, and new enough to say all that is needed.
OPSET = 13
IR_VERSION = 8


class OnnxGraph:
    """An ONNX graph that grows: what is added gives the name of its output."""

    def __init__(self, parameters: Mapping[str, NDArray[np.float32]]) -> None:
        """Start a graph that may use ``parameters``, by their names."""
        self._parameters = parameters
        self._nodes: list[Any] = []
        self._tensors: dict[str, Any] = {}

    def add(self, operator: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        """Add an operator of ONNX with one output; ``None`` stands for no attribute."""
        given = {key: value for key, value in attributes.items() if value is not None}
        output = f"{name}_{len(self._nodes)}"
        node = helper.make_node(operator, list(inputs), [output], name=output, **given)
        self._nodes.append(node)
        return output

    def has_parameter(self, name: str) -> bool:
        """Say whether ``name`` is a parameter of the network."""
        return name in self._parameters

    def parameter(self, name: str) -> str:
        """Use a parameter of the network; it is written once."""
        if name not in self._tensors:
            self._store(name, np.asarray(self._parameters[name], dtype=np.float32))
        return name

    def constant(self, values: Any, name: str) -> str:
        """Add fixed numbers: 64-bit integers where they are whole, else 32-bit floats."""
        array = np.asarray(values)
        array = array.astype(np.int64 if array.dtype.kind in "iu" else np.float32)
        return self._store(f"{name}_{len(self._tensors)}", array)

    def _store(self, name: str, array: NDArray[Any]) -> str:
        self._tensors[name] = numpy_helper.from_array(array, name)
        return name

    def write(self, path: Path, view: ViewShape, output: str, shape: Shape) -> None:
        """Write the model: ``views`` in, ``scores`` out, any number of them."""
        self._nodes.append(helper.make_node("Identity", [output], [OUTPUT], name=OUTPUT))
        number: list[str | int | None] = ["views", *view]
        graph = helper.make_graph(
            self._nodes,
            "network",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, number)],
            [
                helper.make_tensor_value_info(
                    OUTPUT, TensorProto.FLOAT, ["views", *(shape[1:] if shape else ())]
                )
            ],
            list(self._tensors.values()),
        )
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(
            graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="sphinx-modelzoo"
        )
        onnx.checker.check_model(model)
        onnx.save(model, str(path))
