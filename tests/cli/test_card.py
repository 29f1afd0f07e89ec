"""``modelzoo card`` as users meet it."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from sphinx_modelzoo.cli.modelzoo import main
from sphinx_modelzoo.demo.locate import demo_manifest

MANIFEST = """\
zoo: 1
usage: {default: "load('{name}')", hashtag: "load('{name}', '{hashtag}')"}
links:
  log: {title: Log, text: log, file: "logs/{name}.log"}
datasets:
  ucf101: {title: UCF101, samples: 3783}
metrics:
  top1: {title: Top-1, top: 1}
models:
  - {name: vgg16, hashtag: d6dc1bba, default: true, dataset: ucf101, top1: 83.4}
  - {name: vgg16, hashtag: 05e319d4, dataset: ucf101, top1: 81.5}
  - {name: resnet50, hashtag: 0ecdba34, default: true, dataset: ucf101, top1: 70.1}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a manifest and a log, where the command is called."""
    (tmp_path / "zoo.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "vgg16.log").write_text("log\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_name_stands_for_all_its_weights(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["card", "vgg16"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("# vgg16\n")
    for text in ("83.4 %", "81.5 %", "### 05e319d4", "82.2 to 84.6", "[log](<logs/vgg16.log>)"):
        assert text in printed.out
    assert "70.1" not in printed.out


def test_a_hashtag_chooses_one_set_of_weights(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["card", "vgg16@05e319d4"]) == 0
    text = capsys.readouterr().out
    assert "load('vgg16', '05e319d4')" in text
    assert "83.4" not in text


def test_an_unknown_name_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["card", "vgg61"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "zoo.yaml: there is no model 'vgg61'; did you mean 'vgg16'?\n"
    assert main(["card", "vgg16@d6dc1bbb"]) == 2
    assert "did you mean 'vgg16@d6dc1bba'?" in capsys.readouterr().err
    assert main(["card", "zzz"]) == 2
    assert "known: vgg16, resnet50" in capsys.readouterr().err


def test_links_are_from_the_folder_of_the_card(folder: Path) -> None:
    assert main(["card", "vgg16", "-o", "cards/vgg16/README.md"]) == 0
    text = (folder / "cards" / "vgg16" / "README.md").read_text(encoding="utf-8")
    assert "[log](<../../logs/vgg16.log>)" in text


def test_a_file_that_is_there_is_written_over_only_by_force(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "README.md").write_text("mine\n", encoding="utf-8")
    assert main(["card", "vgg16", "-o", "README.md"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["card", "vgg16", "-o", "README.md", "--force"]) == 0
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# vgg16")


def test_a_hyphen_means_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["card", "resnet50", "-o", "-"]) == 0
    assert capsys.readouterr().out.startswith("# resnet50")


def test_a_template_changes_one_block(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        '{% extends "!zoo/card.md" %}\n{% block title %}\n# Our {{ card.name }}\n\n{% endblock %}'
    )
    (folder / "our.md").write_text(text, encoding="utf-8")
    assert main(["card", "vgg16", "--template", "our.md"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("# Our vgg16\n")
    assert "## Results" in printed


def test_a_mistake_in_a_template_names_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "our.md").write_text("one\n{{ card.nmae }}\n", encoding="utf-8")
    assert main(["card", "vgg16", "--template", "our.md"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("our.md:2: the template uses what is not there: ")
    assert "Traceback" not in error
    assert main(["card", "vgg16", "--template", "none.md"]) == 2
    assert capsys.readouterr().err == "none.md: there is no such template; name a file\n"


def test_a_manifest_that_is_wrong_ends_with_its_places(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "zoo.yaml").write_text(MANIFEST.replace("83.4", "many"), encoding="utf-8")
    assert main(["card", "vgg16"]) == 2
    assert capsys.readouterr().err.startswith("zoo.yaml:10:")


def test_damaged_receipts_are_named_and_passed_over(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "seen" / "vgg16@d6dc1bba" / "ucf101.top1.json"
    path.parent.mkdir(parents=True)
    path.write_text("{", encoding="utf-8")
    assert main(["card", "vgg16", "--receipts", "seen"]) == 0
    printed = capsys.readouterr()
    assert "the receipt cannot be read" in printed.err
    assert "○ claimed" in printed.out


def test_the_card_is_markdown_with_its_tables(capsys: pytest.CaptureFixture[str]) -> None:
    manifest = str(demo_manifest())
    assert main(["card", "cifar_resnet20_v1_shapes10", "--manifest", manifest]) == 0
    html = MarkdownIt("commonmark").enable("table").render(capsys.readouterr().out)
    assert html.count("<table>") == 3
    assert html.count("<h1>") == 1
    assert "|---" not in html
