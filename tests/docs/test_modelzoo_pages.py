"""The pages on the ``modelzoo`` commands: complete, and their examples give what they show."""

from __future__ import annotations

import argparse
import difflib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from sphinx_modelzoo.cli import modelzoo
from sphinx_modelzoo.exchange.formats import EXPORTS, FILES, IMPORTS, TEXTS, recognised
from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.manifest import fields
from sphinx_modelzoo.manifest.reader import read_zoo

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
BIN = Path(sys.executable).parent


def subcommands() -> dict[str, argparse.ArgumentParser]:
    (action,) = (
        action
        for action in modelzoo.parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    parsers: dict[str, argparse.ArgumentParser] = dict(action.choices)
    return parsers


COMMANDS = subcommands()


def section(documentation: Any, command: str) -> Tag:
    """Give the section of a command on the built page."""
    text = (documentation.folder / "reference" / "modelzoo.html").read_text(encoding="utf-8")
    found = BeautifulSoup(text, "html.parser").find("section", id=f"modelzoo-{command}")
    assert isinstance(found, Tag), f"reference/modelzoo.md has no section on {command}"
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_every_command_is_in_the_reference(
    documentation: Any, command: str
) -> None:
    shown = {code.text.split()[0] for code in section(documentation, command).select("dt code")}
    actions = COMMANDS[command]._actions
    expected = {name for action in actions for name in action.option_strings}
    expected |= {str(action.metavar) for action in actions if not action.option_strings}
    assert expected <= shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_its_exit_codes(documentation: Any, command: str) -> None:
    page = section(documentation, command)
    (title,) = (each for each in page.select("p.rubric") if each.text == "Exit codes")
    listed = title.find_next("dl")
    assert isinstance(listed, Tag)
    codes = [code.text for code in listed.select("dt")]
    help_text = COMMANDS[command].format_help().partition("\nexit codes:\n")[2]
    assert codes == re.findall(r"^  (\d+)  ", help_text, re.MULTILINE)
    assert {"0", "2"} <= set(codes)


def calls(blocks: Any) -> list[list[str]]:
    lines = [line for block in blocks if block.language == "sh" for line in block.text.splitlines()]
    split = [shlex.split(line, comments=True) for line in lines]
    return [words[1:] for words in split if words and words[0] == "modelzoo"]


def test_every_call_of_modelzoo_is_one_that_it_understands(all_blocks: Any) -> None:
    found = [call for call in calls(all_blocks) if call != ["lint", "[MANIFEST…]", "[options]"]]
    assert {call[0] for call in found} >= {"import", "add", "set", "fmt", "diff", "schema", "lint"}
    for call in found:
        modelzoo.parser((call[0],)).parse_args(call)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_in_a_commands_help_is_one_that_it_understands(command: str) -> None:
    text = str(COMMANDS[command].epilog)
    examples = re.findall(r"^  modelzoo (.+?)(?: {2,}.*| >.*)?$", text, re.MULTILINE)
    assert examples or command == "fmt"
    for example in examples:
        modelzoo.parser((command,)).parse_args(shlex.split(example))


def blocks_of(all_blocks: Any, page: str) -> list[Any]:
    return [block for block in all_blocks if block.page == page]


def caption(blocks: Any, title: str) -> str:
    (text,) = (block.text for block in blocks if block.caption == title)
    return str(text)


def type_in(folder: Path, lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-e", "-c", f'PATH="{BIN}:$PATH"\n{lines}'],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_a_gluoncv_page_becomes_the_manifest_that_is_shown(all_blocks: Any, tmp_path: Path) -> None:
    blocks = blocks_of(all_blocks, "import.md")
    page = caption(blocks, "videos.rst")
    (tmp_path / "videos.rst").write_text(page, encoding="utf-8")
    first, again, *_ = (block.text for block in blocks if block.language == "sh")
    done = type_in(tmp_path, first)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "zoo.yaml").read_text(encoding="utf-8") == caption(blocks, "zoo.yaml")

    (last,) = (line for line in page.splitlines() if line.startswith("   resnet50_ucf101"))
    more = f"{last}\n{caption(blocks, 'further row')}".rstrip("\n")
    (tmp_path / "videos.rst").write_text(page.replace(last, more), encoding="utf-8")
    done = type_in(tmp_path, again)
    message, comment = (block.text for block in blocks if block.language == "text")
    assert (done.returncode, done.stdout + done.stderr) == (2, message)
    assert comment in (tmp_path / "zoo.yaml").read_text(encoding="utf-8")


def test_an_openmmlab_index_becomes_the_manifest_that_is_shown(
    all_blocks: Any, tmp_path: Path
) -> None:
    blocks = blocks_of(all_blocks, "import.md")
    folder = tmp_path / "openmmlab"
    shutil.copytree(DOCS / "examples" / "openmmlab", folder)
    _, _, call, *_ = (block.text for block in blocks if block.language == "sh")
    done = type_in(folder, call)
    assert done.returncode == 0, done.stderr
    shown = caption(blocks, "zoo.yaml from the index")
    assert (folder / "zoo.yaml").read_text(encoding="utf-8") == shown


def test_the_edits_on_the_page_give_what_it_shows(all_blocks: Any, tmp_path: Path) -> None:
    blocks = blocks_of(all_blocks, "edit.md")
    manifest = tmp_path / "zoo.yaml"
    manifest.write_text(caption(blocks, "zoo.yaml"), encoding="utf-8")
    prepare, add, try_it, change, style, compare, _ = (
        block.text for block in blocks if block.language == "sh"
    )
    added, changed, compared = (block.text for block in blocks if block.language == "text")
    entry, tried = (block.text for block in blocks if block.language == "diff")

    before = manifest.read_text(encoding="utf-8").splitlines()
    assert type_in(tmp_path, prepare).returncode == 0
    for lines, expected in ((add, added), (try_it, tried), (change, changed), (style, "")):
        done = type_in(tmp_path, lines)
        assert (done.returncode, done.stdout + done.stderr) == (0, expected), lines
        if lines is add:
            after = manifest.read_text(encoding="utf-8").splitlines()
            made = list(difflib.unified_diff(before, after, lineterm=""))[2:]
            assert made == entry.splitlines()
    done = type_in(tmp_path, compare)
    assert (done.returncode, done.stdout + done.stderr) == (0, compared)


def test_the_schema_is_written_and_up_to_date(all_blocks: Any, tmp_path: Path) -> None:
    blocks = blocks_of(all_blocks, "editor.md")
    for block in blocks:
        if block.language == "sh":
            done = type_in(tmp_path, block.text)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (manifest,) = (block.text for block in blocks if block.language == "yaml")
    (named,) = re.findall(r"^# yaml-language-server: \$schema=(\S+)$", manifest, re.MULTILINE)
    assert (tmp_path / named).is_file()


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_hooks_and_the_actions_inputs_are_those_that_there_are() -> None:
    page = (DOCS / "howto" / "ci.md").read_text(encoding="utf-8")
    inputs = loaded(REPOSITORY / "action.yml")["inputs"]
    assert re.findall(r"^`(\w+)`\n: ", page, re.MULTILINE) == list(inputs)
    hooks = [hook["id"] for hook in loaded(REPOSITORY / ".pre-commit-hooks.yaml")]
    examples = DOCS / "examples" / "ci"
    (repository,) = loaded(examples / "pre-commit-config.yaml")["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == hooks
    assert all(f"`{hook}`" in page for hook in hooks)
    (_, ours) = loaded(examples / "zoo-workflow.yaml")["jobs"]["zoo"]["steps"]
    assert ours["with"].keys() <= inputs.keys()


FULL = """\
zoo: 1
title: Videos
description: What these are.
loader: gluoncv
receipts: receipts
usage: {model: vgg16, default: "load('{name}')", hashtag: "load('{name}', '{hashtag}')"}
papers:
  tsn: {title: Segments, authors: [L. Wang], published: ECCV, year: 2016, url: "https://e.org/1"}
  other: {title: Another paper}
tags:
  grey: {text: an older training, style: grey}
links:
  train_log: {title: Train Log, text: record, url: "https://example.org/{log}.log"}
  config: {text: config, file: "configs/{name}.py"}
datasets:
  ucf101: {title: UCF101, description: Sports., url: "https://example.org/ucf101", license: CC0-1.0,
           split: test 1, samples: 3783, classes: 101, notes: [A note.],
           root: videos, list: list.txt, media: frames, require: [map],
           template: "f_%d.png"}
metrics:
  map: {title: mAP, unit: points, direction: higher, tolerance: 0.5, decimals: 1}
protocols:
  one: {recognizer: gluoncv-action, segments: 25}
  two: {recognizer: gluoncv-action, segments: 32}
models:
  - name: vgg16
    hashtag: d6dc1bba
    default: true
    architecture: vgg16_ucf101
    weights: https://example.org/vgg.params
    sha1: d6dc1bba00000000000000000000000000000000
    sha256: "0000000000000000000000000000000000000000000000000000000000000000"
    size: 10
    parameters: 20
    license: Apache-2.0
    released: 2019-06
    description: Trained long.
    intended_use: Sports.
    limitations: Short clips.
    paper: [tsn, other]
    tags: [grey]
    note: A note.
    details: {Epochs: 80}
    ignore: {ZOO305: both were trained in one run}
    dataset: ucf101
    results:
      - {protocol: one, top1: 83.4, map: 30.1, log: vgg16, evidence: e.jsonl}
      - {protocol: two, top1: 83.9, map: 30.2, log: vgg16_b}
  - {name: vgg16, hashtag: 05e319d4, dataset: ucf101, protocol: one, top1: 81.5}
"""

PARTS = {
    "the zoo": "zoo",
    "data set": "datasets",
    "metric": "metrics",
    "protocol": "protocols",
    "tag": "tags",
    "paper": "papers",
    "link": "links",
}


def lost_name(line: str) -> list[str]:
    """Give the names that the page has for what a line of an export says."""
    where, _, said = line.partition(": ")
    what = said.partition(" not carried")[0]
    part = next((name for start, name in PARTS.items() if where.startswith(start)), "")
    words = [word for word in re.split(r", | and ", what) if not word.startswith("vgg16")]
    if part:
        aliases = {"where it was published": "published"}
        return [f"{part}.{aliases.get(word, word)}" for word in words]
    match what.split()[0]:
        case "link" if "file" in what or "file" in said:
            return ["links.file"]
        case "link" | "links" if "result" in what:
            return ["results.links"]
        case "link" | "paper" as kind:
            return ["links" if kind == "link" else "papers"]
        case "the" | "evidence" as word:
            return ["license" if word == "the" else "results.evidence"]
        case _:
            return [what]


def rows_of(title: str) -> dict[str, list[str]]:
    """Give the rows of the table below a title of the page on formats, by their first cells."""
    text = (DOCS / "reference" / "formats.md").read_text(encoding="utf-8")
    part = text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row for row in rows}


def codes(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


@pytest.fixture
def full(tmp_path: Path) -> Any:
    path = tmp_path / "zoo.yaml"
    path.write_text(FULL, encoding="utf-8")
    return read_zoo(path)


def test_the_full_manifest_has_every_field() -> None:
    data = yaml.safe_load(FULL)
    assert set(fields.PAPER.keys()) <= data["papers"]["tsn"].keys()
    assert set(fields.DATASET.keys()) <= data["datasets"]["ucf101"].keys()
    entry = data["models"][0]
    assert set(fields.ENTRY.keys()) <= entry.keys() | {"results"}
    assert set(fields.RESULT.keys()) <= entry.keys() | entry["results"][0].keys()


def test_the_page_on_formats_names_every_format() -> None:
    assert list(rows_of("In")) == list(IMPORTS)
    assert list(rows_of("Out")) == list(EXPORTS)


@pytest.mark.parametrize("name", [name for name in EXPORTS if name not in {"json", "bibtex"}])
def test_what_a_format_does_not_carry_is_what_the_page_says(full: Any, name: str) -> None:
    losses = Losses()
    {**FILES, **TEXTS}[name](full, losses)
    text = (DOCS / "reference" / "formats.md").read_text(encoding="utf-8")
    (all_lose,) = re.findall(r"^None of them but `json` carries (.*)$", text, re.MULTILINE)
    assert losses.lines
    said = {each for line in losses.lines for each in lost_name(line)}
    own = codes(rows_of("Out")[name][2])
    assert own | codes(all_lose) == said
    assert not own & codes(all_lose)


@pytest.mark.parametrize(
    ("file", "start"),
    [
        ("page.rst", ""),
        ("page.rest", ""),
        ("page.txt", ""),
        ("table.csv", "Name,Top-1\n"),
        ("table.tsv", "Name\tTop-1\n"),
        ("model-index.yml", "Import: []\n"),
        ("metafile.yml", "Models: []\n"),
        ("README.md", ""),
        ("results.yaml", "- {dataset: {id: a}, value: 1}\n"),
        ("results-a.csv", "model,param_count,top1\n"),
    ],
)
def test_the_files_on_the_page_are_recognised(tmp_path: Path, file: str, start: str) -> None:
    path = tmp_path / file
    path.write_text(start, encoding="utf-8")
    name = recognised(path)
    assert name in IMPORTS
    shown = rows_of("In")[name][1]
    assert path.name in shown or path.suffix in shown
