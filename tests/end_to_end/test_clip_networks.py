"""verify-zoo decides numbers of networks that see clips: I3D and SlowFast, by their protocols."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

pytestmark = pytest.mark.mxnet

# Two are shorter than any clip, one ends within I3D's second clip.
LENGTHS = (3, 14, 17, 40, 64, 65, 80, 120)
RIGHT = 5  # so many of I3D's predictions are labelled as GluonCV's own code makes them
SCRIPT = Path(__file__).parents[2] / "scripts" / "action-recognition" / "test_recognizer.py"
I3D = "i3d_resnet50_v1_custom"
SLOWFAST = "slowfast_4x16_resnet50_custom"
SETTINGS = "segments: 2, input_size: 32, new_height: 32, new_width: 42"
STRIDES = "new_length: 64, slow_temporal_stride: 16, fast_temporal_stride: 2"


@dataclass(frozen=True)
class Zoo:
    """A data set with its list, weights, and how many items each network recognizes."""

    data: Path
    weights: Path
    right: dict[str, int]

    def listed(self, name: str) -> float:
        return 100 * self.right[name] / len(LENGTHS)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    folder = tmp_path_factory.mktemp("clips")
    data, weights = folder / "data", folder / "weights"
    weights.mkdir()
    for number, length in enumerate(LENGTHS):
        write_frames(data / "rawframes" / f"v_{number}", length, number)
    write_list(data, [0] * len(LENGTHS))
    program = Path(__file__).with_name("make_clip_zoo.py")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", program, data / "rawframes", data / "val.txt", weights],
        check=True,
        capture_output=True,
        text=True,
    )
    predicted = json.loads(done.stdout.splitlines()[-1])
    assert len(set(predicted[I3D])) > 1
    labels = [label if n < RIGHT else (label + 1) % 5 for n, label in enumerate(predicted[I3D])]
    write_list(data, labels)
    right = {name: sum(map(int.__eq__, labels, made)) for name, made in predicted.items()}
    return Zoo(data, weights, right)


def write_frames(folder: Path, length: int, seed: int) -> None:
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for number, image in enumerate(random.integers(0, 256, (length, 4, 5, 3), dtype=np.uint8), 1):
        frame = cv2.resize(image, (64, 48), interpolation=cv2.INTER_CUBIC)
        assert cv2.imwrite(str(folder / f"img_{number:05d}.jpg"), frame)


def write_list(data: Path, labels: list[int]) -> None:
    lines = (f"v_{n} {LENGTHS[n]} {label}\n" for n, label in enumerate(labels))
    (data / "val.txt").write_text("".join(lines))


def manifest(folder: Path, zoo: Zoo, clips: str = "crops: 3, new_length: 8, new_step: 2") -> Path:
    """Write the zoo's manifest beside its weights; ``clips`` are the settings for I3D."""
    path = folder / "zoo.yaml"
    for name in (I3D, SLOWFAST):
        (folder / f"{name}.params").hardlink_to(zoo.weights / f"{name}.params")
    path.write_text(f"""\
zoo: 1
loader: gluoncv
datasets:
  clips: {{samples: {len(LENGTHS)}, classes: 5, media: frames, root: rawframes, list: val.txt}}
protocols:
  i3d: {{recognizer: gluoncv-action, {SETTINGS}, {clips}}}
  slowfast: {{recognizer: gluoncv-action, {SETTINGS}, crops: 3, {STRIDES}}}
models:
  - {{name: {I3D}, weights: "{{name}}.params", dataset: clips, protocol: i3d,
     top1: {zoo.listed(I3D)}}}
  - {{name: {SLOWFAST}, weights: "{{name}}.params", dataset: clips,
     protocol: slowfast, top1: {zoo.listed(SLOWFAST)}}}
""")
    return path


def verify(path: Path, zoo: Zoo, *arguments: str) -> subprocess.CompletedProcess[str]:
    report = ["--data", f"clips={zoo.data}", "--report", f"json={path.parent / 'report.json'}"]
    return subprocess.run(
        [sys.executable, "-m", "sphinx_modelzoo.cli.verify_zoo", str(path), *report, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"COLUMNS": "200"},
    )


def test_numbers_are_those_of_gluoncvs_own_code(tmp_path: Path, zoo: Zoo) -> None:
    path = manifest(tmp_path, zoo)
    done = verify(path, zoo)
    assert done.returncode == 0, done.stdout + done.stderr
    numbers = json.loads((tmp_path / "report.json").read_text())["numbers"]
    assert [number["entry"] for number in numbers] == [I3D, SLOWFAST]
    for number in numbers:
        assert number["verdict"] == "confirmed"
        assert (number["correct"], number["N"]) == (zoo.right[number["entry"]], len(LENGTHS))
    (receipt,) = (tmp_path / "receipts").glob(f"{SLOWFAST}*/*.json")
    assert '"claim.protocol.slow_temporal_stride": "16"' in receipt.read_text()


@pytest.mark.parametrize(
    ("clips", "message"),
    [
        ("new_step: 1", f"{I3D} sees clips of several frames, the protocol has single frames"),
        ("new_length: 8, crops: 10", "ten crops of clips are not known"),
    ],
)
def test_a_protocol_that_does_not_fit_leaves_the_number_undecided(
    tmp_path: Path, zoo: Zoo, clips: str, message: str
) -> None:
    path = manifest(tmp_path, zoo, clips=clips)
    done = verify(path, zoo, "--model", I3D)
    assert done.returncode == 3, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "options"),
    [
        (I3D, ["--new-length", "8", "--new-step", "2"]),
        (SLOWFAST, ["--new-length", "64", "--slowfast", "--use-decord"]),
    ],
)
def test_the_script_for_testing_prints_the_same(
    tmp_path: Path, zoo: Zoo, name: str, options: list[str]
) -> None:
    done = subprocess.run(
        [
            *(sys.executable, SCRIPT, "--dataset", "custom", "--num-classes", "5"),
            *("--data-dir", zoo.data / "rawframes", "--val-list", zoo.data / "val.txt"),
            *("--model", name, "--resume-params", zoo.weights / f"{name}.params"),
            *("--num-segments", "2", "--three-crop", "--input-size", "32", "--new-height", "32"),
            *("--new-width", "42", *options),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    printed = re.fullmatch(r"Test accuracy: acc-top1=(\S+) .*", done.stdout.splitlines()[-1])
    assert printed
    assert float(printed[1]) == pytest.approx(zoo.listed(name))
