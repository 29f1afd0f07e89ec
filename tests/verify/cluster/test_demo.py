"""The demo zoo, whose recognizer runs MXNet, on workers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

VERIFY = [sys.executable, "-m", "sphinx_modelzoo.cli.verify_zoo", "--demo", "--tier", "spot"]
MODEL = ["--model", "cifar_resnet20_v1_shapes10"]
SAME = ("verdict", "correct", "n", "e_values", "predictions")


def receipts(folder: Path, *options: str) -> list[dict[str, Any]]:
    command = [*VERIFY, *MODEL, "--receipts", str(folder), *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = [json.loads(path.read_text()) for path in sorted(folder.glob("*/*.json"))]
    return [{name: receipt[name] for name in SAME} for receipt in found]


@pytest.mark.mxnet
@pytest.mark.long
def test_the_demo_zoo_gives_the_receipts_of_one_machine(cluster: Any, tmp_path: Path) -> None:
    here = receipts(tmp_path / "here")
    there = receipts(tmp_path / "there", "--cluster", cluster.address)
    assert here
    assert there == here
