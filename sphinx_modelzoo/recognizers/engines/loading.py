"""Loading a converted network into the library of a fast engine."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx_modelzoo.recognizers.engines.engine import MNN, ONNXRUNTIME, Classifier, Network

# The module and the class of each engine; only the one that is asked for is imported.
_CLASSIFIERS: Mapping[str, tuple[str, str]] = {
    ONNXRUNTIME: ("onnxruntime_classifier", "OnnxRuntimeClassifier"),
    MNN: ("mnn_classifier", "MNNClassifier"),
}


@dataclass(frozen=True, slots=True)
class Setup:
    """How an engine is to run a network: views in a pass, and threads that compute."""

    engine: str
    network: Network
    batch: int
    threads: int


def engine_version(engine: str) -> str:
    """Give the version of the engine's library."""
    return str(_module(engine).VERSION)


def load(setup: Setup, path: Path, disagreement: float = 1.0) -> Classifier:
    """Load a network's file, given how far the engine is off, where that is known.

    Raises:
        Exception: whatever the library raises where it cannot.
    """
    _, name = _CLASSIFIERS[setup.engine]
    network = setup.network
    make = getattr(_module(setup.engine), name)
    classifier = make(path, network.classes, network.view, setup.batch, setup.threads)
    classifier.disagreement = disagreement
    loaded: Classifier = classifier
    return loaded


def _module(engine: str) -> Any:
    module, _ = _CLASSIFIERS[engine]
    return importlib.import_module(f"{__package__}.{module}")
