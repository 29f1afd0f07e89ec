"""test_recognizer.py, as users run it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress

import pytest

import sphinx_modelzoo

from .conftest import SCRIPTS, SMALL, run

pytestmark = pytest.mark.mxnet

ACCURACY = re.compile(r"Test accuracy: acc-top1=(\d+\.\d+) acc-top5=(\d+\.\d+)")


def measure(clips, weights, *arguments: str):
    return run(
        *("test_recognizer.py", *SMALL, *clips.data, "--val-list", str(clips.val)),
        *("--resume-params", str(weights), *arguments),
    )


@pytest.mark.parametrize(
    "protocol",
    [
        ["--num-segments", "3", "--batch-size", "4", "-j", "1"],
        ["--num-segments", "3", "--ten-crop", "--use-tsn", "--mode", "hybrid"],
        ["--num-segments", "2", "--three-crop", "--new-height", "32"],
    ],
)
def test_every_clip_counts_once_and_the_accuracy_is_the_last_line(
    clips, trained, tmp_path, protocol
):
    """Eleven clips in batches of four: the last batch is not full, and counts."""
    path = tmp_path / "out" / "predictions.jsonl"
    done = measure(clips, trained[0], *protocol, "--predictions", str(path), "--video-loader")
    assert done.returncode == 0, done.stderr
    match = ACCURACY.fullmatch(done.stdout.splitlines()[-1])
    assert match, done.stdout
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["id"] for line in lines] == [f"val {number}" for number in range(11)]
    assert [line["label"] for line in lines] == [number % 3 for number in range(11)]
    right = sum(line["top"][0][0] == line["label"] for line in lines)
    assert float(match[1]) == pytest.approx(100 * right / 11, abs=1e-6)
    assert float(match[2]) == 100
    assert right >= 6
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_shows_how_far_it_is_and_a_file_gets_lines_as_they_come(
    clips, trained, tmp_path
):
    """Standard error is a terminal, and standard output a file that someone follows."""
    ours, theirs = os.openpty()
    log = tmp_path / "log"
    arguments = [*SMALL, *clips.data, "--val-list", clips.val, "--resume-params", trained[0]]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, SCRIPTS / "test_recognizer.py", *arguments],
            stdout=output,
            stderr=theirs,
            env={"OMP_NUM_THREADS": "1", "PATH": "", "TERM": "xterm"},
        )
    os.close(theirs)
    shown = b""
    while b"cifar" not in shown:
        shown += os.read(ours, 4096)
    assert "loading" in log.read_text()
    with suppress(OSError):  # at the end
        while data := os.read(ours, 4096):
            shown += data
    os.close(ours)
    assert process.wait() == 0
    assert b"\r\x1b[Kcifar_resnet20_v1  [" in shown
    assert b"/11" in shown
    assert shown.endswith(b"\r\x1b[K")
    assert "\x1b" not in log.read_text()


def test_a_reader_of_the_output_that_leaves_ends_the_script_without_a_word(
    clips, trained, tmp_path
):
    arguments = [*SMALL, *clips.data, "--val-list", clips.val, "--resume-params", trained[0]]
    ours, theirs = os.pipe()
    # The rest holds the lines before the first clip's, and not those of all clips: it has to wait.
    os.write(theirs, bytes(fcntl.fcntl(theirs, fcntl.F_GETPIPE_SZ) - 600))
    with subprocess.Popen(
        [
            *(sys.executable, SCRIPTS / "test_recognizer.py", *arguments, "--log-interval", "1"),
            *("--predictions", tmp_path / "p.jsonl"),
        ],
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={"OMP_NUM_THREADS": "1", "PATH": ""},
    ) as process:
        os.close(theirs)
        while process.poll() is None and not list(tmp_path.iterdir()):
            time.sleep(0.05)
        os.close(ours)
        assert process.stderr.read() == b""
    assert process.returncode == 141
    assert not list(tmp_path.iterdir())


def test_testing_gives_what_the_training_log_says_of_the_last_epoch(clips, trained):
    weights, printed = trained
    done = measure(clips, weights, "--num-segments", "3")
    validated = re.findall(r"\] validation: (.*)", printed)[-1]
    assert done.stdout.splitlines()[-1] == f"Test accuracy: {validated}"


def test_an_unreadable_clip_gives_its_name_and_no_accuracy(clips, trained, tmp_path):
    root = tmp_path / "clips"
    shutil.copytree(clips.root, root)
    broken = root / "val 10.avi"
    broken.write_bytes(broken.read_bytes()[:-4000])
    done = measure(
        clips, trained[0], "--data-dir", str(root), "--predictions", str(tmp_path / "p.jsonl")
    )
    assert done.returncode == 3
    assert f"{broken}: only " in done.stderr
    assert "of 8 frames could be read" in done.stderr
    assert "Test accuracy" not in done.stdout
    assert not list(tmp_path.glob("*p.jsonl*"))
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--hashtag", "0badcafe"], 3, "the hashtag is 0badcafe, the file's SHA-1 is"),
        (["--num-classes", "4"], 3, "the network needs (4"),
        (["--num-classes", "2"], 3, "val.txt:3: label 2 is not below the number of classes, 2"),
        (["--three-crop"], 2, "three crops of 32x32 need frames as high or as wide"),
        (["--resume-params", "none.params"], 3, "there is no such file of weights"),
        (["--three-crop", "--ten-crop"], 2, "not allowed with argument"),
        (["--batch-size", "0"], 2, "--batch-size is 0"),
        (["--new-length", "8"], 2, "leave out new_length, new_step (--new-length, --new-step)"),
        (["--model", "i3d_resnet50_v1_custom"], 2, "(--new-length 32 --new-step 2)"),
        (["--slow-temporal-stride", "8"], 2, "give --slowfast too, or leave it out"),
        (["--slowfast", "--new-length", "8"], 2, "write new_length: 64 (--new-length 64)"),
    ],
)
def test_errors_are_told_without_a_traceback(clips, trained, arguments, code, message):
    done = measure(clips, trained[0], *arguments)
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr
    assert "Test accuracy" not in done.stdout
    assert "Traceback" not in done.stderr


def test_a_fast_engine_gives_the_same_accuracy(clips, trained, tmp_path, monkeypatch):
    monkeypatch.setenv("MODELZOO_ENGINES", str(tmp_path))
    plain, fast = (
        measure(clips, trained[0], "--num-segments", "3", "--engine", engine)
        for engine in ("mxnet", "onnxruntime")
    )
    assert fast.returncode == 0, fast.stderr
    assert "into onnxruntime" in fast.stdout
    assert fast.stdout.splitlines()[-1] == plain.stdout.splitlines()[-1]


def test_debug_shows_the_traceback(clips, trained):
    done = measure(clips, trained[0], "--hashtag", "0badcafe", "--debug")
    assert done.returncode != 0
    assert "Traceback" in done.stderr


def test_a_call_without_weights_says_how_to_name_them(clips):
    done = run("test_recognizer.py", *SMALL, *clips.data, "--val-list", str(clips.val))
    assert done.returncode == 2
    assert "--hashtag HASH, --use-pretrained or --resume-params FILE" in done.stderr


def test_offline_weights_that_are_not_there_are_told_by_their_path(clips):
    done = run(
        *("test_recognizer.py", *SMALL, *clips.data, "--val-list", str(clips.val)),
        *("--hashtag", "0badcafe", "--offline"),
    )
    assert done.returncode == 3
    assert "/nowhere/.mxnet/models/cifar_resnet20_v1-0badcafe.params" in done.stderr


@pytest.mark.parametrize("script", ["test_recognizer.py", "train_recognizer.py"])
def test_help_has_examples_and_version_is_the_packages(script):
    done = run(script, "--help")
    assert done.returncode == 0
    assert "examples:" in done.stdout
    assert "--num-segments" in done.stdout
    assert run(script, "--version").stdout.strip() == sphinx_modelzoo.__version__
