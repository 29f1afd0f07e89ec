"""From MXNet's operators to ONNX's: each gives the same, and what has no like is named."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.recognizers.engines import to_onnx
from sphinx_modelzoo.recognizers.engines.conversion import OPERATORS, convert
from sphinx_modelzoo.recognizers.engines.exported import PARAMETERS, write_graph
from sphinx_modelzoo.recognizers.engines.graph import ConversionError, Graph, Node

from .small_graphs import GRAPHS

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def converted() -> dict[str, dict]:
    """What every small graph gives, from one process with MXNet and ONNX Runtime."""
    script = HERE / "small_graphs.py"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", script],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"ORT_DISABLE_TELEMETRY": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.mxnet
@pytest.mark.parametrize("name", GRAPHS)
def test_a_converted_operator_gives_what_mxnet_gives(converted, name):
    assert converted[name]["off"] <= 2e-6


@pytest.mark.mxnet
def test_every_operator_that_converts_is_among_the_small_graphs(converted):
    seen = {operator for result in converted.values() for operator in result["operators"]}
    assert OPERATORS.keys() == seen


def graph_of(operator: str, view: tuple[int, ...] = (3, 8, 8), **attributes: str) -> Graph:
    nodes = (Node("null", "data", {}, ()), Node(operator, "layer", attributes, ((0, 0),)))
    shape = (None, *view)
    return Graph(nodes, (1, 0), {(0, 0): shape, (1, 0): shape})


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (graph_of("Correlation"), "Correlation"),
        (graph_of("Activation", act_type="gelu"), r"Activation \(layer\) with act_type=gelu"),
        (
            graph_of("Pooling", kernel="(2, 2)", pool_type="lp", p_value="2"),
            r"Pooling \(layer\) with pool_type=lp",
        ),
        (
            graph_of(
                "Pooling", kernel="(2, 2)", stride="(7, 7)", pooling_convention="full", pad="(1, 1)"
            ),
            r"Pooling \(layer\) with windows behind the edge",
        ),
        (graph_of("softmax", temperature="0.5"), r"softmax \(layer\) with temperature=0.5"),
        (graph_of("clip", a_min="0", a_max="6", novelty="7"), r"clip \(layer\) with novelty=7"),
        (graph_of("slice", begin="(None,)", end="(None,)", step="(-1,)"), "step=-1"),
        (graph_of("Dropout", mode="always", p="0.5"), "mode=always"),
    ],
)
def test_what_does_not_convert_is_named(tmp_path, graph, message):
    with pytest.raises(ConversionError, match=message):
        convert(graph, {}, (3, 8, 8), tmp_path / "network.onnx")
    assert not list(tmp_path.iterdir())


def test_all_unknown_operators_are_named_at_once(tmp_path):
    nodes = (
        Node("null", "data", {}, ()),
        Node("Correlation", "one", {}, ((0, 0),)),
        Node("ROIPooling", "two", {}, ((1, 0),)),
    )
    with pytest.raises(ConversionError, match="Correlation, ROIPooling"):
        convert(Graph(nodes, (2, 0), {}), {}, (3, 8, 8), tmp_path / "network.onnx")


def test_a_parameter_that_is_used_twice_is_written_once(tmp_path):
    import onnx  # noqa: PLC0415 - only here

    weights = np.ones((5, 12), np.float32)
    dense = {"num_hidden": "5", "no_bias": "True"}
    nodes = (
        Node("null", "data", {}, ()),
        Node("null", "weight", {}, ()),
        Node("FullyConnected", "one", dense, ((0, 0), (1, 0))),
        Node("FullyConnected", "two", dense, ((0, 0), (1, 0))),
        Node("elemwise_add", "sum", {}, ((2, 0), (3, 0))),
    )
    shapes = {(0, 0): (None, 12), (1, 0): (5, 12)} | {(n, 0): (None, 5) for n in (2, 3, 4)}
    path = tmp_path / "network.onnx"
    convert(Graph(nodes, (4, 0), shapes), {"weight": weights}, (12,), path)
    model = onnx.load(str(path))
    assert [tensor.name for tensor in model.graph.initializer] == ["weight"]


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (ConversionError("Correlation"), "Correlation"),
        # ONNX's own: of a file beyond 2 GB, or of a network that its checker refuses.
        (ValueError("Message exceeds\nmaximum size"), "ValueError: Message exceeds"),
        (KeyError((3, 1)), "KeyError: (3, 1)"),
    ],
)
def test_whatever_a_network_does_to_the_converter_is_a_problem_of_that_network(
    tmp_path, monkeypatch, error, problem
):
    assert to_onnx_failing(tmp_path, monkeypatch, error) == {"problem": problem}


def test_a_full_disk_is_no_problem_of_the_network(tmp_path, monkeypatch):
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(UndecidedError, match=r"cannot be written .*make room"):
        to_onnx_failing(tmp_path, monkeypatch, full)


def to_onnx_failing(folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> dict:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(to_onnx, "convert", fail)
    write_graph(folder, [], (0, 0), {})
    np.savez(folder / PARAMETERS)
    request = {"folder": str(folder), "view": [3, 8, 8], "file": "network.onnx"}
    return to_onnx.run(request, lambda _: None)
