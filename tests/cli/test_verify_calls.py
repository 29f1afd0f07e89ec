"""How the command is called: choices, wrong calls, where it looks, and how it speaks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sphinx_modelzoo.receipts.store import read_receipt

SECOND = """\
  - name: net_b
    hashtag: bbbbbbbb
    dataset: clips
    protocol: plain
    top1: 74.9
"""


def add(zoo, text):
    zoo.write("zoo.yaml", (zoo.path / "zoo.yaml").read_text() + text)


def test_only_the_chosen_entries_run(zoo):
    add(zoo, SECOND)
    assert "net_a" not in zoo.run("--model", "net_b").stdout
    assert "net_b" not in zoo.run("--model", "net_a@aaaaaaaa").stdout
    both = zoo.run("--model", "net_b@bbbbbbbb", "--model", "net_a").stdout
    assert both.index("net_a") < both.index("net_b")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model", "net_aa"], "did you mean 'net_a'?"),
        (["--model", "net_a@aaaaaaab"], "it has net_a@aaaaaaaa"),
        (["--dataset", "clip"], "did you mean 'clips'?"),
        (["--data", "clip=."], "did you mean 'clips'?"),
        (["--data", "clips=nowhere"], "there is no such folder"),
        (["--data", "clips=.", "--data", "clips=."], "given twice"),
        (["--data", "clips"], "is not NAME=PATH"),
        (["--report", "jsn=x"], "did you mean 'json'?"),
        (["--report", "json"], "is not KIND=FILE"),
        (["--report", "json=."], "name a file"),
        (["--python", "no-such-python"], "there is no such interpreter"),
        (["--teir", "full"], "unrecognized arguments: --teir; did you mean --tier?"),
        (["status", "--requires=verified"], "did you mean --require?"),
        (["--merge"], "unrecognized arguments: --merge; verify-zoo --help says what there is"),
        (["merge", "--engine", "mnn"], "--engine; verify-zoo merge --help says what there is"),
        (["zoo.yaml", "other.yaml"], "other.yaml; verify-zoo --help says what there is"),
        (["--timeout", "-1"], "is no number of seconds"),
        (["--timeout", "nan"], "is no number of seconds"),
        (["--data", "clips=~no-such-user/x"], "names a home folder that is not known"),
        (["--receipts", "~no-such-user/x"], "names a home folder that is not known"),
        (["--config", "~no-such-user/x"], "names a home folder that is not known"),
        (["--report", "json=~no-such-user/x"], "names a home folder that is not known"),
        (["--receipts", "zoo.yaml"], "the folder cannot be written"),
        (["--config", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["--demo", "zoo.yaml"], "--demo and a manifest were both given"),
        (["-"], "standard input"),
        (
            ["stauts", "--json"],
            "a command nor a manifest of this name; did you mean 'status'?",
        ),
        (["nowhere.yaml"], "nowhere.yaml: there is no such manifest"),
    ],
)
def test_a_wrong_call_is_exit_2_and_runs_nothing(zoo, arguments, message):
    done = zoo.run(*arguments)
    assert message in done.stderr
    assert done.returncode == 2
    assert "verdict" not in done.stdout
    assert "Traceback" not in done.stderr
    assert zoo.receipts == []


def test_an_unknown_recognizer_is_exit_2_and_says_what_to_write(zoo):
    zoo.recognizer(name="fakes")
    done = zoo.run()
    assert done.returncode == 2
    assert "zoo.yaml:9:" in done.stderr
    assert "unknown recognizer 'fake'; did you mean 'fakes'?" in done.stderr
    assert "[recognizers.fake]" in done.stderr


def test_all_problems_of_the_manifest_come_in_one_go(zoo):
    zoo.manifest(("top1: 75.0", "top1: high"), ("dataset: clips", "dataset: clisp"))
    done = zoo.run()
    assert done.returncode == 2
    assert "zoo.yaml:13:14: " in done.stderr
    assert "zoo.yaml:15:11: " in done.stderr


def test_the_nearest_manifest_and_configuration_are_taken_from_a_folder_below(zoo):
    below = zoo.path / "docs" / "deep"
    below.mkdir(parents=True)
    done = subprocess.run(
        [zoo.script("verify-zoo")], cwd=below, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    # The recognizer runs in the folder of its configuration.
    assert read_receipt(zoo.receipts[0]).environment["folder"] == str(zoo.path)


def test_a_configuration_beside_a_manifest_from_elsewhere_is_not_read(zoo, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [zoo.script("verify-zoo"), str(zoo.path)],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "unknown recognizer 'fake'" in done.stderr


def test_a_receipts_folder_that_a_link_leads_elsewhere_is_refused(zoo, tmp_path):
    (tmp_path / "outside").mkdir()
    (zoo.path / "receipts").symlink_to(tmp_path / "outside")
    done = zoo.run()
    assert done.returncode == 2
    assert "leads out of the manifest's folder" in done.stderr
    assert zoo.run("--receipts", "receipts").returncode == 0


def test_an_error_that_no_one_foresaw_is_one_line_and_with_debug_a_traceback(zoo):
    zoo.write("sitecustomize.py", "import sphinx_modelzoo.verify.count as c\ndel c.hashlib\n")
    path = os.pathsep.join([str(zoo.path), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = zoo.run(PYTHONPATH=path)
    assert done.returncode == 3
    assert "unexpected NameError: " in done.stderr
    assert "run again with --debug" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in zoo.run("--debug", PYTHONPATH=path).stderr


def test_debug_shows_what_the_recognizer_says(zoo):
    zoo.recognizer(fault="dies-at-start")
    assert zoo.run("--debug").stderr.startswith("no luck today")


def test_python_names_the_interpreter_of_recognizers(zoo):
    zoo.write("modelzoo.toml", '[recognizers.fake]\ncommand = ["{python}", "-c", ""]\n')
    python = zoo.write("my python", f"#!{sys.executable}\nraise SystemExit('my own')\n")
    python.chmod(0o755)
    assert "| my own" in zoo.run("--python", "./my python").stderr


def test_a_reader_that_leaves_early_is_no_traceback(zoo):
    done = zoo.command("bash", "-c", f"{zoo.script('verify-zoo')} | true; exit ${{PIPESTATUS[0]}}")
    assert done.returncode in {0, 141}
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_hide_the_words_and_nothing_else(zoo, closed):
    done = zoo.command("sh", "-c", f"{zoo.script('verify-zoo')} {closed}")
    assert done.returncode == 0
    assert "unexpected" not in done.stdout + done.stderr
    assert [read_receipt(path).verdict for path in zoo.receipts] == ["confirmed", "confirmed"]


def test_a_terminal_that_knows_only_ascii_gets_escapes(zoo):
    zoo.manifest(("name: net_a", "name: netz_ä"))
    done = zoo.run(PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert r"netz_\xe4" in done.stdout


def test_help_has_examples_and_exit_codes(zoo):
    done = zoo.run("--help")
    assert done.returncode == 0
    for word in ("examples:", "exit codes:", "--data ucf101=", "modelzoo.toml"):
        assert word in done.stdout


@pytest.mark.parametrize("name", ["verify-zoo", "modelzoo"])
def test_version_names_the_distribution(zoo, name):
    done = zoo.command(name, "--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "sphinx-modelzoo")
