"""Plots for the tests, made from bare places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sphinx_modelzoo.plots.front import pareto_front
from sphinx_modelzoo.plots.model import Axis, Labels, Plot, Point
from sphinx_modelzoo.plots.scale import wants_log

X = Axis("parameters", "Parameters", better="lower", noun="parameters")
Y = Axis("top1", "Top-1", "%", "higher")


def point(x: float, y: float, label: str = "model", **fields: object) -> Point:
    made = Point(
        key=label,
        name=label,
        label=label,
        hashtag="",
        dataset="UCF101",
        protocol="",
        x=x,
        y=y,
        x_text=f"{x:g}",
        y_text=f"{y:g} %",
        x_raw=f"{x:f}",
        y_raw=f"{y:f}",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def plot(
    points: Sequence[Point],
    x: Axis = X,
    y: Axis = Y,
    labels: Labels = Labels.ALL,
    groups: tuple[str, ...] = (),
) -> Plot:
    front: tuple[int, ...] = ()
    if x.better and y.better:
        front = pareto_front([(one.x, one.y) for one in points], x.better, y.better)
    return Plot(
        title="Top-1 against parameters",
        x=replace(x, log=x.log or wants_log([one.x for one in points])),
        y=y,
        points=tuple(points),
        groups=groups,
        fronts=(front,) if front else (),
        labels=labels,
    )
