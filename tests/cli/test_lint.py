"""``modelzoo lint`` as a maintainer runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_modelzoo.lint.rules import RULES

SEED = Path(__file__).parents[2] / "zoo.yaml"

CLEAN = """\
zoo: 1
datasets: {hmdb51: {samples: 1530}}
models:
  - {name: tsn, hashtag: d6dc1bba, dataset: hmdb51, top1: 66.73}
"""
WRONG = CLEAN.replace("66.73", "66.70")
WARNED = CLEAN + "tags: {idle: {text: idle}}\n"


@pytest.fixture
def lint(zoo):
    """Run the command in a folder that holds ``zoo.yaml``."""

    def run(manifest: str, *arguments: str, **environment: str):
        zoo.write("zoo.yaml", manifest)
        return zoo.command("modelzoo", "lint", *arguments, **environment)

    return run


def test_a_clean_manifest_ends_with_0(lint) -> None:
    done = lint(CLEAN)
    assert (done.returncode, done.stdout, done.stderr) == (0, "nothing found\n", "")


def test_an_error_ends_with_2_and_shows_its_place(lint) -> None:
    done = lint(WRONG)
    assert done.returncode == 2
    first, line, caret, closing = done.stdout.splitlines()
    assert first.startswith("zoo.yaml:4:59: error ZOO206: top1 is 66.70, which no count of 1530")
    assert line[caret.index("^") :].startswith("66.70")
    assert caret.count("^") == len("66.70")
    assert closing == "1 error"


def test_a_warning_ends_with_0_and_with_2_when_strict(lint) -> None:
    assert lint(WARNED).returncode == 0
    done = lint(WARNED, "--strict")
    assert done.returncode == 2
    assert "warning ZOO301: the tag 'idle'" in done.stdout


def test_rules_are_selected_and_ignored(lint) -> None:
    assert lint(WRONG, "--select", "ZOO1,ZOO3").stdout == "nothing found\n"
    assert lint(WRONG, "--ignore", "zoo206").stdout == "nothing found\n"
    done = lint(WRONG, "--select", "ZOO777")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "there is no rule 'ZOO777'" in done.stderr


def test_a_broken_manifest_is_reported_like_any_finding(lint) -> None:
    done = lint("zoo: 1\nmodels: [\n", "--format", "json")
    assert done.returncode == 2
    (finding,) = json.loads(done.stdout)
    assert (finding["code"], finding["severity"], finding["entry"]) == ("ZOO000", "error", None)
    assert (finding["path"], finding["line"]) == ("zoo.yaml", 3)
    assert done.stderr == ""


def test_a_manifest_that_is_not_there_is_an_error_of_the_call(lint) -> None:
    done = lint(CLEAN, "none.yaml", "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("none.yaml: there is no such manifest")


def test_several_manifests_are_linted_and_each_finding_said_once(lint, zoo) -> None:
    zoo.write("other.yaml", WRONG)
    done = lint(WRONG, "zoo.yaml", "other.yaml", "zoo.yaml", "--format", "json")
    assert [item["path"] for item in json.loads(done.stdout)] == ["zoo.yaml", "other.yaml"]


def test_standard_input_is_a_manifest(zoo) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sphinx_modelzoo.cli.modelzoo", "lint", "-"],
        cwd=zoo.path,
        input=WRONG,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout.startswith("<stdin>:4:59: error ZOO206")
    assert "66.70" in done.stdout.splitlines()[1]


@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
def test_the_other_formats_hold_the_finding_and_nothing_else_is_printed(lint, form: str) -> None:
    done = lint(WRONG, "--format", form)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.count("which no count of 1530 items gives") >= 1
    assert "nothing found" not in done.stdout


def test_the_loaders_table_can_be_named(lint, zoo) -> None:
    digest = "48ddf358" + "0" * 32
    zoo.write("model_store.py", f"_model_sha1 = {{'tsn': '{digest}', 'tsm': '{digest}'}}\n")
    done = lint(CLEAN, "--model-store", "model_store.py", "--loader-models")
    assert done.returncode == 2
    assert "the default hashtag is d6dc1bba" in done.stdout
    assert "tsm is a model of model_store.py" in done.stdout
    assert lint(CLEAN, "--model-store", "none.py").returncode == 2


def test_verbose_says_what_could_not_be_looked_at(lint) -> None:
    named = CLEAN + "loader: none-such\n"
    assert lint(named).stderr == ""
    assert "the table of the loader 'none-such'" in lint(named, "--verbose").stderr


def test_logs_that_are_not_there_are_an_error_of_the_call(lint) -> None:
    done = lint(CLEAN, "--logs", "none")
    assert done.returncode == 2
    assert "there is no such folder" in done.stderr


@pytest.mark.parametrize("name", ["ZOO206", "zoo206", "impossible-number"])
def test_a_rule_is_explained(lint, name: str) -> None:
    done = lint(WRONG, "--explain", name)
    assert done.returncode == 0
    assert done.stdout.startswith("ZOO206 impossible-number (error)\n")
    assert lint(WRONG, "--explain", "ZOO999").returncode == 2


def test_every_rule_can_be_explained_and_is_in_the_reference() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "rules.md"
    text = page.read_text(encoding="utf-8")
    assert all(f"{{lint-rules}} {rule.code[:4]}" in text for rule in RULES)


def test_colour_only_on_a_terminal(lint) -> None:
    assert "\x1b" not in lint(WRONG).stdout


def test_neither_sphinx_nor_mxnet_is_imported() -> None:
    code = (
        "import sys\n"
        "from sphinx_modelzoo.cli.modelzoo import main\n"
        f"main(['lint', {str(SEED)!r}])\n"
        "heavy = {'sphinx', 'docutils', 'mxnet', 'gluoncv', 'numpy', 'requests', 'jsonschema'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
