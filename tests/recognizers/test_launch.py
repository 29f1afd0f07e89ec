"""Recognizers started by path, as verify-zoo starts them, on real clips."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from sphinx_modelzoo.pipe.messages import fingerprint
from sphinx_modelzoo.recognizers import launch

from .clips import CLASSES, NETWORK
from .conftest import Data

pytestmark = pytest.mark.mxnet

PROTOCOL = {"segments": 3, "crops": 1, "input_size": 32, "new_height": 40, "new_width": 52}


def open_request(data: Data, weights: Path, **changes: Any) -> dict[str, Any]:
    return {
        "type": "open",
        "model": "small",
        "architecture": NETWORK,
        "hashtag": weights.stem.rpartition("-")[2],
        "classes": CLASSES,
        "data": {"name": "d", "root": str(data.root), "list": str(data.list)},
        "weights": str(weights),
        "protocol": PROTOCOL,
        "offline": True,
    } | changes


def run(
    *requests: dict[str, Any], python: str = sys.executable, script: str = launch.__file__
) -> tuple[int, list[dict[str, Any]], str]:
    """Talk to a recognizer in a process that sees nothing of this one's path."""
    done = subprocess.run(
        [python, "-I", script, "gluoncv-action"],
        input="".join(json.dumps(request) + "\n" for request in requests),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def failure(*requests: dict[str, Any], **options: Any) -> str:
    status, answers, _ = run(*requests, **options)
    assert status == 1
    assert answers[-1]["type"] == "error"
    return f"{answers[-1]['message']}; {answers[-1]['remedy']}"


@pytest.fixture(params=["videos", "frames"])
def data(request: pytest.FixtureRequest) -> Data:
    return request.getfixturevalue(request.param)


def test_a_session_on_video_files_and_on_folders_of_frames(data, weights_file):
    status, answers, _ = run(
        open_request(data, weights_file),
        {"type": "items", "start": 0, "count": 100},
        {"type": "predict", "ids": list(data.ids[2:])},
        {"type": "predict", "ids": list(data.ids[:2])},
        {"type": "close"},
    )
    assert status == 0
    answers = [answer for answer in answers if answer["type"] != "note"]
    opened, items, *predictions, closed = answers
    assert closed["type"] == "closed"
    labels = [(item, number % CLASSES) for number, item in enumerate(data.ids)]
    assert items["items"] == [list(item) for item in labels]
    assert opened["items"] == len(data.ids)
    assert opened["fingerprint"] == fingerprint(labels)
    assert opened["recognizer"] == "gluoncv-action"
    assert opened["weights"]["file"] == weights_file.name
    assert opened["weights"]["sha1"].startswith(weights_file.stem.rpartition("-")[2])
    assert opened["weights"]["size"] == weights_file.stat().st_size
    needed = {"python", "mxnet", "gluoncv", "numpy", "opencv", "av", "threads", "machine"}
    assert needed <= set(opened["environment"])
    assert all(opened["environment"][name] for name in needed)
    assert [answer["id"] for answer in predictions] == [*data.ids[2:], *data.ids[:2]]
    for prediction in predictions:
        classes, scores = zip(*prediction["top"], strict=True)
        assert prediction["error"] == ""
        assert sorted(classes) == list(range(CLASSES))  # all, where there are fewer than five
        assert sorted(scores, reverse=True) == list(scores)


def test_an_unreadable_clip_is_its_own_prediction_and_the_others_go_on(
    videos, weights_file, tmp_path
):
    root = tmp_path / "clips"
    shutil.copytree(videos.root, root)
    broken = root / f"{videos.ids[6]}.avi"
    broken.write_bytes(broken.read_bytes()[: int(broken.stat().st_size * 0.8)])
    copy = Data(root, root / "val.txt", videos.ids)
    status, answers, _ = run(
        open_request(copy, weights_file),
        {"type": "predict", "ids": list(videos.ids)},
        {"type": "close"},
    )
    assert status == 0
    predictions = [answer for answer in answers if answer["type"] == "prediction"]
    assert [answer["id"] for answer in predictions if answer["error"]] == [videos.ids[6]]
    (failed,) = (answer for answer in predictions if answer["error"])
    assert failed["top"] == []
    assert str(broken) in failed["error"]
    assert "of 16 frames could be read" in failed["error"]


def test_a_list_with_a_duplicate_is_an_error_with_both_lines(videos, weights_file, tmp_path):
    path = tmp_path / "twice.txt"
    path.write_text(videos.list.read_text() + f"{videos.ids[0]} 0\n")
    message = failure(open_request(Data(videos.root, path, ()), weights_file))
    assert f"{path}:8:" in message
    assert "in lines 1 and 8" in message


def test_a_missing_clip_is_an_error_with_its_name(videos, weights_file, tmp_path):
    path = tmp_path / "more.txt"
    path.write_text(videos.list.read_text() + "class 0/none 0\n")
    message = failure(open_request(Data(videos.root, path, ()), weights_file))
    assert "1 of 8 items have no file: class 0/none" in message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hashtag": "0badcafe"}, "the weights have another hash: the hashtag is 0badcafe"),
        ({"protocol": PROTOCOL | {"segmnets": 3}}, "no setting 'segmnets'; did you mean segments?"),
        ({"architecture": "cifar_resnet21_v1"}, "did you mean cifar_resnet20_v1"),
        ({"classes": CLASSES + 3}, "the network needs (7"),
    ],
)
def test_a_wrong_open_is_an_error_with_its_remedy(videos, weights_file, changes, message):
    assert message in failure(open_request(videos, weights_file, **changes))


