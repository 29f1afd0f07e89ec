"""The task that compares an engine with the reference on the seeded views.

It runs in a process of its own, because a library may crash on a network that it does not support.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from sphinx_modelzoo.recognizers.engines.checking import difference
from sphinx_modelzoo.recognizers.engines.engine import Network
from sphinx_modelzoo.recognizers.engines.exported import read_scores
from sphinx_modelzoo.recognizers.engines.loading import Setup, load
from sphinx_modelzoo.recognizers.engines.seeded import seeded_views, views_digest
from sphinx_modelzoo.recognizers.engines.task import Answer, Note


def run(request: dict[str, Any], note: Note) -> dict[str, Any]:
    """Load a network, and give scores to the seeded views.

    Args:
        request: ``engine``, ``architecture``, ``classes``, ``view``, ``batch`` and ``threads``; the
            network's ``file``; the ``folder`` with the reference's scores; the ``seed``, number of
            ``views`` and ``digest`` of what the reference saw.
        note: Is told what is being done.

    Returns:
        ``measured``, the largest difference, or None where scores are no numbers; or ``problem``:
        the views are others here, or why the engine does not run the network.
    """
    count, seed = request["views"], request["seed"]
    network = Network(request["architecture"], request["classes"], tuple(request["view"]))
    views = seeded_views(network.view, count, seed)
    if views_digest(views) != request["digest"]:
        return {"problem": f"the seeded views are others with numpy {np.__version__}"}
    engine = request["engine"]
    note(f"comparing {engine} with the reference on {count} seeded views")
    try:
        setup = Setup(engine, network, request["batch"], request["threads"])
        classifier = load(setup, Path(request["file"]))
        size = classifier.batch
        passes = [classifier.scores(views[n : n + size]) for n in range(0, count, size)]
    except Exception as error:  # noqa: BLE001 - libraries raise plain exceptions
        first = str(error).strip().partition("\n")[0][:200]
        return {"problem": first or type(error).__name__}
    measured = difference(np.concatenate(passes), read_scores(Path(request["folder"])))
    return {"measured": measured if math.isfinite(measured) else None}


def make() -> Answer:
    """Give what answers the requests."""
    return run
