"""Opening a network: its weights found and loaded into an engine, its passes sized."""

from __future__ import annotations

import importlib
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from sphinx_modelzoo.pipe.messages import WeightsFile
from sphinx_modelzoo.recognizers.architectures import check_protocol
from sphinx_modelzoo.recognizers.engines.cache import Cache, cache_folder
from sphinx_modelzoo.recognizers.engines.choice import EngineChoice
from sphinx_modelzoo.recognizers.engines.engine import MXNET, Classifier, Network
from sphinx_modelzoo.recognizers.engines.fast import open_fast
from sphinx_modelzoo.recognizers.engines.graph import ConversionError
from sphinx_modelzoo.recognizers.engines.making import Making
from sphinx_modelzoo.recognizers.engines.remote import RemoteClassifier
from sphinx_modelzoo.recognizers.engines.task import run_task
from sphinx_modelzoo.recognizers.libraries import LibraryError, versions
from sphinx_modelzoo.recognizers.memory import views_per_pass
from sphinx_modelzoo.recognizers.prediction import Model
from sphinx_modelzoo.recognizers.protocol import Protocol
from sphinx_modelzoo.recognizers.weights import (
    Found,
    Wanted,
    check_weights,
    local_weights,
    read_hashtag,
    stored_file,
)

# What reads clips and computes, by the names that users know, and the modules of each.
_LIBRARIES = {"numpy": "numpy", "opencv": "cv2", "av": "av", "mxnet": "mxnet", "gluoncv": "gluoncv"}

_REFERENCE = EngineChoice()

Note = Callable[[str], None]


def open_model(
    wanted: Wanted,
    classes: int,
    protocol: Protocol,
    note: Note,
    *,
    engine: EngineChoice = _REFERENCE,
    offline: bool = False,
    batch: int = 0,
) -> Model:
    """Find the weights and load them strictly into the network, in the engine of choice.

    A network that does not run in a fast engine runs in the reference, and ``note`` is told.

    Args:
        wanted: The weights, by the network's name.
        classes: The number of classes.
        protocol: What a video's views are.
        note: Is told what is being done.
        engine: What computes.
        offline: Fetch nothing.
        batch: At most so many views a pass; 0 lets the views' size and the memory decide.

    Raises:
        CallError: when the network is not known, or does not fit the protocol.
        LibraryError: when a library is missing that the engine, or converting for it, needs.
        UndecidedError: when the weights are not found, are others, or do not fit.
    """
    check_protocol(wanted.name, protocol)
    network = Network(wanted.name, classes, protocol.view_shape)
    most = views_per_pass(network.view)
    batch = min(most, batch or most)
    if engine.name == MXNET:
        # MXNet is imported only where it computes.
        reference = importlib.import_module("sphinx_modelzoo.recognizers.engines.reference")
        opened = reference.open_reference(wanted, network, batch, note, offline=offline)
        return Model(opened.classifier, protocol, opened.weights)
    note(f"finding the weights of {wanted.name}")
    found = _find(wanted, engine, note, offline=offline)
    cache = Cache(cache_folder(engine.cache))
    making = Making(network, wanted, found, cache, engine.reference_python, note)
    try:
        classifier, parameters = open_fast(engine.name, making, batch)
    except ConversionError as error:
        note(f"{wanted.name} runs in {MXNET}, because it does not convert: {error}")
        remote = _remote(wanted, network, batch, engine, note, offline=offline, why=str(error))
        return Model(remote, protocol, remote.weights)
    name = found.path.name
    weights = WeightsFile(name, found.size, found.sha1, found.sha256, parameters)
    return Model(classifier, protocol, weights)


def _find(wanted: Wanted, engine: EngineChoice, note: Note, *, offline: bool) -> Found:
    """Find the weights here or, where only GluonCV knows how, in the reference's interpreter."""
    found = local_weights(wanted)
    if found is not None:
        return found
    request = {"wanted": asdict(wanted), "offline": offline}
    try:
        answer = run_task("find-weights", request, note, engine.reference_python)
    except LibraryError as error:
        hashtag = read_hashtag(wanted)
        what = f"{wanted.name}: no hashtag is given, and only GluonCV knows its default"
        if hashtag:
            path = stored_file(wanted.name, hashtag[:8])
            what = f"{path}: not there with this hash, and GluonCV is needed to fetch it"
        (problem,) = error.problems
        raise LibraryError(replace(problem, what=f"{what} ({problem.what})")) from error
    return check_weights(Path(answer["path"]), wanted, read_hashtag(wanted))


def _remote(
    wanted: Wanted,
    network: Network,
    batch: int,
    engine: EngineChoice,
    note: Note,
    *,
    offline: bool,
    why: str,
) -> RemoteClassifier:
    """Open the network in the reference; ``why`` it does not run in the engine of choice."""
    python = engine.reference_python
    try:
        return RemoteClassifier(wanted, network, batch, python, note, offline=offline, why=why)
    except LibraryError as error:
        (problem,) = error.problems
        what = f"{wanted.name} does not run in {engine.name} ({why}), and {problem.what}"
        raise LibraryError(replace(problem, what=what)) from error


def environment(classifier: Classifier) -> Mapping[str, str]:
    """Give what predictions may depend on besides weights, data and protocol."""
    fallback = classifier.why if isinstance(classifier, RemoteClassifier) else ""
    return {
        "python": platform.python_version(),
        "engine": classifier.name,
        "engine.version": classifier.version,
        **({"engine.fallback": fallback} if fallback else {}),
        classifier.name: classifier.version,
        **versions(_LIBRARIES),
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
        "machine": f"{platform.system()} {platform.machine()}",
    }