def test_an_interpreter_without_the_libraries_is_named_with_the_remedy(
    videos, weights_file, tmp_path
):
    venv.create(tmp_path / "bare", with_pip=False)
    python = str(tmp_path / "bare" / "bin" / "python")
    message = failure(open_request(videos, weights_file), python=python)
    assert message.startswith(f"{python} has no module numpy; run pip install")
    assert "'sphinx-modelzoo[mxnet]'" in message
    assert "--python PATH" in message


def test_an_mxnet_that_fails_on_a_newer_numpy_is_told_as_such(videos, weights_file, tmp_path):
    venv.create(tmp_path / "new", with_pip=False)
    site = next((tmp_path / "new").glob("lib/python*/site-packages"))
    for name in ("cv2", "av"):
        (site / f"{name}.py").touch()
    (site / "numpy.py").write_text("__version__ = '1.26.4'\n")
    (site / "mxnet.py").write_text("import numpy\nnumpy.bool\n")
    python = str(tmp_path / "new" / "bin" / "python")
    message = failure(open_request(videos, weights_file), python=python)
    assert f"mxnet does not import in {python}" in message
    assert "MXNet needs numpy below 1.24, there is 1.26.4" in message
    assert "numpy==1.23.5" in message


def test_the_package_is_found_from_any_place_and_nothing_beside_it_is(tmp_path):
    """A copy of the package beside a false numpy: the false one must not be imported."""
    package = Path(launch.__file__).parent.parent
    ignore = shutil.ignore_patterns("__pycache__", "demo")
    shutil.copytree(package, tmp_path / "site" / "sphinx_modelzoo", ignore=ignore)
    (tmp_path / "site" / "numpy.py").write_text("raise SystemExit('the wrong numpy')\n")
    script = tmp_path / "site" / "sphinx_modelzoo" / "recognizers" / "launch.py"
    message = failure({"type": "predict", "ids": []}, script=str(script))
    assert message.startswith("the first request must be open")
    wrong = {"type": "open", "model": "m", "classes": 0, "data": {}, "protocol": {}}
    assert failure(wrong, script=str(script)).startswith("0 classes")


def test_what_libraries_print_does_not_reach_the_protocol(tmp_path):
    """Printed by Python and by C alike."""
    script = tmp_path / "talk.py"
    script.write_text(
        "import importlib.util, os, sys\n"
        f"spec = importlib.util.spec_from_file_location('launch', {launch.__file__!r})\n"
        "launch = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(launch)\n"
        "answers = launch.take_stdout()\n"
        "print('by Python', flush=True)\n"
        "os.system('echo by C')\n"
        "answers.write('answer\\n')\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout == "answer\n"
    assert done.stderr.splitlines() == ["by Python", "by C"]


def test_an_unknown_recognizer_is_a_wrong_call():
    done = subprocess.run(
        [sys.executable, launch.__file__, "none"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("usage: launch.py ")
    assert done.stderr.endswith("error: there is no recognizer 'none'\n")
