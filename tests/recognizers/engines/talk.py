"""Talking to a recognizer process with an engine of choice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx_modelzoo.recognizers import launch

from ..clips import CLASSES, NETWORK  # noqa: TID252 - tests are not installed
from ..conftest import Data  # noqa: TID252 - tests are not installed

ROOT = Path(__file__).resolve().parents[3]
# The environment without MXNet, which `make test` makes.
WITHOUT_MXNET = ROOT / ".venv-engines" / "bin" / "python"

PROTOCOL = {"segments": 3, "crops": 1, "input_size": 32, "new_height": 40, "new_width": 52}


@dataclass(frozen=True)
class Said:
    """What a recognizer answered: notes, and the fields of the other messages."""

    notes: tuple[str, ...]
    opened: dict[str, Any]
    predictions: dict[str, dict[str, Any]]
    error: str
    stderr: str

    def classes(self) -> dict[str, list[int]]:
        return {item: [label for label, _ in p["top"]] for item, p in self.predictions.items()}


class Zoo:
    """A data set and a file of weights, with a cache of their own."""

    def __init__(self, data: Data, weights: Path, cache: Path, network: str = NETWORK) -> None:
        self.data, self.weights, self.cache, self.network = data, weights, cache, network

    def start(
        self,
        engine: str,
        python: str | Path = sys.executable,
        reference: str | Path = "",
        **changes: Any,
    ) -> subprocess.Popen[str]:
        more = ["--reference-python", str(reference)] if reference else []
        process = subprocess.Popen(
            [str(python), "-I", launch.__file__, "gluoncv-action", "--engine", engine, *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"MODELZOO_ENGINES": str(self.cache)},
        )
        data = {"name": "d", "root": str(self.data.root), "list": str(self.data.list)}
        request = {
            "type": "open",
            "model": "small",
            "architecture": self.network,
            "classes": CLASSES,
            "data": data,
            "weights": str(self.weights),
            "protocol": PROTOCOL,
            "offline": True,
        } | changes
        requests = [request, {"type": "predict", "ids": list(self.data.ids)}, {"type": "close"}]
        assert process.stdin is not None
        process.stdin.writelines(json.dumps(request) + "\n" for request in requests)
        process.stdin.flush()
        return process

    def ask(
        self,
        engine: str,
        python: str | Path = sys.executable,
        reference: str | Path = "",
        **changes: Any,
    ) -> Said:
        return heard(self.start(engine, python, reference, **changes))


def heard(process: subprocess.Popen[str]) -> Said:
    """Wait for a process, and give what it said."""
    out, err = process.communicate(timeout=240)
    answers = [json.loads(line) for line in out.splitlines()]
    by_type: dict[str, list[dict[str, Any]]] = {}
    for answer in answers:
        by_type.setdefault(answer["type"], []).append(answer)
    failures = [f"{each['message']}; {each['remedy']}" for each in by_type.get("error", [])]
    return Said(
        tuple(note["text"] for note in by_type.get("note", [])),
        next(iter(by_type.get("opened", [])), {}),
        {each["id"]: each for each in by_type.get("prediction", [])},
        "\n".join(failures),
        err,
    )
