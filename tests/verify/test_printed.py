"""Programs that only print, run for real: what they print is read, and each fault has its name."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sphinx_modelzoo.receipts.store import read_receipt
from sphinx_modelzoo.verify.printed.measure import batch_size
from sphinx_modelzoo.verify.printed.program import printed_lines
from sphinx_modelzoo.verify.recognizer.process import Command

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "docs" / "examples" / "gluoncv"
WEIGHTS = b"weights"
HASHTAG = hashlib.sha1(WEIGHTS).hexdigest()[:8]  # noqa: S324 - GluonCV's hashtags
LIST = "ucfTrainTestlist/ucf101_val_split_1_rawframes.txt"


@pytest.fixture
def zoo(tmp_path):
    """Give a copy of the documentation's example, with data, weights and a script that prints."""
    folder = tmp_path / "zoo"
    shutil.copytree(EXAMPLE, folder)
    shutil.copy(HERE / "printing_script.py", folder / "test_recognizer.py")
    (folder / "rawframes").mkdir()
    (folder / LIST).parent.mkdir()
    (folder / LIST).write_text("".join(f"A/v_{number} 10 {number % 101}\n" for number in range(60)))
    (folder / f"vgg16_ucf101-{HASHTAG}.params").write_bytes(WEIGHTS)
    change(folder / "modelzoo.toml", "~/.mxnet/models/", "")
    change(folder / "zoo.yaml", "d6dc1bba", HASHTAG)
    change(folder / "zoo.yaml", "samples: 3783", "samples: 60")
    change(folder / "zoo.yaml", "top1: 83.4}", "top1: 90.0, top5: 95.0}")
    return folder


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def verify(folder, *arguments, fault=""):
    command = [sys.executable, "-m", "sphinx_modelzoo.cli.verify_zoo", *arguments]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"FAULT": fault},
    )
    assert "Traceback" not in done.stderr
    return done


def receipts(folder):
    return [read_receipt(path) for path in sorted((folder / "receipts").rglob("*.json"))]


def test_printed_accuracies_are_confirmed_with_receipts_that_say_how(zoo):
    done = verify(zoo)
    assert (done.returncode, done.stdout.count("60 of 60  CONFIRMED")) == (0, 2), done.stderr
    top1, top5 = receipts(zoo)
    assert (top1.correct, top1.n, top1.total, top1.tier) == (54, 60, 60, "full")
    assert (top5.correct, top5.predictions, top5.seed) == (57, "", "")
    said = top1.environment
    assert said["printed"].startswith("only a number that the program printed was read")
    assert said["printed.top1"] == "Test accuracy: acc-top1=90.000000 acc-top5=95.000000"
    assert said["printed.count"] == "Load 60 test samples in 2 iterations."
    assert "--batch-size 30" in said["printed.command"]
    assert str(zoo) not in json.dumps(dict(said))
    assert top1.depends["recognizer.script"] == "test_recognizer.py"
    assert top1.depends["weights.sha256"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert "parameters" not in top1.weights


def test_the_arguments_come_from_the_entry_the_data_set_and_the_protocol(zoo):
    change(zoo / "zoo.yaml", "segments: 3, crops: 1,", "segments: 25, crops: 10,")
    assert verify(zoo).returncode == 0
    said = receipts(zoo)[0].environment["printed.command"]
    assert said == (
        "python test_recognizer.py --model vgg16_ucf101 --num-classes 101 --dataset ucf101 "
        "--data-dir rawframes --val-list ucf101_val_split_1_rawframes.txt --batch-size 30 "
        "--log-interval 1 --num-segments 25 --input-size 224 --use-pretrained "
        f"--hashtag {HASHTAG} --ten-crop"
    ).replace("python", Path(sys.executable).name, 1)


def test_weights_beside_the_manifest_go_before_the_hashtag(zoo):
    name = f"vgg16_ucf101-{HASHTAG}.params"
    change(
        zoo / "zoo.yaml", "dataset: ucf101, protocol", f"weights: {name}, dataset: ucf101, protocol"
    )
    assert verify(zoo).returncode == 0
    assert f"--resume-params {name}" in receipts(zoo)[0].environment["printed.command"]


def test_a_printed_accuracy_is_refuted_at_its_line(zoo):
    change(zoo / "zoo.yaml", "top1: 90.0", "top1: 92.0")
    done = verify(zoo)
    assert done.returncode == 1
    assert "zoo.yaml:19:" in done.stderr
    assert "lists top1 92.0 on ucf101; measured 90.0 (54 of 60)" in done.stderr
    assert [receipt.verdict for receipt in receipts(zoo)] == ["refuted", "confirmed"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("silent", "printed no line that fits 'Test accuracy: acc-top1="),
        ("percent", "it printed 900.0, which is not from 0 to 100"),
        ("word", "it printed 'good', which is no number, as top1"),
        ("share", "it printed 0.900000, which no count of 60 items gives"),
        ("dies", "ended with status 1; its last words may say why\n    | "),
        ("killed", "was killed (signal 9, SIGKILL); most often the memory ran out"),
        ("hangs", "was silent for 5 seconds"),
        ("fails-at-the-end", "ended with status 5"),
    ],
)
def test_each_failure_has_a_name_and_decides_nothing(zoo, fault, message):
    done = verify(zoo, "--timeout", "5", fault=fault)
    assert done.returncode == 3
    assert message in done.stderr
    assert "zoo.yaml:19:" in done.stderr
    assert "top1" not in {receipt.number.metric for receipt in receipts(zoo)}


