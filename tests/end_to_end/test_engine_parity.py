"""Every engine gives the reference's first classes on every item of the demo zoo."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sphinx_modelzoo.demo.locate import demo_manifest
from sphinx_modelzoo.manifest.reader import read_zoo
from sphinx_modelzoo.pipe.messages import Opened, Prediction
from sphinx_modelzoo.receipts.evidence import read_evidence
from sphinx_modelzoo.verify.plan import Run, plan
from sphinx_modelzoo.verify.recognizer.commands import built_in
from sphinx_modelzoo.verify.recognizer.guarded import difference
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.request import open_request
from sphinx_modelzoo.verify.recognizer.start import start_recognizer
from sphinx_modelzoo.verify.source import find_source

pytestmark = [pytest.mark.mxnet, pytest.mark.long]

EXAGGERATING = Path(__file__).with_name("exaggerating_recognizer.py")
ZOO = read_zoo(demo_manifest())
RUNS = {run.entry.key: run for run in plan(ZOO)}
ENGINES = ("onnxruntime", "mnn")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was predicted of items."""

    predictions: Mapping[str, Prediction]

    def best(self, top: int) -> dict[str, set[int]]:
        """Give each item's first classes, whatever their order among each other."""
        return {
            item: {index for index, _ in each.top[:top]} for item, each in self.predictions.items()
        }

    @property
    def close(self) -> set[str]:
        """The items that were run again."""
        return {item for item, each in self.predictions.items() if each.close}

    def only(self, other: Seen) -> Seen:
        """Leave out the items that another does not have."""
        return Seen({item: self.predictions[item] for item in other.predictions})


def seen(run: Run, command: Command, every: int = 1) -> tuple[Opened, Seen]:
    """Have all items predicted, or one of some."""
    request = open_request(ZOO, run, find_source(ZOO, run.dataset, None), offline=True)
    with start_recognizer(command, (1, 5), timeout=300) as recognizer:
        opened = recognizer.open(request)
        labels = recognizer.items(opened.items)
        order = tuple(labels)[::every]
        found = {each.id: each for each in recognizer.predict(labels, order)}
        assert recognizer.close() == ""
    assert found.keys() == set(order)
    return opened, Seen(found)


def engine(name: str) -> Command:
    return built_in(sys.executable, name, sys.executable)["gluoncv-action"]


@pytest.fixture(scope="module", autouse=True)
def converted(tmp_path_factory: pytest.TempPathFactory):
    """Convert into a folder of this module's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODELZOO_ENGINES", str(tmp_path_factory.mktemp("engines")))
        yield


def reference(run: Run) -> Seen:
    """Give what the reference said when the demo's evidence was recorded."""
    evidence = read_evidence(demo_manifest().parent / run.result.evidence)
    return Seen(evidence.predictions)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("entry", RUNS)
def test_first_classes_are_the_references_on_every_item(entry: str, name: str) -> None:
    run = RUNS[entry]
    opened, found = seen(run, engine(name))
    true = reference(run)
    assert opened.environment["engine"] == name
    assert 0 < opened.disagreement < 1e-3
    assert len(found.predictions) == run.dataset.samples
    assert found.best(1) == true.best(1)
    assert found.best(5) == true.best(5)
    share = len(found.close) / len(found.predictions)
    print(f"{entry} in {name}: off by {opened.disagreement:.1e}, {share:.2%} run again")
    assert share < 0.05
    for item, each in found.predictions.items():
        # So much more may the machine on which the evidence was recorded differ.
        assert difference(each, true.predictions[item]) < opened.disagreement + 1e-5
        if each.top[0][1] - each.top[1][1] <= opened.disagreement * each.top[0][1]:
            assert item in found.close


@pytest.mark.parametrize("name", ENGINES)
def test_items_that_are_run_again_have_the_references_scores(name: str) -> None:
    # A disagreement a hundred thousand times as large makes half of the demo's margins close.
    run = next(iter(RUNS.values()))
    fast, true = engine(name), reference(run)
    argv = (sys.executable, str(EXAGGERATING), "0.1", *fast.argv)
    opened, found = seen(run, replace(fast, argv=argv), every=8)
    assert len(found.predictions) == run.dataset.samples // 8 + 1
    assert opened.disagreement == 0.1
    assert 0.1 < len(found.close) / len(found.predictions) < 0.9
    assert found.best(1) == true.only(found).best(1)
    assert found.best(5) == true.only(found).best(5)
    off = [difference(found.predictions[item], true.predictions[item]) for item in found.close]
    assert max(off) < 1e-5


def test_the_command_line_chooses_the_engine_and_says_what_it_may_be_off(tmp_path: Path) -> None:
    entry = next(iter(RUNS))
    command = ["verify-zoo", "--demo", "--offline", "--tier", "golden", "--model", entry]
    command += ["--engine", "mnn", "--python", sys.executable, "--reference-python", sys.executable]
    script = Path(sysconfig.get_path("scripts")) / command[0]
    done = subprocess.run(
        [script, *command[1:]], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CHECKED" in done.stdout
    assert "since they are of other engines by " in done.stderr
    assert " items was too close for mnn\n" in done.stderr
