"""Try GluonCV's networks for actions in every engine; write what runs as the table of the docs.

Run in a process of its own: ``python -m recognizers.try_engines FOLDER NETWORK...``, with the
folder of the tests on Python's path. Each network gets seeded weights and a small input, MXNet
writes it down, and each fast engine's scores are compared with MXNet's as they are before a fast
engine is used.
"""

from __future__ import annotations

import csv
import importlib
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx_modelzoo.recognizers import network as networks
from sphinx_modelzoo.recognizers.engines import export, fast, making
from sphinx_modelzoo.recognizers.engines.cache import Cache
from sphinx_modelzoo.recognizers.engines.engine import ENGINES, Network
from sphinx_modelzoo.recognizers.engines.graph import ConversionError
from sphinx_modelzoo.recognizers.launch import TASKS
from sphinx_modelzoo.recognizers.weights import Wanted, local_weights

from .engine_table import ROWS, Row
from .seeded_weights import prepare

CLASSES, BATCH = 7, 2


def here(name: str, request: Mapping[str, Any], note: Any, python: str = "") -> Any:  # noqa: ARG001
    """Do a task in this process: starting one for each of them would take minutes."""
    module, *_ = TASKS[name]
    task = importlib.import_module(f"sphinx_modelzoo.recognizers.{module}")
    return task.run(dict(request), note)


def cells(row: Row, folder: Path) -> list[str]:
    """Give what each engine says of a network: "yes", or why MXNet runs it instead."""
    network = networks.build(row.tried, CLASSES)
    prepare(network, (1, *row.view), row.gammas)
    path = folder / f"{row.tried}.params"
    network.save_parameters(str(path))
    wanted = Wanted(row.tried, file=str(path))
    found = local_weights(wanted)
    assert found
    meant = Network(row.tried, CLASSES, row.view)
    cache = Cache(folder / row.tried)
    made = making.Making(meant, wanted, found, cache, sys.executable, print)
    # The reference: what it refuses would end this program.
    networks.MXNetClassifier(network, CLASSES, row.view, BATCH)
    said = ["yes"]
    for engine in ENGINES[1:]:
        try:
            classifier, _ = fast.open_fast(engine, made, BATCH)
        except ConversionError as error:
            # Without the engine's version and how far it is off: they are not what decides.
            said.append(
                f"no: {re.sub(r' [0-9]+([.][0-9]+)+(?= )| by .* of the.*', '', str(error))}"
            )
        else:
            print(f"{row.tried}: {engine} is off by at most {classifier.disagreement:.1e}")
            said.append("yes")
    path.unlink()
    shutil.rmtree(folder / row.tried)
    return said


def main(folder: Path, tried: list[str]) -> None:
    making.run_task = here
    # Two pictures and two of noise; before use a network of this size sees sixteen.
    export.view_count = lambda view: 4  # noqa: ARG005 - it asks for the shape
    with (folder / "engines.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["Networks", "See", *ENGINES])
        for row in (row for row in ROWS if row.tried in tried):
            table.writerow([row.networks, row.sees, *cells(row, folder)])
            file.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