@pytest.mark.parametrize("fault", ["logs", "binary", "bar"])
def test_noise_among_the_lines_disturbs_nothing(zoo, fault):
    assert verify(zoo, "--timeout", "20", fault=fault).returncode == 0


def test_few_digits_decide_nothing(zoo):
    (zoo / LIST).write_text("".join(f"A/v_{number} 10 0\n" for number in range(2000)))
    change(zoo / "zoo.yaml", "samples: 60", "samples: 2000")
    done = verify(zoo, fault="few-digits")
    assert done.returncode == 3
    assert "it printed 90, which stands for 1790 to 1810 of 2000 correct" in done.stderr
    assert "let it print more digits" in done.stderr
    assert receipts(zoo) == []


def test_a_batch_that_is_larger_than_the_data_set_gives_nan_and_a_name(zoo):
    change(zoo / "modelzoo.toml", '"{batch}"', '"64"')
    change(zoo / "modelzoo.toml", "batch = 32\n", "")
    done = verify(zoo)
    assert done.returncode == 3
    assert "it printed 'nan' as top1" in done.stderr
    assert "let the items be a multiple of its batches" in done.stderr


def test_a_dropped_batch_is_found_by_the_number_that_no_count_gives(zoo):
    change(zoo / "modelzoo.toml", '"{batch}"', '"32"')
    change(zoo / "modelzoo.toml", "batch = 32\n", "")
    done = verify(zoo)
    assert done.returncode == 3
    assert "it printed 87.500000, which no count of 60 items gives" in done.stderr


def test_batches_that_leave_items_out_are_found_by_their_number(zoo):
    change(zoo / "modelzoo.toml", '"--batch-size", "{batch}"', '"--batch-size", "7", "-x{batch}"')
    change(
        zoo / "test_recognizer.py",
        "    return parser.parse_args()",
        "    return parser.parse_known_args()[0]",
    )
    done = verify(zoo)
    assert done.returncode == 3
    assert "counts 8 batches of 30, which are not the 60 items" in done.stderr


def test_another_number_of_items_than_the_lists_is_found(zoo):
    change(zoo / "test_recognizer.py", "splitlines()", "splitlines()[:30]")
    done = verify(zoo)
    assert done.returncode == 3
    assert "recognizer 'gluoncv-script' has 30 items, not 60" in done.stderr


def test_a_setting_that_is_not_handed_on_is_refused(zoo):
    change(zoo / "zoo.yaml", "input_size: 224", "input_size: 224, options: {flip: 1}")
    done = verify(zoo)
    assert done.returncode == 3
    assert 'is not told flip, which is 1; write "{flip}" into its arguments' in done.stderr


def test_a_value_without_arguments_is_refused(zoo):
    change(zoo / "zoo.yaml", "crops: 1", "crops: 5")
    done = verify(zoo)
    assert done.returncode == 3
    assert "crops is 5, for which no arguments are given; the choices of crops are 1, 3, 10" in (
        done.stderr
    )


