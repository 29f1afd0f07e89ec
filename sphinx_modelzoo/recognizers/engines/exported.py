"""What the reference writes down of a network, for other engines to be made from.

A folder holds the graph (MXNet's symbol, and the shapes of all outputs), the parameters' values,
and the scores that the reference gives to the seeded views.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sphinx_modelzoo.recognizers.engines.engine import Scores
from sphinx_modelzoo.recognizers.engines.graph import Graph, Node, Shape

GRAPH = "graph.json"
PARAMETERS = "parameters.npz"
SCORES = "reference.npy"


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of the reference's side.

    ``parameters`` is the number of values in all parameters; ``seed``, ``views`` and ``digest``
    say which seeded views it gave scores to, how many, and the SHA-256 of their values;
    ``environment`` is what it ran on.
    """

    parameters: int
    seed: int
    views: int
    digest: str
    environment: Mapping[str, str] = field(default_factory=dict)


def write_graph(
    folder: Path,
    nodes: Sequence[Mapping[str, Any]],
    output: tuple[int, int],
    shapes: Mapping[tuple[int, int], Shape],
) -> None:
    """Write a network's graph: the nodes of MXNet's symbol, and what :class:`Graph` adds."""
    listed = [[*place, list(shape)] for place, shape in shapes.items()]
    data = {"nodes": nodes, "output": output, "shapes": listed}
    (folder / GRAPH).write_text(json.dumps(data), encoding="utf-8")


def read_graph(folder: Path) -> Graph:
    """Read a network's graph."""
    data = json.loads((folder / GRAPH).read_text(encoding="utf-8"))
    nodes = tuple(
        Node(
            node["op"],
            node["name"],
            node.get("attrs", {}),
            tuple((entry[0], entry[1]) for entry in node["inputs"]),
        )
        for node in data["nodes"]
    )
    node, output = data["output"]
    shapes = {(node, output): tuple(shape) for node, output, shape in data["shapes"]}
    return Graph(nodes, (node, output), shapes)


def read_scores(folder: Path) -> Scores:
    """Read the scores that the reference gave to the seeded views."""
    return np.asarray(np.load(folder / SCORES, allow_pickle=False), dtype=np.float32)
