"""Opening a network in a fast engine: found or made, compared with the reference, and loaded."""

from __future__ import annotations

from sphinx_modelzoo.recognizers.engines.checking import measured_disagreement
from sphinx_modelzoo.recognizers.engines.closeness import MOST, allowed
from sphinx_modelzoo.recognizers.engines.engine import Classifier
from sphinx_modelzoo.recognizers.engines.graph import ConversionError
from sphinx_modelzoo.recognizers.engines.loading import Setup, engine_version, load
from sphinx_modelzoo.recognizers.engines.making import Making
from sphinx_modelzoo.recognizers.libraries import threads


def open_fast(engine: str, making: Making, batch: int) -> tuple[Classifier, int]:
    """Load a network into a fast engine, and see how far it is off.

    Args:
        engine: One of ``ENGINES``, but not the reference.
        making: The network, its weights, and where its converted files are.
        batch: How many views a pass takes.

    Returns:
        The engine with the network, and the number of values in the network's parameters.

    Raises:
        ConversionError: when the network does not convert, the engine does not run it, or gives
            scores that are too far off.
        LibraryError: when it is not converted yet, and a library for that is missing.
        CallError: when the network is not known.
        UndecidedError: when the weights do not fit, or the cache cannot be written.
    """
    version = engine_version(engine)
    reference = making.reference()
    path = making.model(engine, version)
    setup = Setup(engine, making.network, batch, threads())
    measured = measured_disagreement(setup, path, reference, making.note)
    if measured > MOST:
        msg = f"{engine} {version} gives scores that are off by {measured:.1e} of the largest"
        raise ConversionError(msg)
    making.note(f"loading {path.name} ({path.stat().st_size} bytes) into {engine} {version}")
    classifier = load(setup, path, allowed(measured))
    return classifier, reference.parameters
