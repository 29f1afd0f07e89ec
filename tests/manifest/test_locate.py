"""The manifest is found from a folder upwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_modelzoo.errors import CallError
from sphinx_modelzoo.manifest.locate import nearest_manifest


def test_the_nearest_manifest_upwards_wins(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "zoo.yaml").touch()
    assert nearest_manifest(inner) == tmp_path / "zoo.yaml"
    (tmp_path / "a" / "zoo.yaml").touch()
    assert nearest_manifest(inner) == tmp_path / "a" / "zoo.yaml"


def test_no_manifest_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"there is no zoo\.yaml here .*; name the manifest's path"):
        nearest_manifest(tmp_path)
