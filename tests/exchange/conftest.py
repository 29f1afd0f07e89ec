from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sphinx_modelzoo.exchange.formats import import_files
from sphinx_modelzoo.exchange.write import write_manifest
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.manifest.reader import read_zoo

Import = Callable[..., Zoo]


@pytest.fixture
def data() -> Path:
    return Path(__file__).parent / "data"


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """Import files, write the manifest beside the test's files, and read it."""

    def run(*paths: Path, source: str = "") -> Zoo:
        path = tmp_path / "imported" / "zoo.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(manifest_of(paths, source), encoding="utf-8")
        return read_zoo(path)

    return run


def manifest_of(paths: Sequence[Path], source: str = "") -> str:
    return write_manifest(import_files(paths, source))


def said(zoo: Zoo) -> list[dict[str, object]]:
    """Give what a zoo says of each entry, without places."""
    return [
        {
            "key": entry.key,
            "default": entry.default,
            "architecture": entry.architecture,
            "weights": entry.weights,
            "digests": (entry.sha1, entry.sha256, entry.size, entry.parameters),
            "words": (entry.license, entry.description, entry.note),
            "papers": entry.papers,
            "tags": entry.tags,
            "details": dict(entry.details),
            "results": [
                (
                    result.dataset,
                    dict(zoo.protocols[result.protocol].settings) if result.protocol else {},
                    {key: number.text for key, number in result.numbers.items()},
                    {key: link.url or link.file for key, link in result.links.items()},
                )
                for result in entry.results
            ],
        }
        for entry in zoo.entries
    ]
