"""Which engine a recognizer computes with."""

from __future__ import annotations

from dataclasses import dataclass

from sphinx_modelzoo.recognizers.engines.engine import MXNET


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine, and what it needs where it is not the reference.

    ``name`` is one of ``ENGINES``. ``reference_python`` is the interpreter that has MXNet; empty
    means the one that runs the engine. ``cache`` is the folder of converted networks; empty means
    the usual one.
    """

    name: str = MXNET
    reference_python: str = ""
    cache: str = ""
