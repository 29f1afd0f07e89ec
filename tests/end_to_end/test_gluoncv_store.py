"""verify-zoo fetches GluonCV's own models by hashtag from a store, and decides their numbers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Model

pytestmark = [pytest.mark.mxnet, pytest.mark.long]

Serve = Callable[[Path], str]


@pytest.fixture(params=["vgg16", "inceptionv3"])
def model(request: pytest.FixtureRequest) -> Model:
    return request.getfixturevalue(request.param)


def manifest(folder: Path, model: Model, hashtag: str = "", listed: str = "62.5") -> Path:
    path = folder / "zoo.yaml"
    path.write_text(f"""\
zoo: 1
loader: gluoncv
datasets:
  ucf101:
    samples: {model.clips}
    classes: 101
    media: frames
    root: rawframes
    list: ucfTrainTestlist/ucf101_val_split_1_rawframes.txt
protocols:
  short:
    recognizer: gluoncv-action
    segments: 3
    crops: 1
    input_size: {model.input_size}
    new_height: {model.height}
    new_width: {model.width}
models:
  - name: {model.name}
    hashtag: {hashtag or model.hashtag}
    dataset: ucf101
    protocol: short
    top1: {listed}
""")
    return path


def verify(
    path: Path, model: Model, repository: str, data: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "MXNET_GLUON_REPO": repository,
        "MXNET_HOME": str(path.parent / "mxnet"),
        "COLUMNS": "200",
    }
    report = path.parent / "report.json"
    arguments = ["--data", f"ucf101={data or model.data}", "--report", f"json={report}"]
    return subprocess.run(
        [sys.executable, "-m", "sphinx_modelzoo.cli.verify_zoo", str(path), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )


def number(path: Path) -> dict[str, object]:
    (only,) = json.loads((path.parent / "report.json").read_text())["numbers"]
    return only


def receipts(path: Path) -> list[Path]:
    return list((path.parent / "receipts").rglob("*.json"))


def test_a_model_is_fetched_by_hashtag_and_its_number_confirmed(
    tmp_path: Path, model: Model, serve: Serve
) -> None:
    path = manifest(tmp_path, model)
    done = verify(path, model, serve(model.store))
    assert done.returncode == 0, done.stdout + done.stderr
    found = number(path)
    assert found["entry"] == f"{model.name}@{model.hashtag}"
    assert (found["correct"], found["n"], found["N"]) == (model.right, model.clips, model.clips)
    assert found["verdict"] == "confirmed"
    (receipt,) = map(json.loads, (file.read_text() for file in receipts(path)))
    assert receipt["weights"]["sha1"].startswith(model.hashtag)
    assert (tmp_path / "mxnet" / "models" / f"{model.name}-{model.hashtag}.params").is_file()
    for rest in (tmp_path / "mxnet").rglob("*.params"):
        rest.unlink()  # half a gigabyte


def test_another_listed_number_is_refuted_at_its_place(
    tmp_path: Path, inceptionv3: Model, serve: Serve
) -> None:
    path = manifest(tmp_path, inceptionv3, listed="75.0")
    done = verify(path, inceptionv3, serve(inceptionv3.store))
    assert done.returncode == 1
    assert f"{path}:23:11: " in done.stderr
    assert "62.5" in done.stderr
    assert (number(path)["line"], number(path)["column"]) == (23, 11)


def flip_a_byte(model: Model, folder: Path) -> Path:
    """Copy the store with one byte of the weights changed, in an archive that is whole."""
    name = f"{model.name}-{model.hashtag}"
    with zipfile.ZipFile(model.store / "gluon" / "models" / f"{name}.zip") as archive:
        data = bytearray(archive.read(f"{name}.params"))
    data[len(data) // 2] ^= 1
    target = folder / "store" / "gluon" / "models"
    target.mkdir(parents=True)
    with zipfile.ZipFile(target / f"{name}.zip", "w") as archive:
        archive.writestr(f"{name}.params", bytes(data))
    return folder / "store"


def test_one_flipped_byte_in_the_store_is_named(
    tmp_path: Path, inceptionv3: Model, serve: Serve
) -> None:
    path = manifest(tmp_path, inceptionv3)
    done = verify(path, inceptionv3, serve(flip_a_byte(inceptionv3, tmp_path)))
    assert done.returncode == 3
    assert "SHA-1" in done.stderr
    assert inceptionv3.hashtag in done.stderr
    assert "Traceback" not in done.stderr
    assert receipts(path) == []
    assert list((tmp_path / "mxnet").rglob("*.params")) == []


def test_one_flipped_byte_in_the_cache_is_found_when_the_store_is_gone(
    tmp_path: Path, inceptionv3: Model, serve: Serve
) -> None:
    path = manifest(tmp_path, inceptionv3)
    name = f"{inceptionv3.name}-{inceptionv3.hashtag}"
    with zipfile.ZipFile(inceptionv3.store / "gluon" / "models" / f"{name}.zip") as archive:
        archive.extractall(tmp_path / "mxnet" / "models")
    file = tmp_path / "mxnet" / "models" / f"{name}.params"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    empty = tmp_path / "empty"
    empty.mkdir()
    done = verify(path, inceptionv3, serve(empty))
    assert done.returncode == 3
    assert inceptionv3.hashtag in done.stderr
    assert receipts(path) == []


def test_a_wrong_hashtag_is_named_with_where_it_was_looked_for(
    tmp_path: Path, inceptionv3: Model, serve: Serve
) -> None:
    path = manifest(tmp_path, inceptionv3, hashtag="0ecdba34")
    repository = serve(inceptionv3.store)
    done = verify(path, inceptionv3, repository)
    assert done.returncode == 3
    assert "0ecdba34" in done.stderr
    assert repository in done.stderr
    assert receipts(path) == []


def damaged(model: Model, folder: Path) -> Path:
    return Path(shutil.copytree(model.data, folder / "ucf101"))


def test_a_missing_clip_is_named(tmp_path: Path, inceptionv3: Model, serve: Serve) -> None:
    data = damaged(inceptionv3, tmp_path)
    shutil.rmtree(data / "rawframes" / "Archery" / "v_Archery_g01_c03")
    path = manifest(tmp_path, inceptionv3)
    done = verify(path, inceptionv3, serve(inceptionv3.store), data)
    assert done.returncode == 3
    assert "v_Archery_g01_c03" in done.stderr
    assert receipts(path) == []


def test_a_missing_frame_leaves_the_number_undecided(
    tmp_path: Path, inceptionv3: Model, serve: Serve
) -> None:
    data = damaged(inceptionv3, tmp_path)
    (data / "rawframes" / "Archery" / "v_Archery_g01_c03" / "img_00005.jpg").unlink()
    path = manifest(tmp_path, inceptionv3)
    done = verify(path, inceptionv3, serve(inceptionv3.store), data)
    assert done.returncode == 3
    assert "v_Archery_g01_c03" in done.stderr
    assert "img_00005.jpg" in done.stderr
    assert number(path)["verdict"] == "undecided"
    assert receipts(path) == []


def test_a_list_with_a_duplicate_is_named_with_both_lines(
    tmp_path: Path, inceptionv3: Model, serve: Serve
) -> None:
    data = damaged(inceptionv3, tmp_path)
    items = data / "ucfTrainTestlist" / "ucf101_val_split_1_rawframes.txt"
    lines = items.read_text().splitlines()
    items.write_text("\n".join([*lines[:-1], lines[1]]) + "\n")
    path = manifest(tmp_path, inceptionv3)
    done = verify(path, inceptionv3, serve(inceptionv3.store), data)
    assert done.returncode == 3
    assert f"{items}:8" in done.stderr
    assert "lines 2 and 8" in done.stderr
    assert receipts(path) == []


def test_a_shorter_list_is_not_a_smaller_number_of_items(
    tmp_path: Path, inceptionv3: Model, serve: Serve
) -> None:
    data = damaged(inceptionv3, tmp_path)
    items = data / "ucfTrainTestlist" / "ucf101_val_split_1_rawframes.txt"
    items.write_text("".join(f"{line}\n" for line in items.read_text().splitlines()[:-1]))
    path = manifest(tmp_path, inceptionv3)
    done = verify(path, inceptionv3, serve(inceptionv3.store), data)
    assert done.returncode == 3
    assert "7" in done.stderr
    assert "8" in done.stderr
    assert receipts(path) == []
