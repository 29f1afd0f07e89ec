"""The task that finds weights where only GluonCV knows how: its default, or from its store."""

from __future__ import annotations

from typing import Any

from sphinx_modelzoo.recognizers.engines.task import Answer, Note
from sphinx_modelzoo.recognizers.store import find_weights
from sphinx_modelzoo.recognizers.weights import Wanted


def run(request: dict[str, Any], note: Note) -> dict[str, Any]:
    """Find weights; ``wanted`` are the fields of :class:`Wanted`, ``offline`` fetches nothing.

    Returns:
        The ``path`` of the file, whose hashes are as wanted.

    Raises:
        CallError: see :func:`find_weights`, as for the other.
        UndecidedError: there is no such file, it cannot be fetched, or a hash differs.
    """
    wanted = Wanted(**request["wanted"])
    note(f"finding the weights of {wanted.name}")
    return {"path": str(find_weights(wanted, offline=request["offline"]).path)}


def make() -> Answer:
    """Give what answers the requests."""
    return run
