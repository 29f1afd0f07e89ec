"""The task that has MNN make its own file from an ONNX file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import MNN

from sphinx_modelzoo.recognizers.engines.task import Answer, Note

# MNN's extension module. The commands in MNN.tools must not be imported: on import they have pip
# install packages, and they report to a server.
import _tools  # isort: skip


def run(request: dict[str, Any], note: Note) -> dict[str, Any]:
    """Convert ``source``, an ONNX file, to ``target``.

    Returns:
        Nothing; or ``problem``: that MNN does not convert it; or ``unsound``: that it wrote a file
        which it cannot load, as on a full disk.
    """
    note(f"converting the network to MNN {MNN.version()}")
    source, target = (str(Path(request[name]).absolute()) for name in ("source", "target"))
    files = ("--modelFile", source, "--MNNModel", target)
    # It leaves a file as large as the weights in the folder that it runs in.
    here = Path.cwd()
    with tempfile.TemporaryDirectory(dir=Path(target).parent) as folder:
        os.chdir(folder)
        try:
            _tools.mnnconvert(["mnnconvert", "-f", "ONNX", *files, "--bizCode", "sphinx-modelzoo"])
        finally:
            os.chdir(here)
    # It says that all is well, whatever happens.
    if not Path(target).is_file():
        return {"problem": f"MNN {MNN.version()} does not convert it"}
    try:
        MNN.Interpreter(target)
    except Exception:  # noqa: BLE001 - MNN raises plain exceptions
        return {"unsound": f"MNN {MNN.version()} wrote half a file; is the disk full?"}
    return {}


def make() -> Answer:
    """Give what answers the requests."""
    return run
