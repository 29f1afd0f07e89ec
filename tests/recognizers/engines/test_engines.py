"""Fast engines as verify-zoo starts them: conversion, the cache, and the way back to MXNet."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_modelzoo.recognizers.engines.cache import read_record, write_record

from ..conftest import Data  # noqa: TID252 - tests are not installed
from .talk import WITHOUT_MXNET, Said, Zoo, heard

pytestmark = [pytest.mark.mxnet, pytest.mark.long]

FAST = ("onnxruntime", "mnn")
CONVERTING = "converting cifar_resnet20_v1, which is done once"


@pytest.fixture(scope="module")
def converted(
    videos: Data, weights_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Zoo, dict[str, Said]]:
    """What each engine said of the same clips; ONNX Runtime converted, with MXNet beside it."""
    zoo = Zoo(videos, weights_file, tmp_path_factory.mktemp("engines") / "cache")
    return zoo, {engine: zoo.ask(engine) for engine in ("mxnet", *FAST)}


@pytest.fixture
def zoo(converted: tuple[Zoo, dict[str, Said]], tmp_path: Path) -> Zoo:
    """A zoo with a copy of a cache that has a network, converted for both engines."""
    original, _ = converted
    shutil.copytree(original.cache, tmp_path / "cache")
    return Zoo(original.data, original.weights, tmp_path / "cache")


def folder_of(zoo: Zoo) -> Path:
    (folder,) = (path for path in zoo.cache.iterdir() if path.is_dir())
    return folder


@pytest.mark.parametrize("engine", FAST)
def test_a_fast_engine_gives_the_references_classes_within_its_disagreement(converted, engine):
    _, said = converted
    fast, reference = said[engine], said["mxnet"]
    assert reference.error == fast.error == ""
    assert fast.classes() == reference.classes()
    assert 0 < fast.opened["disagreement"] < 1e-3
    assert "disagreement" not in reference.opened
    assert fast.opened["weights"] == reference.opened["weights"]
    for item, prediction in fast.predictions.items():
        assert "close" not in prediction
        ours, theirs = dict(prediction["top"]), dict(reference.predictions[item]["top"])
        largest = max(map(abs, theirs.values()))
        assert max(abs(ours[n] - theirs[n]) for n in theirs) <= (
            fast.opened["disagreement"] * largest
        )


@pytest.mark.parametrize("engine", FAST)
def test_the_environment_names_the_engine_and_only_what_is_there(converted, engine):
    _, said = converted
    environment = said[engine].opened["environment"]
    assert environment["engine"] == engine
    assert environment["engine.version"] == environment[engine] != ""
    assert "engine.fallback" not in environment
    assert {"numpy", "opencv", "av", "threads"} <= environment.keys()
    assert not {"mxnet", "gluoncv"} & environment.keys()
    assert said["mxnet"].opened["environment"]["mxnet"] == "1.9.1"


def test_a_network_is_converted_once_for_all_engines(converted):
    _, said = converted
    assert CONVERTING in said["onnxruntime"].notes
    assert CONVERTING not in said["mnn"].notes
    assert any("converting the network to MNN" in note for note in said["mnn"].notes)


@pytest.mark.parametrize("engine", FAST)
def test_a_converted_zoo_outlives_mxnet(zoo, converted, engine):
    """In an environment with today's numpy, where MXNet cannot be imported."""
    done = subprocess.run([WITHOUT_MXNET, "-c", "import mxnet"], capture_output=True, check=False)
    assert b"No module named 'mxnet'" in done.stderr
    said = zoo.ask(engine, WITHOUT_MXNET)
    assert said.error == ""
    assert CONVERTING not in said.notes
    assert int(said.opened["environment"]["numpy"].split(".")[0]) >= 2
    assert said.classes() == converted[1]["mxnet"].classes()


def test_another_environment_has_the_reference_convert(videos, weights_file, tmp_path, converted):
    zoo = Zoo(videos, weights_file, tmp_path / "cache")
    said = zoo.ask("mnn", WITHOUT_MXNET)
    assert "cifar_resnet20_v1 with these weights is not converted yet" in said.error
    assert f"{WITHOUT_MXNET} has no module mxnet" in said.error
    assert "--reference-python PATH" in said.error
    said = zoo.ask("mnn", WITHOUT_MXNET, sys.executable)
    assert said.error == ""
    assert CONVERTING in said.notes
    assert said.classes() == converted[1]["mxnet"].classes()


