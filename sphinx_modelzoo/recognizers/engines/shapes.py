"""Which operators of MXNet become which of ONNX: pooling, and what moves or resizes values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sphinx_modelzoo.recognizers.engines.graph import Shape
from sphinx_modelzoo.recognizers.engines.operators import Call, Converter

# To the end of an axis, as ONNX's Slice has it.
_END = 2**31 - 1

_IMAGE = 4  # views, channels, height, width


def _sizes(call: Call, shape: Shape) -> tuple[int, ...]:
    """Give the sizes behind the views and the channels."""
    sizes = tuple(size for size in shape[2:] if size is not None)
    if len(sizes) != len(shape) - 2:
        call.refuse("sizes that depend on the number of views")
    return sizes


def _pooling(call: Call) -> str:
    take = call.attributes.take
    kind = take("pool_type", "max")
    call.attributes.expect("layout", None, "NCW", "NCHW", "NCDHW")
    kernel, strides = call.attributes.numbers("kernel"), call.attributes.numbers("stride")
    before, convention = call.attributes.numbers("pad"), take("pooling_convention", "valid")
    counted = take("count_include_pad", True)  # noqa: FBT003 - the operator's default
    if kind not in {"max", "avg"}:
        call.refuse(f"pool_type={kind}")
    if take("global_pool", False):  # noqa: FBT003 - the operator's default
        return call.add("GlobalMaxPool" if kind == "max" else "GlobalAveragePool", *call.inputs)
    if convention not in {"valid", "full"}:
        call.refuse(f"pooling_convention={convention}")
    strides = strides or (1,) * len(kernel)
    before = before or (0,) * len(kernel)
    # With the convention "full" the last window may reach over the edge; ONNX is told by how much,
    # because readers disagree on its ceil_mode.
    after = tuple(
        max(pad, (out - 1) * stride + size - have - pad)
        for have, out, size, stride, pad in zip(
            _sizes(call, call.shapes[0]),
            _sizes(call, call.output),
            kernel,
            strides,
            before,
            strict=True,
        )
    )
    if any(pad >= size for pad, size in zip(after, kernel, strict=True)):
        call.refuse("windows behind the edge")
    (data,) = call.inputs
    if kind == "max":
        return call.add("MaxPool", data, kernel_shape=kernel, strides=strides, pads=before + after)
    if counted and after != before:
        # MXNet counts the padding, but not what lies behind it.
        pads = (0, 0, *before, 0, 0, *before)
        data = call.add("Pad", data, call.constant(pads, "pads"))
        after = tuple(more - pad for more, pad in zip(after, before, strict=True))
        before, counted = (0,) * len(kernel), False
    return call.add(
        "AveragePool",
        data,
        kernel_shape=kernel,
        strides=strides,
        pads=before + after,
        count_include_pad=int(counted),
    )


def _adaptive_pooling(call: Call) -> str:
    call.attributes.ignore("output_size")
    have, want = _sizes(call, call.shapes[0]), _sizes(call, call.output)
    if set(want) == {1}:
        return call.add("GlobalAveragePool", *call.inputs)
    if any(size % out for size, out in zip(have, want, strict=True)):
        call.refuse(f"an output of {want}, which does not divide {have}")
    kernel = tuple(size // out for size, out in zip(have, want, strict=True))
    return call.add("AveragePool", *call.inputs, kernel_shape=kernel, strides=kernel)


def _reshape(call: Call) -> str:
    # MXNet has worked out the shape: codes such as 0, -2 and -4 need no translation.
    call.attributes.ignore(
        *("shape", "reverse", "axis", "lhs_begin", "lhs_end", "rhs_begin", "rhs_end")
    )
    if call.output.count(None) > 1:
        call.refuse("two sizes that depend on the number of views")
    sizes = [-1 if size is None else size for size in call.output]
    return call.add("Reshape", call.inputs[0], call.constant(sizes, "shape"))


def _reduce(operator: str) -> Converter:
    def convert(call: Call) -> str:
        call.attributes.expect("exclude", False)  # noqa: FBT003 - a value, not a flag
        call.attributes.expect("dtype", None, "float32")
        axes = call.attributes.numbers("axis") or tuple(range(len(call.shapes[0])))
        keep = int(call.attributes.take("keepdims", False))  # noqa: FBT003 - the default
        if operator == "ReduceSum":
            named = call.constant(axes, "axes")
            return call.add(operator, *call.inputs, named, keepdims=keep)
        return call.add(operator, *call.inputs, axes=axes, keepdims=keep)

    return convert


def _concat(call: Call) -> str:
    return call.add("Concat", *call.inputs, axis=call.attributes.take("dim", 1))


def _cut(
    call: Call,
    axes: Sequence[int],
    begins: Sequence[int],
    ends: Sequence[int],
    steps: Sequence[int],
) -> str:
    parts = (("begin", begins), ("end", ends), ("axes", axes), ("step", steps))
    named = [call.constant(tuple(values), what) for what, values in parts]
    return call.add("Slice", call.inputs[0], *named)


def _slice_axis(call: Call) -> str:
    begin, end = call.attributes.take("begin", 0), call.attributes.take("end", None)
    axis = call.attributes.take("axis", 0)
    return _cut(call, (axis,), (begin,), (_END if end is None else end,), (1,))


def _slice(call: Call) -> str:
    begins = call.attributes.take("begin", ())
    ends = call.attributes.take("end", ())
    steps = call.attributes.take("step", None) or ()
    steps = [step or 1 for step in (*steps, *(None,) * (len(begins) - len(steps)))]
    if min(steps) < 0:
        call.refuse(f"step={min(steps)}")
    axes = [axis for axis in range(len(begins)) if (begins[axis], ends[axis]) != (None, None)]
    axes = [axis for axis in range(len(begins)) if axis in axes or steps[axis] != 1]
    return _cut(
        call,
        axes,
        [begins[axis] or 0 for axis in axes],
        [_END if ends[axis] is None else ends[axis] for axis in axes],
        [steps[axis] for axis in axes],
    )


def _transpose(call: Call) -> str:
    rank = len(call.shapes[0])
    axes = call.attributes.numbers("axes") or tuple(reversed(range(rank)))
    return call.add("Transpose", *call.inputs, perm=tuple(axis % rank for axis in axes))


def _swap_axes(call: Call) -> str:
    axes = list(range(len(call.shapes[0])))
    one, other = call.attributes.take("dim1", 0), call.attributes.take("dim2", 0)
    axes[one], axes[other] = axes[other], axes[one]
    return call.add("Transpose", *call.inputs, perm=axes)


def _pad(call: Call) -> str:
    mode = call.attributes.take("mode", "constant")
    width = call.attributes.numbers("pad_width")
    value = np.float32(call.attributes.take("constant_value", 0.0))
    pads = call.constant((*width[0::2], *width[1::2]), "pads")
    more = [call.constant(value, "value")] if mode == "constant" else []
    return call.add("Pad", *call.inputs, pads, *more, mode=mode)


def _up_sampling(call: Call) -> str:
    call.attributes.expect("sample_type", "", "nearest")
    call.attributes.ignore("num_filter", "multi_input_mode")
    scale = call.attributes.take("scale", 1)
    if len(call.inputs) != 1:
        call.refuse(f"{len(call.inputs)} inputs")
    scales = call.constant(np.asarray((1, 1, scale, scale), np.float32), "scales")
    return call.add(
        "Resize",
        call.inputs[0],
        "",
        scales,
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def _bilinear(call: Call) -> str:
    call.attributes.expect("mode", "size")
    aligned = call.attributes.take("align_corners", True)  # noqa: FBT003 - the default
    call.attributes.ignore("height", "width", "scale_height", "scale_width")
    if len(call.shapes[0]) != _IMAGE or not aligned:
        call.refuse(f"align_corners={aligned}, inputs {call.shapes[0]}")
    have, want = _sizes(call, call.shapes[0]), _sizes(call, call.output)
    scales = [1.0, 1.0, *(_scale(size, out) for size, out in zip(have, want, strict=True))]
    return call.add(
        "Resize",
        call.inputs[0],
        "",
        call.constant(np.asarray(scales, np.float32), "scales"),
        mode="linear",
        coordinate_transformation_mode="align_corners",
    )


def _scale(have: int, want: int) -> np.float32:
    """Give the factor from one size to another that no rounding down makes smaller."""
    scale = np.float32(want / have)
    while int(np.floor(np.float32(have) * scale)) < want:
        scale = np.nextafter(scale, np.float32(np.inf), dtype=np.float32)
    return scale


MOVING: Mapping[str, Converter] = {
    "Pooling": _pooling,
    "_contrib_AdaptiveAvgPooling2D": _adaptive_pooling,
    "Reshape": _reshape,
    "reshape_like": _reshape,
    "expand_dims": _reshape,
    "squeeze": _reshape,
    "Flatten": _reshape,
    "mean": _reduce("ReduceMean"),
    "sum": _reduce("ReduceSum"),
    "max": _reduce("ReduceMax"),
    "min": _reduce("ReduceMin"),
    "Concat": _concat,
    "slice_axis": _slice_axis,
    "slice": _slice,
    "transpose": _transpose,
    "SwapAxis": _swap_axes,
    "Pad": _pad,
    "UpSampling": _up_sampling,
    "_contrib_BilinearResize2D": _bilinear,
}
