"""The task that writes a network, as the reference described it, as an ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sphinx_modelzoo.recognizers.engines.cache import writing
from sphinx_modelzoo.recognizers.engines.conversion import convert
from sphinx_modelzoo.recognizers.engines.exported import PARAMETERS, read_graph
from sphinx_modelzoo.recognizers.engines.graph import ConversionError
from sphinx_modelzoo.recognizers.engines.task import Answer, Note


def run(request: dict[str, Any], note: Note) -> dict[str, Any]:
    """Convert the network in a folder.

    Args:
        request: ``folder``, where the reference wrote it; ``view``, the shape of a view; ``file``,
            the name of the file to write there.
        note: Is told what is being done.

    Returns:
        Nothing, or ``problem``: what does not convert.

    Raises:
        UndecidedError: when nothing can be written.
    """
    folder = Path(request["folder"])
    note("converting the network to ONNX")
    graph = read_graph(folder)
    with writing(folder), np.load(folder / PARAMETERS, allow_pickle=False) as parameters:
        try:
            convert(graph, parameters, tuple(request["view"]), folder / request["file"])
        except ConversionError as error:
            return {"problem": str(error)}
        except (OSError, MemoryError):
            raise  # of the machine, not of the network
        except Exception as error:  # noqa: BLE001 - what neither we nor ONNX reckoned with
            first = str(error).strip().partition("\n")[0][:200]
            return {"problem": f"{type(error).__name__}: {first}"}
    return {}


def make() -> Answer:
    """Give what answers the requests."""
    return run