@pytest.mark.parametrize(
    ("engine", "file", "damage"),
    [("onnxruntime", "network.onnx", "shorter"), ("mnn", "mnn-*.mnn", "altered")],
)
def test_a_damaged_file_is_noticed_and_made_again(zoo, converted, engine, file, damage):
    (path,) = folder_of(zoo).glob(file)
    data = bytearray(path.read_bytes())
    if damage == "altered":
        data[len(data) // 2] ^= 1
    path.write_bytes(data[: len(data) // 2] if damage == "shorter" else data)
    said = zoo.ask(engine)
    assert any(f"{path} is not as it was written" in note for note in said.notes)
    assert said.classes() == converted[1]["mxnet"].classes()
    assert not any("made again" in note for note in zoo.ask(engine).notes)


def test_a_damaged_file_that_cannot_be_made_again_is_named(zoo):
    path = folder_of(zoo) / "network.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    said = zoo.ask("onnxruntime", WITHOUT_MXNET)
    assert said.error.startswith(f"{path} is not as it was written")
    assert "has no module mxnet" in said.error
    assert said.predictions == {}


def test_two_processes_at_once_convert_once_and_agree(videos, weights_file, tmp_path, converted):
    zoo = Zoo(videos, weights_file, tmp_path / "cache")
    both = [heard(process) for process in [zoo.start("onnxruntime"), zoo.start("onnxruntime")]]
    assert [said.error for said in both] == ["", ""]
    assert sum(CONVERTING in said.notes for said in both) == 1
    assert all(said.classes() == converted[1]["mxnet"].classes() for said in both)


def test_what_the_cache_says_does_not_convert_runs_in_the_reference(zoo, converted):
    """With the reference in another environment, which has other libraries."""
    folder = folder_of(zoo)
    problem = {"problem": "Correlation", "converter": 1}
    write_record(folder, "reference.json", problem)
    said = zoo.ask("onnxruntime", WITHOUT_MXNET, sys.executable)
    assert said.error == ""
    why = "cifar_resnet20_v1 runs in mxnet, because it does not convert: Correlation"
    assert why in said.notes
    environment = said.opened["environment"]
    assert (environment["engine"], environment["engine.version"]) == ("mxnet", "1.9.1")
    assert environment["engine.fallback"] == "Correlation"
    assert "disagreement" not in said.opened
    assert said.opened["weights"] == converted[1]["mxnet"].opened["weights"]
    assert said.classes() == converted[1]["mxnet"].classes()


def test_what_does_not_convert_is_told_with_the_reason_where_there_is_no_reference(zoo):
    write_record(folder_of(zoo), "reference.json", {"problem": "Correlation", "converter": 1})
    said = zoo.ask("onnxruntime", WITHOUT_MXNET)
    assert said.error.startswith(
        "cifar_resnet20_v1 does not run in onnxruntime (Correlation), and "
        f"{WITHOUT_MXNET} has no module mxnet; "
    )
    assert said.predictions == {}


def test_what_an_older_converter_could_not_is_tried_again(zoo):
    problem = {"problem": "Correlation", "converter": 0}
    write_record(folder_of(zoo), "reference.json", problem)
    said = zoo.ask("onnxruntime")
    assert CONVERTING in said.notes
    assert said.opened["environment"]["engine"] == "onnxruntime"


def test_an_engine_that_is_too_far_off_is_not_used(zoo):
    (path,) = folder_of(zoo).glob("check-onnxruntime-*.json")
    known = read_record(path.parent, path.name)
    assert known is not None
    assert 0 < known["measured"] < 1e-5
    write_record(path.parent, path.name, known | {"measured": 0.02})
    said = zoo.ask("onnxruntime")
    assert said.error == ""
    assert any("gives scores that are off by 2.0e-02" in note for note in said.notes)
    assert said.opened["environment"]["engine"] == "mxnet"


def test_what_was_measured_is_measured_again_where_passes_or_engines_are_others(zoo):
    (path,) = folder_of(zoo).glob("check-mnn-*.json")
    path.rename(path.with_name(path.name.replace("check-mnn-3", "check-mnn-2")))
    assert any("comparing mnn with the reference" in note for note in zoo.ask("mnn").notes)
    assert not any("comparing" in note for note in zoo.ask("mnn").notes)


def test_an_unknown_network_is_told_by_the_reference(videos, weights_file, tmp_path):
    zoo = Zoo(videos, weights_file, tmp_path / "cache", network="cifar_resnet21_v1")
    assert "did you mean cifar_resnet20_v1" in zoo.ask("onnxruntime").error
    assert not [path for path in zoo.cache.iterdir() if path.is_dir()]


def test_weights_in_the_local_store_are_found_by_their_hashtag_without_gluoncv(
    zoo, converted, tmp_path, monkeypatch
):
    monkeypatch.setenv("MXNET_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    shutil.copy(zoo.weights, tmp_path / "models")
    hashtag = zoo.weights.stem.rpartition("-")[2]
    said = zoo.ask("mnn", WITHOUT_MXNET, weights="", hashtag=hashtag)
    assert said.classes() == converted[1]["mxnet"].classes()
    said = zoo.ask("mnn", WITHOUT_MXNET, weights="", hashtag="0badcafe")
    assert "cifar_resnet20_v1-0badcafe.params: not there with this hash" in said.error
    assert "--reference-python" in said.error


def test_an_engine_whose_library_is_missing_is_told_with_the_extra(tmp_path):
    (tmp_path / "MNN.py").write_text("raise ModuleNotFoundError(name='MNN')\n")
    script = (
        "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv.pop(0);"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    request = {"type": "open", "model": "m", "classes": 1, "data": {}, "protocol": {}}
    launcher = Path(__file__).parents[3] / "sphinx_modelzoo" / "recognizers" / "launch.py"
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path, launcher, "gluoncv-action", "--engine", "mnn"],
        input=json.dumps(request) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    message = json.loads(done.stdout.splitlines()[-1])
    assert "has no module MNN" in message["message"]
    assert "'sphinx-modelzoo[mnn]'" in message["remedy"]


def test_nothing_is_written_into_the_home_folder(zoo, tmp_path, monkeypatch):
    """ONNX Runtime would write an id of the machine there, for its reports."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for engine in FAST:
        assert zoo.ask(engine, WITHOUT_MXNET).error == ""
    assert not list(home.iterdir())


def test_mnns_converter_installs_and_reports_nothing(zoo, tmp_path):
    """Its commands run pip and talk to a server; neither happens here."""
    (tmp_path / "pip").write_text(f"#!/bin/sh\ntouch {tmp_path}/installed\n")
    (tmp_path / "pip").chmod(0o755)
    source = folder_of(zoo) / "network.onnx"
    script = (
        "import os, sys\n"
        f"os.environ['PATH'] = '{tmp_path}'\n"
        "from sphinx_modelzoo.recognizers.engines.to_mnn import run\n"
        f"request = {{'source': '{source}', 'target': '{tmp_path}/network.mnn'}}\n"
        "assert run(request, print) == {}\n"
        "assert not [name for name in sys.modules if name.startswith('MNN.tools')]\n"
        "request['source'] = 'none.onnx'\n"
        "request['target'] = 'none.mnn'\n"
        "assert 'does not convert it' in run(request, print)['problem']\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "network.mnn").stat().st_size > 500_000
    assert not (tmp_path / "installed").exists()


def test_what_mnns_converter_leaves_in_its_folder_is_gone(tmp_path):
    """Of a large network it leaves the weights, always by the same name: two must not meet."""
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from sphinx_modelzoo.recognizers.engines import to_mnn\n"
        "def convert(arguments):\n"
        "    assert not os.listdir()\n"
        "    Path('external.bin').write_text('weights')\n"
        "to_mnn._tools.mnnconvert = convert\n"
        "for number in range(2):\n"
        "    to_mnn.run({'source': 'network.onnx', 'target': 'cache/network.mnn'}, print)\n"
    )
    (tmp_path / "cache").mkdir()
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    assert [path.name for path in tmp_path.rglob("*")] == ["cache"]


def test_a_file_that_mnn_cannot_load_is_not_kept(tmp_path):
    """On a full disk it writes as much as fits, and says that all is well."""
    script = (
        "from pathlib import Path\n"
        "from sphinx_modelzoo.recognizers.engines import to_mnn\n"
        "to_mnn._tools.mnnconvert = lambda _: Path('../network.mnn').write_bytes(bytes(512))\n"
        "answer = to_mnn.run({'source': 'network.onnx', 'target': 'network.mnn'}, print)\n"
        "assert 'is the disk full?' in answer['unsound'], answer\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
