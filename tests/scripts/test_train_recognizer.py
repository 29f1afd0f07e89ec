"""train_recognizer.py, as users run it."""

from __future__ import annotations

import hashlib
import re

import pytest

from .conftest import SMALL, run

pytestmark = pytest.mark.mxnet


def test_training_saves_weights_by_their_hash_and_logs_each_epoch(trained):
    weights, printed = trained
    sha1 = hashlib.sha1(weights.read_bytes()).hexdigest()  # noqa: S324 - GluonCV's names
    assert weights.name == f"cifar_resnet20_v1-{sha1[:8]}.params"
    assert printed.splitlines()[-1] == f"Saved {weights}"
    log = (weights.parent / "train.log").read_text()
    assert log == printed
    for epoch in range(6):
        percents = r"acc-top1=\S+ acc-top5=\S+"
        assert re.search(rf"(?m)^\[Epoch {epoch}\] training: {percents} loss=\S+$", log)
        assert re.search(rf"(?m)^\[Epoch {epoch}\] validation: {percents}$", log)
    assert "segments=3" in log
    assert "'threads': '1'" in log
    assert sorted(path.name for path in weights.parent.iterdir()) == [weights.name, "train.log"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--model", "x", "--dataset", "custom"], 2, "give --data-dir DIR"),
        ([*SMALL, "--data-dir", "."], 2, "no default list of train items; give --train-list"),
        ([*SMALL, "--data-dir", ".", "--use-tsn", "--num-segments", "1"], 2, "--num-segments 3"),
        ([*SMALL, "--data-dir", ".", "--input-size", "400"], 2, "--new-height"),
        ([*SMALL, "--num-gpus", "8"], 2, "--num-gpus"),
        (["--dataset", "custom"], 2, "--model"),
        ([*SMALL, "--model", "i3d_resnet50_v1_custom"], 2, "choose a network such as resnet50_v1b"),
        (
            [*SMALL, "--data-dir", ".", "--train-list", "none.txt", "--val-list", "none.txt"],
            *(3, "none.txt: cannot read the list"),
        ),
    ],
)
def test_wrong_calls_say_what_to_give_without_a_traceback(arguments, code, message):
    done = run("train_recognizer.py", *arguments)
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_network_that_gluoncv_does_not_have_names_the_nearest(clips, tmp_path):
    done = run(
        *("train_recognizer.py", *SMALL, "--model", "vgg16_ucf11", *clips.data),
        *("--train-list", str(clips.train), "--val-list", str(clips.val)),
        *("--save-dir", str(tmp_path)),
    )
    assert done.returncode == 2
    assert "did you mean vgg16_ucf101" in done.stderr
