"""Which operators of MXNet become which of ONNX: layers with weights, and arithmetic.

A converter is called with a node, its attributes, the names and shapes of its inputs, the shape
of its output and the ONNX graph, and gives the name of its output there. MXNet's operators:
https://mxnet.apache.org/versions/1.9.1/api/python/docs/api/symbol/symbol.html; ONNX's:
https://onnx.ai/onnx/operators/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from sphinx_modelzoo.recognizers.engines.graph import Attributes, Node, Shape
from sphinx_modelzoo.recognizers.engines.onnx_graph import OnnxGraph


@dataclass(frozen=True, slots=True)
class Call:
    """One node that is to be converted."""

    node: Node
    attributes: Attributes
    inputs: Sequence[str]
    shapes: Sequence[Shape]
    output: Shape
    graph: OnnxGraph

    def add(self, operator: str, *inputs: str, **attributes: object) -> str:
        """Add an ONNX operator under this node's name."""
        return self.graph.add(operator, inputs, self.node.name, **attributes)

    def constant(self, values: object, what: str) -> str:
        """Add fixed numbers under this node's name."""
        return self.graph.constant(values, f"{self.node.name}_{what}")

    def refuse(self, what: str) -> NoReturn:
        """Refuse the node; see :meth:`Attributes.refuse`."""
        self.attributes.refuse(what)


Converter = Callable[[Call], str]


def _convolution(call: Call) -> str:
    kernel = call.attributes.numbers("kernel")
    rank = len(kernel)
    call.attributes.expect("layout", None, "NCW", "NCHW", "NCDHW")
    call.attributes.ignore("num_filter", "no_bias")
    pad = call.attributes.numbers("pad") or (0,) * rank
    return call.add(
        "Conv",
        *call.inputs,
        kernel_shape=kernel,
        strides=call.attributes.numbers("stride") or (1,) * rank,
        dilations=call.attributes.numbers("dilate") or (1,) * rank,
        pads=pad + pad,
        group=call.attributes.take("num_group", 1),
    )


def _batch_norm(call: Call) -> str:
    call.attributes.expect("axis", 1)
    call.attributes.expect("output_mean_var", False)  # noqa: FBT003 - a value, not a flag
    call.attributes.ignore("use_global_stats", "min_calib_range", "max_calib_range")
    data, gamma, *others = call.inputs
    if call.attributes.take("fix_gamma", True):  # noqa: FBT003 - the operator's default
        # The file may hold any gamma then; MXNet takes 1.
        gamma = call.constant(np.ones(call.shapes[1][0] or 0, np.float32), "gamma")
    epsilon = float(call.attributes.take("eps", 1e-3))
    return call.add("BatchNormalization", data, gamma, *others, epsilon=epsilon)


_ACTIVATIONS = {
    "relu": "Relu",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softrelu": "Softplus",
    "softsign": "Softsign",
}


def _activation(call: Call) -> str:
    kind = call.attributes.take("act_type", "")
    if kind not in _ACTIVATIONS:
        call.refuse(f"act_type={kind}")
    return call.add(_ACTIVATIONS[kind], *call.inputs)


def _leaky_relu(call: Call) -> str:
    kind = call.attributes.take("act_type", "leaky")
    slope = float(call.attributes.take("slope", 0.25))
    call.attributes.ignore("lower_bound", "upper_bound")
    if kind == "prelu":
        data, slopes = call.inputs
        # One slope a channel, and the channels come second.
        spread = (-1, *(1,) * (len(call.shapes[0]) - 2))
        values = call.add("Reshape", slopes, call.constant(spread, "spread"))
        return call.add("PRelu", data, values)
    if kind == "elu":
        return call.add("Elu", *call.inputs, alpha=slope)
    if kind != "leaky":
        call.refuse(f"act_type={kind}")
    return call.add("LeakyRelu", *call.inputs, alpha=slope)


def _fully_connected(call: Call) -> str:
    data, weights, *bias = call.inputs
    call.attributes.ignore("num_hidden", "no_bias")
    rank = len(call.shapes[0])
    if call.attributes.take("flatten", True) or rank == 2:  # noqa: FBT003, PLR2004 - default; matrix
        flat = data if rank == 2 else call.add("Flatten", data, axis=1)  # noqa: PLR2004 - a matrix
        return call.add("Gemm", flat, weights, *bias, transB=1)
    product = call.add("MatMul", data, call.add("Transpose", weights, perm=(1, 0)))
    return call.add("Add", product, *bias) if bias else product


