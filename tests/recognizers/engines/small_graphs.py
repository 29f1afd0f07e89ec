"""Small graphs of MXNet for every operator, and what each gives there and once it is converted.

Run as a script in a process of its own, this prints for each graph how far ONNX Runtime's output
is from MXNet's, as a share of the largest value, and which operators the graph has.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Build = Callable[[Any, Any], Any]

IMAGE, CLIP, ROW = (6, 9, 11), (4, 5, 7, 8), (12,)


def _pool(shape: tuple[int, ...] = IMAGE, **attributes: Any) -> tuple[tuple[int, ...], Build]:
    return shape, lambda s, x: s.Pooling(x, **attributes)


def _on_image(name: str, **attributes: Any) -> tuple[tuple[int, ...], Build]:
    return IMAGE, lambda s, x: getattr(s, name)(x, **attributes)


def _of_two(name: str) -> tuple[tuple[int, ...], Build]:
    return IMAGE, lambda s, x: getattr(s, name)(x, s.abs(x) + 0.5)


# The shape of a view, and how the graph is made from it; more than one view goes through.
GRAPHS: dict[str, tuple[tuple[int, ...], Build]] = {
    "convolution": (IMAGE, lambda s, x: s.Convolution(x, kernel=(3, 3), num_filter=5)),
    "convolution, all settings": (
        IMAGE,
        lambda s, x: s.Convolution(
            x,
            kernel=(3, 2),
            num_filter=6,
            num_group=3,
            stride=(2, 1),
            pad=(1, 2),
            dilate=(1, 2),
            no_bias=True,
            layout="NCHW",
        ),
    ),
    "convolution of clips": (
        CLIP,
        lambda s, x: s.Convolution(
            x, kernel=(3, 3, 1), num_filter=4, num_group=2, stride=(1, 2, 1), pad=(1, 1, 0)
        ),
    ),
    "batch norm": (IMAGE, lambda s, x: s.BatchNorm(x, fix_gamma=False, eps=1e-3)),
    "batch norm with a fixed gamma": (IMAGE, lambda s, x: s.BatchNorm(x, eps=1e-5)),
    "batch norm of clips": (CLIP, lambda s, x: s.BatchNorm(x, fix_gamma=False)),
    **{
        f"activation {kind}": _on_image("Activation", act_type=kind)
        for kind in ("relu", "sigmoid", "tanh", "softrelu", "softsign")
    },
    "leaky relu": _on_image("LeakyReLU", act_type="leaky", slope=0.1),
    "elu": _on_image("LeakyReLU", act_type="elu", slope=0.7),
    "prelu": (IMAGE, lambda s, x: s.LeakyReLU(x, s.Variable("slopes"), act_type="prelu")),
    "dense on images": (IMAGE, lambda s, x: s.FullyConnected(x, num_hidden=7)),
    "dense without bias": (ROW, lambda s, x: s.FullyConnected(x, num_hidden=7, no_bias=True)),
    "dense on the last axis": (
        IMAGE,
        lambda s, x: s.FullyConnected(x, num_hidden=7, flatten=False),
    ),
    "max pooling": _pool(kernel=(3, 2), stride=(2, 2), pad=(1, 0), pool_type="max"),
    "max pooling, full": _pool(
        kernel=(2, 2), stride=(2, 2), pool_type="max", pooling_convention="full"
    ),
    "average pooling": _pool(kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type="avg"),
    "average pooling without padding": _pool(
        kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type="avg", count_include_pad=False
    ),
    "average pooling, full": _pool(
        kernel=(3, 2), stride=(3, 2), pad=(1, 0), pool_type="avg", pooling_convention="full"
    ),
    "average pooling, full, without padding": _pool(
        kernel=(3, 2),
        stride=(3, 2),
        pad=(1, 0),
        pool_type="avg",
        pooling_convention="full",
        count_include_pad=False,
    ),
    "global average pooling": _pool(global_pool=True, kernel=(1, 1), pool_type="avg"),
    "global max pooling": _pool(global_pool=True, kernel=(1, 1), pool_type="max"),
    "max pooling of clips": _pool(
        CLIP, kernel=(2, 3, 3), stride=(2, 2, 1), pad=(1, 1, 1), pool_type="max"
    ),
    "average pooling of clips": _pool(CLIP, kernel=(5, 2, 2), stride=(1, 1, 1), pool_type="avg"),
    "adaptive pooling to one": _on_image("contrib.AdaptiveAvgPooling2D", output_size=1),
    "adaptive pooling to thirds": (
        (6, 9, 12),
        lambda s, x: s.contrib.AdaptiveAvgPooling2D(x, output_size=3),
    ),
    "flatten": _on_image("Flatten"),
    "reshape": _on_image("reshape", shape=(-1, 3, 2, 99)),
    "reshape with codes": _on_image("reshape", shape=(0, -4, 3, -1, -2)),
    "reshape that joins views and channels": _on_image("reshape", shape=(-3, -2)),
    "reshape like another": (
        IMAGE,
        lambda s, x: s.reshape_like(
            s.Flatten(x), x, lhs_begin=1, lhs_end=2, rhs_begin=1, rhs_end=4
        ),
    ),
    "expand dims": _on_image("expand_dims", axis=2),
    "squeeze": (
        IMAGE,
        lambda s, x: s.squeeze(s.Pooling(x, global_pool=True, kernel=(1, 1)), axis=(2, 3)),
    ),
    "mean of one axis": _on_image("mean", axis=1),
    "mean of two axes, kept": _on_image("mean", axis=(2, 3), keepdims=True),
    "sum": _on_image("sum", axis=1),
    "max": _on_image("max", axis=3),
    "min": _on_image("min", axis=-1, keepdims=True),
    "concat": (IMAGE, lambda s, x: s.Concat(x, s.relu(x), dim=1)),
    "slice axis": _on_image("slice_axis", axis=1, begin=2, end=5),
    "slice axis to the end": _on_image("slice_axis", axis=2, begin=-4, end=None),
    "slice": (
        CLIP,
        lambda s, x: s.slice(x, begin=(None, None, 1), end=(None, None, 5)),
    ),
    "slice in steps": (
        CLIP,
        lambda s, x: s.slice(x, begin=(None, 1, 0), end=(None, None, 5), step=(None, None, 2)),
    ),
    "transpose": _on_image("transpose", axes=(0, 2, 3, 1)),
    "swap axes": _on_image("swapaxes", dim1=1, dim2=2),
    "pad": _on_image(
        "pad", mode="constant", constant_value=1.5, pad_width=(0, 0, 0, 0, 1, 2, 3, 0)
    ),
    "pad with the edge": _on_image("pad", mode="edge", pad_width=(0, 0, 0, 0, 1, 2, 3, 0)),
    "up sampling": (IMAGE, lambda s, x: s.UpSampling(x, scale=3, sample_type="nearest")),
    "bilinear resizing": _on_image("contrib.BilinearResize2D", height=13, width=24),
    "dropout": _on_image("Dropout", p=0.5),
    "identity": _on_image("identity"),
    "stopped gradient": _on_image("BlockGrad"),
    "clip": _on_image("clip", a_min=-0.5, a_max=0.25),
    "softmax": _on_image("softmax", axis=1),
    "log softmax": _on_image("log_softmax", axis=-1),
    "sum of several": (IMAGE, lambda s, x: s.add_n(x, s.relu(x), s.tanh(x))),
    "ones like": (IMAGE, lambda s, x: s.ones_like(x) + x),
    "zeros like": (IMAGE, lambda s, x: s.zeros_like(x) + x),
    "matrix product": (
        IMAGE,
        lambda s, x: s.batch_dot(s.mean(x, axis=1), s.max(x, axis=1), transpose_b=True),
    ),
    "matrix product, both turned": (
        IMAGE,
        lambda s, x: s.batch_dot(
            s.mean(x, axis=1),
            s.transpose(s.max(x, axis=1), axes=(0, 2, 1)),
            transpose_a=True,
            transpose_b=True,
        ),
    ),
    "dot": (ROW, lambda s, x: s.dot(x, s.Variable("matrix", shape=(12, 3)))),
    **{
        name: _on_image(name)
        for name in ("relu", "sigmoid", "tanh", "exp", "abs", "negative", "erf", "reciprocal")
    },
    "log": (IMAGE, lambda s, x: s.log(s.abs(x) + 0.5)),
    "sqrt": (IMAGE, lambda s, x: s.sqrt(s.abs(x))),
    **{
        name: _of_two(name)
        for name in (
            *("elemwise_add", "elemwise_sub", "elemwise_mul", "elemwise_div"),
            *("broadcast_add", "broadcast_sub", "broadcast_mul", "broadcast_div"),
            *("broadcast_maximum", "broadcast_minimum", "maximum", "minimum"),
        )
    },
    "broadcasting": (IMAGE, lambda s, x: s.broadcast_mul(x, s.mean(x, axis=(2, 3), keepdims=True))),
    **{
        name: (IMAGE, build)
        for name, build in {
            "plus a number": lambda _, x: x + 1.25,
            "minus a number": lambda _, x: x - 1.25,
            "a number minus": lambda _, x: 1.25 - x,
            "times a number": lambda _, x: x * 1.25,
            "by a number": lambda _, x: x / 1.25,
            "a number by": lambda s, x: 1.25 / (s.abs(x) + 1),
            "to a power": lambda s, x: s.abs(x) ** 1.5,
            "at least a number": lambda s, x: s.maximum(x, 0.25),
            "at most a number": lambda s, x: s.minimum(x, 0.25),
        }.items()
    },
}


def main() -> None:
    """Convert every graph, and print what came out."""
    import mxnet as mx  # noqa: PLC0415 - tests read the graphs' names without it
    import numpy as np  # noqa: PLC0415
    import onnxruntime  # noqa: PLC0415

    from sphinx_modelzoo.recognizers.engines.conversion import convert  # noqa: PLC0415
    from sphinx_modelzoo.recognizers.engines.export import describe  # noqa: PLC0415
    from sphinx_modelzoo.recognizers.engines.exported import read_graph  # noqa: PLC0415

    draw = np.random.default_rng(11)
    found: dict[str, Any] = {}
    for name, (view, build) in GRAPHS.items():
        symbols = _Dotted(mx.sym)
        symbol = build(symbols, mx.sym.Variable("data"))
        views = draw.standard_normal((4, *view)).astype(np.float32)
        shapes, _, extra = symbol.infer_shape(data=views.shape)
        named = dict(zip(symbol.list_arguments(), shapes, strict=True))
        del named["data"]
        named |= dict(zip(symbol.list_auxiliary_states(), extra, strict=True))
        # From a half up: variances are divided by, and a fixed gamma must not be what is saved.
        values = {
            key: draw.uniform(0.5, 1.5, shape).astype(np.float32) for key, shape in named.items()
        }
        arrays = {key: mx.nd.array(value) for key, value in values.items()}
        aux = {key: arrays[key] for key in symbol.list_auxiliary_states()}
        args = {key: arrays[key] for key in arrays if key not in aux} | {"data": mx.nd.array(views)}
        expected = (
            symbol.bind(mx.cpu(), args, aux_states=aux, grad_req="null").forward()[0].asnumpy()
        )
        with tempfile.TemporaryDirectory() as folder:
            describe(Path(folder), symbol, view)
            graph = read_graph(Path(folder))
            path = Path(folder) / "graph.onnx"
            convert(graph, values, view, path)
            session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
            (output,) = session.run(None, {"views": views})
        same = output.shape == expected.shape
        off = np.abs(output - expected).max() / np.abs(expected).max() if same else np.inf
        operators = sorted({node.operator for node in graph.nodes} - {"null"})
        found[name] = {"off": float(off), "operators": operators}
    print(json.dumps(found))


class _Dotted:
    """MXNet's symbols by names with dots, such as ``contrib.BilinearResize2D``."""

    def __init__(self, symbols: Any) -> None:
        self._symbols = symbols

    def __getattr__(self, name: str) -> Any:
        value = self._symbols
        for part in name.split("."):
            value = getattr(value, part)
        return value


if __name__ == "__main__":
    main()
