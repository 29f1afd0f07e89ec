"""Linting a manifest that a test writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_modelzoo.lint.finding import Finding
from sphinx_modelzoo.lint.rule import Options
from sphinx_modelzoo.lint.run import lint
from sphinx_modelzoo.manifest.loader_table import read_table

Lint = Callable[..., list[Finding]]


@pytest.fixture
def found(tmp_path: Path) -> Lint:
    """Give what is found in a manifest, whose first line ``zoo: 1`` is added."""

    def run(manifest: str, **options: object) -> list[Finding]:
        path = tmp_path / "zoo.yaml"
        path.write_text("zoo: 1\n" + manifest, encoding="utf-8")
        store = tmp_path / "model_store.py"
        given = Options(loader=read_table(store) if store.is_file() else None, **options)
        return list(lint(path, given).findings)

    return run


@pytest.fixture
def codes(found: Lint) -> Callable[..., list[str]]:
    """Give the codes of what is found, in the order of the places."""

    def run(manifest: str, **options: object) -> list[str]:
        return [finding.code for finding in found(manifest, **options)]

    return run