def _batch_dot(call: Call) -> str:
    call.attributes.ignore("forward_stype")
    rank = len(call.shapes[0])
    swapped = (*range(rank - 2), rank - 1, rank - 2)
    left, right = (
        call.add("Transpose", source, perm=swapped) if call.attributes.take(name, False) else source  # noqa: FBT003 - default
        for source, name in zip(call.inputs, ("transpose_a", "transpose_b"), strict=True)
    )
    return call.add("MatMul", left, right)


def _plain(operator: str) -> Converter:
    """Give the converter of an operator that has its like in ONNX, without attributes."""
    return lambda call: call.add(operator, *call.inputs)


def _scalar(operator: str, *, reverse: bool = False) -> Converter:
    """Give the converter of arithmetic with a fixed number, on the right or on the left."""

    def convert(call: Call) -> str:
        call.attributes.ignore("is_int")
        number = call.constant(np.float32(call.attributes.take("scalar", 1.0)), "scalar")
        (data,) = call.inputs
        return call.add(operator, *((number, data) if reverse else (data, number)))

    return convert


def _clip(call: Call) -> str:
    bounds = [
        call.constant(np.float32(call.attributes.take(name, 0)), name)
        for name in ("a_min", "a_max")
    ]
    return call.add("Clip", *call.inputs, *bounds)


def _softmax(operator: str) -> Converter:
    def convert(call: Call) -> str:
        call.attributes.expect("temperature", None, 1.0)
        call.attributes.expect("dtype", None, "float32")
        call.attributes.expect("use_length", False)  # noqa: FBT003 - a value, not a flag
        return call.add(operator, *call.inputs, axis=call.attributes.take("axis", -1))

    return convert


def _same(call: Call) -> str:
    call.attributes.expect("mode", "training")
    call.attributes.ignore("p", "axes")
    return call.inputs[0]


def _sum_of_all(call: Call) -> str:
    return call.add("Sum", *call.inputs)


def _filled(value: float) -> Converter:
    """Give the converter of what makes a tensor of an input's shape, of one number."""

    def convert(call: Call) -> str:
        zero = call.add("Mul", *call.inputs, call.constant(np.float32(0), "zero"))
        return call.add("Add", zero, call.constant(np.float32(value), "value"))

    return convert


COMPUTING: Mapping[str, Converter] = {
    "Convolution": _convolution,
    "BatchNorm": _batch_norm,
    "Activation": _activation,
    "LeakyReLU": _leaky_relu,
    "FullyConnected": _fully_connected,
    "batch_dot": _batch_dot,
    "dot": _plain("MatMul"),
    "Dropout": _same,
    "_copy": _same,
    "BlockGrad": _same,
    "clip": _clip,
    "softmax": _softmax("Softmax"),
    "log_softmax": _softmax("LogSoftmax"),
    "add_n": _sum_of_all,
    "ones_like": _filled(1.0),
    "zeros_like": _filled(0.0),
    **{
        name: _plain(operator)
        for name, operator in (
            ("relu", "Relu"),
            ("sigmoid", "Sigmoid"),
            ("tanh", "Tanh"),
            ("exp", "Exp"),
            ("log", "Log"),
            ("sqrt", "Sqrt"),
            ("abs", "Abs"),
            ("negative", "Neg"),
            ("erf", "Erf"),
            ("reciprocal", "Reciprocal"),
            ("elemwise_add", "Add"),
            ("elemwise_sub", "Sub"),
            ("elemwise_mul", "Mul"),
            ("elemwise_div", "Div"),
            ("broadcast_add", "Add"),
            ("broadcast_sub", "Sub"),
            ("broadcast_mul", "Mul"),
            ("broadcast_div", "Div"),
            ("broadcast_maximum", "Max"),
            ("broadcast_minimum", "Min"),
            ("_maximum", "Max"),
            ("_minimum", "Min"),
        )
    },
    **{
        name: _scalar(operator, reverse=reverse)
        for name, operator, reverse in (
            ("_plus_scalar", "Add", False),
            ("_minus_scalar", "Sub", False),
            ("_rminus_scalar", "Sub", True),
            ("_mul_scalar", "Mul", False),
            ("_div_scalar", "Div", False),
            ("_rdiv_scalar", "Div", True),
            ("_power_scalar", "Pow", False),
            ("_maximum_scalar", "Max", False),
            ("_minimum_scalar", "Min", False),
        )
    },
}
