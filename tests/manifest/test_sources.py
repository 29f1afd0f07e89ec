"""Where a manifest's files come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_modelzoo.errors import ManifestError
from sphinx_modelzoo.manifest.reader import examine, read_zoo
from sphinx_modelzoo.manifest.sources import Disk


@pytest.mark.parametrize("pattern", ["a**b", "***", ".", "./", "a" * 5000, "[", "none.yaml"])
def test_an_include_that_no_file_can_fit_is_a_problem_with_its_place(
    tmp_path: Path, pattern: str
) -> None:
    path = tmp_path / "zoo.yaml"
    path.write_text(f'zoo: 1\ninclude: ["{pattern}"]\nmodels: []\n', encoding="utf-8")
    with pytest.raises(ManifestError, match=r"fits no file|is not a path|not a path") as caught:
        read_zoo(path)
    assert caught.value.problems[0].place.startswith(f"{path}:2:")


def test_examine_gives_what_can_be_read_beside_the_problems() -> None:
    path = Path("zoo.yaml")
    text = (
        b"zoo: 1\nlinks: {base: https://x.org}\nmodels:\n  - {name: a, hashtg: b}\n  - {name: c}\n"
    )
    zoo, problems = examine(path, Disk({path: text}))
    assert [entry.name for entry in zoo.entries] == ["a", "c"]
    assert zoo.constants == {"base": "https://x.org"}
    assert [problem.place for problem in problems] == ["zoo.yaml:4:15"]
