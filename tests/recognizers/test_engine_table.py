"""The docs' table of what each engine runs is made by trying all of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from sphinx_modelzoo.recognizers.architectures import architecture

from .clips import quietly, uses_mxnet
from .engine_table import ROWS

pytestmark = uses_mxnet

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "docs" / "reference" / "engines.csv"


@pytest.mark.long
def test_the_table_says_what_each_engine_runs(
    tmp_path: Path, file_regression: FileRegressionFixture, request: pytest.FixtureRequest
) -> None:
    """With --force-regen all networks are tried, and the table is written."""
    again = request.config.getoption("force_regen")
    tried = [row.tried for row in ROWS if again or not row.heavy]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "recognizers.try_engines", tmp_path, *tried],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(TESTS)},
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    head, *made = (tmp_path / TABLE.name).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = TABLE.read_text(encoding="utf-8").splitlines(keepends=True)[1:]
    lines = dict(zip([row.tried for row in ROWS], kept, strict=not again))
    lines |= dict(zip(tried, made, strict=True))
    file_regression.check(head + "".join(lines.values()), encoding="utf-8", fullpath=TABLE)


def test_the_table_has_every_network_of_gluoncv_for_actions_once() -> None:
    for name in quietly("gluoncv.model_zoo").get_model_list():
        known = architecture(name)
        if known:
            plain = name.removesuffix(f"_{known.dataset}")
            rows = [row for row in ROWS if re.fullmatch(row.pattern, plain)]
            assert len(rows) == 1, name
            assert plain in rows[0].networks.split(", ")
            assert (rows[0].sees == "clips") == bool(known.clip)
