"""The weights that the package ships, and what says how they were made."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from hashlib import sha1, sha256
from pathlib import Path

import pytest

from sphinx_modelzoo.demo.locate import demo_manifest
from sphinx_modelzoo.manifest.model import Entry
from sphinx_modelzoo.manifest.reader import read_zoo

ZOO = read_zoo(demo_manifest())
ENTRIES = pytest.mark.parametrize("entry", ZOO.entries, ids=lambda entry: entry.key)

# Prints the number of parameters, and the shape that the network gives for two images.
LOAD = """
import json, sys
import mxnet as mx
from gluoncv.model_zoo import get_model
{line}
output = net(mx.nd.zeros((2, 3, {size}, {size})))
count = sum(value.data().size for value in net.collect_params().values())
print(json.dumps([count, output.shape]))
"""


def log_name(entry: Entry) -> str:
    return entry.name if "tsntag" in entry.tags else f"{entry.name}_tsn"


def command_of(entry: Entry) -> list[str]:
    """Give the words of the script's training command."""
    text = (ZOO.root / f"logs/{log_name(entry)}.sh").read_text().replace("\\\n", " ")
    (line,) = (line for line in text.splitlines() if "train_recognizer.py" in line and "--" in line)
    return shlex.split(line)


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_each_backbone_was_trained_with_segments_and_without() -> None:
    assert len(ZOO.entries) == 4
    for name in {entry.name for entry in ZOO.entries}:
        default, other = sorted(
            (entry for entry in ZOO.entries if entry.name == name), key=lambda entry: entry.tags
        )
        assert (default.default, default.tags) == (True, ())
        assert (other.default, other.tags) == (False, ("tsntag",))


@ENTRIES
def test_the_weights_are_the_file_that_the_manifest_says(entry: Entry) -> None:
    data = (ZOO.root / entry.weights).read_bytes()
    assert Path(entry.weights).name == f"{entry.name}-{entry.hashtag}.params"
    assert sha1(data, usedforsecurity=False).hexdigest().startswith(entry.hashtag)
    assert sha256(data).hexdigest() == entry.sha256
    assert len(data) == entry.size


def test_no_other_file_of_weights_or_training_is_shipped() -> None:
    weights = {path.relative_to(ZOO.root).as_posix() for path in ZOO.root.glob("params/*")}
    assert weights == {entry.weights for entry in ZOO.entries}
    logs = {f"{log_name(entry)}{end}" for entry in ZOO.entries for end in (".sh", ".log")}
    assert {path.name for path in ZOO.root.glob("logs/*")} == logs


@ENTRIES
def test_the_script_trains_this_entry_by_its_protocol(entry: Entry) -> None:
    command = command_of(entry)
    (result,) = entry.results
    settings = ZOO.protocols[result.protocol].settings
    assert option(command, "--model") == entry.architecture
    assert option(command, "--num-classes") == str(ZOO.datasets[result.dataset].classes)
    assert option(command, "--logging-file") == f"{log_name(entry)}.log"
    for key in ("input_size", "new_height", "new_width"):
        assert option(command, "--" + key.replace("_", "-")) == str(settings[key])
    assert ("--use-tsn" in command) == ("tsntag" not in entry.tags)
    assert ("--num-segments" in command) == ("tsntag" not in entry.tags)


def test_training_with_segments_and_without_differs_in_nothing_else() -> None:
    for name in {entry.name for entry in ZOO.entries}:
        tsn, other = (
            command_of(next(e for e in ZOO.entries if e.name == name and e.default == default))
            for default in (True, False)
        )
        start = tsn.index("--use-tsn")
        assert tsn[start : start + 3] == ["--use-tsn", "--num-segments", "3"]
        rest = [*tsn[:start], *tsn[start + 3 :]]
        assert [word.replace("_tsn", "") for word in rest] == other


@ENTRIES
def test_the_log_is_of_the_scripts_run_and_of_these_weights(entry: Entry) -> None:
    command = command_of(entry)
    log = (ZOO.root / f"logs/{log_name(entry)}.log").read_text()
    segments = option(command, "--num-segments") if "--use-tsn" in command else "1"
    assert f"model='{entry.architecture}'" in log
    assert f"segments={segments}," in log
    assert f"base={option(command, '--lr')}," in log
    assert f"batch_size={option(command, '--batch-size')}," in log
    epochs = int(option(command, "--num-epochs"))
    assert re.findall(r"\[Epoch (\d+)\] validation: ", log) == [str(n) for n in range(epochs)]
    assert log.rstrip().endswith(f"{entry.architecture}-{entry.hashtag}.params")


@ENTRIES
def test_the_script_is_portable_shell_without_machine_paths(entry: Entry) -> None:
    path = ZOO.root / f"logs/{log_name(entry)}.sh"
    done = subprocess.run(["sh", "-n", path], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name in (path, path.with_suffix(".log")):
        assert not re.search(r"(?<![\w.$}\"])/(?!bin/sh)\w", name.read_text())


@pytest.mark.mxnet
@ENTRIES
def test_the_usage_line_loads_the_weights(entry: Entry) -> None:
    assert ZOO.usage is not None
    template = ZOO.usage.default if entry.default else ZOO.usage.hashtag
    line = template.format(
        name=entry.name,
        hashtag=entry.hashtag,
        architecture=entry.architecture,
        weights=entry.weights,
    )
    (result,) = entry.results
    size = ZOO.protocols[result.protocol].settings["input_size"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOAD.format(line=line, size=size)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ZOO.root,
    )
    assert done.returncode == 0, done.stderr
    count, shape = json.loads(done.stdout.splitlines()[-1])
    assert count == entry.parameters
    assert shape == [2, ZOO.datasets[result.dataset].classes]
