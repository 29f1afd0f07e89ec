"""Seeded values for a network's parameters, with which no layer fades out or blows up."""

from __future__ import annotations

from typing import Any

import numpy as np

from .clips import quietly


def fill(network: Any, gammas: tuple[float, float] = (0.5, 1.5), seed: int = 8) -> None:
    """Set all parameters of a network whose shapes are known; ``gammas`` bound what scales."""
    array = quietly("mxnet").nd.array
    draw = np.random.default_rng(seed)
    for name, parameter in network.collect_params().items():
        shape = parameter.shape
        if name.endswith(("gamma", "running_var")):
            values = draw.uniform(*gammas, shape)
        elif len(shape) > 1:
            values = draw.standard_normal(shape, dtype=np.float32)
            values *= np.sqrt(2 / np.prod(shape[1:]))
        else:
            values = 0.1 * draw.standard_normal(shape)
        parameter.set_data(array(values))


def prepare(network: Any, shape: tuple[int, ...], gammas: tuple[float, float] = (0.5, 1.5)) -> None:
    """Fill a network that was just built, for an input of that shape.

    A pass would tell the shapes that the network leaves open too, but turns weights of three
    dimensions into a layout that cannot be written to any more.
    """
    network.infer_shape(quietly("mxnet").nd.zeros(shape))
    for parameter in network.collect_params().values():
        parameter.initialize(force_reinit=True)
    fill(network, gammas)
