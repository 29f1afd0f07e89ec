"""Writing down a network with its weights, for other engines to be made from.

This runs in the reference's interpreter; what it writes needs neither MXNet nor GluonCV.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import mxnet as mx
import numpy as np

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.recognizers import network as networks
from sphinx_modelzoo.recognizers.engines.cache import writing
from sphinx_modelzoo.recognizers.engines.engine import Network, ViewShape
from sphinx_modelzoo.recognizers.engines.exported import PARAMETERS, SCORES, Reference, write_graph
from sphinx_modelzoo.recognizers.engines.graph import Shape
from sphinx_modelzoo.recognizers.engines.reference import fuse
from sphinx_modelzoo.recognizers.engines.seeded import SEED, seeded_views, view_count, views_digest
from sphinx_modelzoo.recognizers.engines.task import Answer, Note
from sphinx_modelzoo.recognizers.libraries import versions
from sphinx_modelzoo.recognizers.memory import views_per_pass
from sphinx_modelzoo.recognizers.store import find_weights
from sphinx_modelzoo.recognizers.weights import Wanted

_VERSIONS = {name: name for name in ("mxnet", "gluoncv", "numpy")}

# Two numbers of views; sizes that differ between them depend on the number.
_NUMBERS = (2, 3)


def run(request: dict[str, Any], note: Note) -> dict[str, Any]:
    """Build a network, load its weights strictly, and write it into a folder.

    Args:
        request: ``architecture``, ``classes`` and ``view``; ``wanted``, the fields of
            :class:`Wanted`, with a file; ``sha256``, which that file has; and ``folder``, which
            exists.
        note: Is told what is being done.

    Returns:
        The fields of :class:`Reference`; ``problem`` instead where MXNet cannot describe the
        network.

    Raises:
        CallError: when the network is not known.
        UndecidedError: when the weights do not fit, the network does not take such views, or
            nothing can be written.
    """
    view: ViewShape = tuple(request["view"])
    folder = Path(request["folder"])
    found = find_weights(Wanted(**request["wanted"]), offline=True)
    if found.sha256 != request["sha256"]:
        what = f"the file was changed while it was read (SHA-256 {found.sha256})"
        raise UndecidedError(Problem(what, "try again", str(found.path)))
    network = networks.build(request["architecture"], request["classes"])
    networks.load(network, found.path)
    count = view_count(view)
    batch = min(count, views_per_pass(view))
    classifier = networks.MXNetClassifier(network, request["classes"], view, batch)
    note("writing the network down")
    with writing(folder):
        try:
            symbol = network(mx.sym.Variable("data"))
            describe(folder, symbol, view)
        except (mx.MXNetError, TypeError, ValueError, AttributeError, AssertionError) as error:
            # Code of networks that works on arrays only, or that gives several outputs.
            return {"problem": f"MXNet cannot describe it ({networks.first_line(error)})"}
        values = {name: value.data().asnumpy() for name, value in network.collect_params().items()}
        np.savez(folder / PARAMETERS, **values)
        del values
    note(f"MXNet gives scores to {count} seeded views")
    views = seeded_views(view, count)
    # Fused, as the reference is where it decides: fusing moves scores in their last digits too.
    fuse(network, classifier, Network(request["architecture"], request["classes"], view))
    passes = [classifier.scores(views[n : n + batch]) for n in range(0, count, batch)]
    with writing(folder):
        np.save(folder / SCORES, np.concatenate(passes))
    parameters = networks.count_parameters(network)
    digest = views_digest(views)
    return asdict(Reference(parameters, SEED, count, digest, versions(_VERSIONS)))


def describe(folder: Path, symbol: Any, view: ViewShape) -> None:
    """Write the graph with the shapes of all outputs inside it, for any number of views."""
    if len(symbol.list_outputs()) != 1:
        msg = f"a network with {len(symbol.list_outputs())} outputs"
        raise ValueError(msg)
    inside = symbol.get_internals()
    graph = json.loads(inside.tojson())
    few, more = (inside.infer_shape(data=(number, *view))[1] for number in _NUMBERS)
    shapes: dict[tuple[int, int], Shape] = {
        (node, output): tuple(
            int(size) if size == other else None for size, other in zip(one, two, strict=True)
        )
        for (node, output, _), one, two in zip(graph["heads"], few, more, strict=True)
    }
    place = inside.list_outputs().index(symbol.list_outputs()[0])
    node, output, _ = graph["heads"][place]
    write_graph(folder, graph["nodes"], (node, output), shapes)


def make() -> Answer:
    """Give what answers the requests."""
    return run
