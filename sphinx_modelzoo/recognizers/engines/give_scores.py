"""The task that gives the reference's scores: the first request opens, all others are views."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sphinx_modelzoo.recognizers.engines.engine import Classifier, Network
from sphinx_modelzoo.recognizers.engines.reference import open_reference
from sphinx_modelzoo.recognizers.engines.remote import packed, unpacked
from sphinx_modelzoo.recognizers.engines.task import Answer, Note
from sphinx_modelzoo.recognizers.weights import Wanted


class _Scores:
    """A network in the reference, once it is open."""

    def __init__(self) -> None:
        self._classifier: Classifier | None = None

    def __call__(self, request: dict[str, Any], note: Note) -> dict[str, Any]:
        if self._classifier is not None:
            return packed(self._classifier.scores(unpacked(request)))
        given = request["network"]
        network = Network(given["architecture"], given["classes"], tuple(given["view"]))
        wanted = Wanted(**request["wanted"])
        opened = open_reference(wanted, network, request["batch"], note, offline=request["offline"])
        self._classifier = opened.classifier
        return {"version": opened.classifier.version, "weights": asdict(opened.weights)}


def make() -> Answer:
    """Give what answers the requests."""
    return _Scores()
