from __future__ import annotations

import random
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import ModelZooError
from sphinx_modelzoo.exchange.formats import import_files
from sphinx_modelzoo.exchange.source import MAX_BYTES
from sphinx_modelzoo.exchange.write import write_manifest

SAMPLES = (
    "gluoncv/action_recognition.rst",
    "gluoncv/HMDB51.csv",
    "pages/detection.rst",
    "openmmlab/tsn.metafile.yml",
    "timm/results-imagenet.csv",
    "huggingface/resnet50-sketch/README.md",
    "huggingface/resnet50-sketch/.eval_results/hle.yaml",
)


def mutated(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(chance.randint(1, 4)):
        match chance.randrange(5):
            case 0:
                place = chance.randrange(len(data))
                data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
            case 1:
                data = data[: chance.randrange(len(data) + 1)]
            case 2:
                chance.shuffle(lines)
                data = b"".join(lines)
            case 3:
                place = chance.randrange(len(data) + 1)
                extra = chance.choice(
                    [b"\0", b"\t", b"[" * 70, b"&a *a", b"`", b"\xff", b'"', b"|"]
                )
                data = data[:place] + extra + data[place:]
            case _:
                place = chance.randrange(len(data) + 1)
                data = data[:place] + data[place // 2 : place] + data[place:]
        if not data:
            return data
    return data


@pytest.mark.parametrize("sample", SAMPLES)
def test_damaged_files_are_imported_or_refused_with_a_place(
    sample: str, data: Path, tmp_path: Path
) -> None:
    whole = (data / sample).read_bytes()
    path = tmp_path / Path(sample).name
    for seed in range(40):
        path.write_bytes(mutated(whole, random.Random(seed)))  # noqa: S311 - not for secrets
        try:
            write_manifest(import_files([path]))
        except ModelZooError as error:
            for problem in error.problems:
                assert problem.place.startswith(str(path)), (seed, problem)
                assert problem.what
                assert problem.remedy


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ModelZooError) as caught:
        import_files([path])
    assert "larger than 16 MiB" in str(caught.value)


def test_an_alias_bomb_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "metafile.yml"
    levels = ["a0: &a0 [x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    path.write_text("\n".join(levels) + "\nModels:\n- Name: net\n  Metadata: {x: *a29}\n", "utf-8")
    assert import_files([path]).rows[0].name == "net"


def test_a_page_that_includes_itself_ends(tmp_path: Path) -> None:
    path = tmp_path / "page.rst"
    path.write_text("Zoo\n===\n\n.. include:: page.rst\n", encoding="utf-8")
    with pytest.raises(ModelZooError):
        import_files([path])
