"""From MXNet's graph and parameters to a file in ONNX's format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.recognizers.engines.engine import ViewShape
from sphinx_modelzoo.recognizers.engines.graph import Attributes, ConversionError, Graph
from sphinx_modelzoo.recognizers.engines.onnx_graph import OnnxGraph
from sphinx_modelzoo.recognizers.engines.onnx_names import INPUT
from sphinx_modelzoo.recognizers.engines.operators import COMPUTING, Call
from sphinx_modelzoo.recognizers.engines.shapes import MOVING

_VARIABLE = "null"

OPERATORS = {**COMPUTING, **MOVING}


def convert(
    graph: Graph, parameters: Mapping[str, NDArray[np.float32]], view: ViewShape, path: Path
) -> None:
    """Write the network as an ONNX model that takes any number of views.

    Args:
        graph: The network; its one input that is no parameter takes the views.
        parameters: The parameters' values, by their names in the graph.
        view: The shape of one view.
        path: The file to write.

    Raises:
        ConversionError: naming the operator that has no counterpart, or the attribute that is in
            the way.
    """
    onnx = OnnxGraph(parameters)
    outputs: dict[tuple[int, int], str] = {}
    unknown = sorted({node.operator for node in graph.nodes} - OPERATORS.keys() - {_VARIABLE})
    if unknown:
        raise ConversionError(", ".join(unknown))
    for place, node in enumerate(graph.nodes):
        if node.operator == _VARIABLE:
            known = onnx.has_parameter(node.name)
            outputs[place, 0] = onnx.parameter(node.name) if known else INPUT
            continue
        inputs = [outputs[entry] for entry in node.inputs]
        shapes = [graph.shapes[entry] for entry in node.inputs]
        attributes = Attributes(node)
        call = Call(node, attributes, inputs, shapes, graph.shapes[place, 0], onnx)
        outputs[place, 0] = OPERATORS[node.operator](call)
        attributes.finish()
    onnx.write(path, view, outputs[graph.output], graph.shapes[graph.output])