def test_other_weights_than_the_hashtags_are_found(zoo):
    (zoo / f"vgg16_ucf101-{HASHTAG}.params").write_bytes(b"others")
    done = verify(zoo)
    assert done.returncode == 3
    assert "the loaded weights have sha1" in done.stderr


def test_digests_are_not_believed_where_the_weights_are_not_known(zoo):
    change(
        zoo / "zoo.yaml",
        "dataset: ucf101, protocol",
        f"sha256: {64 * 'a'}, dataset: ucf101, protocol",
    )
    change(zoo / "modelzoo.toml", 'weights = "', 'weights = "" # "')
    done = verify(zoo)
    assert done.returncode == 3
    assert "which weights recognizer 'gluoncv-script' loaded" in done.stderr


def test_the_number_of_items_may_come_from_the_program_alone(zoo):
    change(zoo / "zoo.yaml", "    samples: 60\n", "")
    change(zoo / "zoo.yaml", f"    list: {LIST}\n", "")
    change(zoo / "modelzoo.toml", '"--val-list", "{list}"', f'"--val-list", "{LIST}"')
    change(zoo / "modelzoo.toml", '"{batch}"', '"20"')
    change(zoo / "modelzoo.toml", "batch = 32\n", "")
    done = verify(zoo)
    assert (done.returncode, done.stdout.count("60 of 60  CONFIRMED")) == (0, 2), done.stderr
    assert "dataset.fingerprint" not in receipts(zoo)[0].depends
    change(zoo / "modelzoo.toml", "count = '", "# count = '")
    done = verify(zoo)
    assert done.returncode == 3
    assert "how many items data set 'ucf101' has is not known" in done.stderr


def test_a_program_that_may_fetch_is_not_run_offline(zoo):
    (zoo / f"vgg16_ucf101-{HASHTAG}.params").unlink()
    done = verify(zoo, "--offline")
    assert done.returncode == 3
    assert "may fetch weights, and --offline was given" in done.stderr


@pytest.mark.parametrize("asked", [("--tier", "weights"), ("--budget", "10m"), ("--record",)])
def test_more_than_a_number_over_all_items_is_refused(zoo, asked):
    done = verify(zoo, *asked)
    assert done.returncode == 3
    assert "only prints a number over all items" in done.stderr


def test_another_script_or_other_arguments_make_a_number_stale(zoo):
    assert verify(zoo).returncode == 0
    (zoo / "test_recognizer.py").write_text("# another\n")
    done = verify(zoo, "status")
    assert "recognizer's program" in done.stdout + done.stderr


def test_a_batch_divides_the_items():
    assert batch_size(3783, 32) == 13
    assert batch_size(8, 32) == 8
    assert batch_size(101, 32) == 1


def test_a_program_and_its_children_are_ended_when_its_lines_are_no_longer_read(tmp_path):
    program = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid)\n"
        "time.sleep(60)\n"
    )
    lines = printed_lines(Command("x", (sys.executable, "-c", program), tmp_path), timeout=20)
    child = int(next(lines))
    lines.close()
    deadline = time.monotonic() + 5
    state = Path(f"/proc/{child}/stat")
    while state.exists() and " Z " not in state.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not state.exists() or " Z " in state.read_text()


def test_time_in_which_we_and_it_were_stopped_is_no_silence(tmp_path, monkeypatch):
    now, suspended = time.monotonic, []
    monkeypatch.setattr(time, "monotonic", lambda: now() + sum(suspended))
    command = Command("x", ("sh", "-c", "sleep 1; echo here"), tmp_path)
    assert list(printed_lines(command, timeout=20, idle=lambda: suspended.append(100.0))) == [
        "here"
    ]
    assert suspended


def test_what_a_program_writes_last_is_read_whenever_it_ends(tmp_path):
    # It writes and ends while we look elsewhere.
    command = Command("x", ("sh", "-c", "sleep 0.7; echo here"), tmp_path)
    lines = printed_lines(command, timeout=20, idle=lambda: time.sleep(1.5))
    assert list(lines) == ["here"]
