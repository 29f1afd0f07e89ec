from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from sphinx_modelzoo.cli import export_zoo, import_zoo
from sphinx_modelzoo.cli.command import run_command
from sphinx_modelzoo.manifest.reader import read_zoo

SEED = Path(__file__).parents[2] / "zoo.yaml"


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    import_zoo.add_parser(commands)
    export_zoo.add_parser(commands)
    arguments = parser.parse_args([str(word) for word in words])
    return run_command(lambda: int(arguments.run(arguments)), debug=False)


def test_import_writes_a_manifest_and_overwrites_none(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, output = data / "gluoncv" / "action_recognition.rst", tmp_path / "new" / "zoo.yaml"
    assert run("import", page, "-o", output) == 0
    assert len(read_zoo(output).entries) == 4
    assert run("import", page, "-o", output) == 2
    assert "is there already" in capsys.readouterr().err
    assert run("import", page, "-o", output, "--force") == 0
    assert sorted(path.name for path in output.parent.iterdir()) == ["zoo.yaml"]


def test_import_to_standard_output_prints_the_manifest_alone(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", data / "timm" / "results-imagenet.csv", "-o", "-") == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("# Imported from results-imagenet.csv (timm).\nzoo: 1\n")
    assert printed.err == "standard output: 6 models imported\n"


def test_a_mistake_of_the_source_is_written_and_named_with_its_place(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "zoo.yaml"
    assert run("import", data / "openmmlab" / "tsm.metafile.yml", "-o", output) == 2
    said = capsys.readouterr().err
    line = int(said.removeprefix(f"{output}:").partition(":")[0])
    assert "stands twice" in said
    lines = output.read_text(encoding="utf-8").splitlines()
    assert "name: tsm_imagenet-pretrained-r101_8xb16-1x1x8-50e_sthv2-rgb" in lines[line - 1]
    assert any("# MEND" in each for each in lines)


def test_errors_of_all_files_are_said_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n", encoding="utf-8")
    (tmp_path / "b.bin").write_bytes(b"\0\1")
    output = tmp_path / "zoo.yaml"
    missing = tmp_path / "c.rst"
    assert run("import", tmp_path / "a.csv", tmp_path / "b.bin", missing, "-o", output) == 2
    said = capsys.readouterr().err
    assert "a.csv: not a table of models" in said
    assert "b.bin: the format is not recognised; say it with --from" in said
    assert "c.rst: cannot be read: no such file" in said
    assert not output.exists()


@pytest.mark.parametrize("target", ["openmmlab", "cyclonedx", "csv", "json", "bibtex"])
def test_export_writes_a_file_and_overwrites_none(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    assert run("export", SEED, "--to", target, "-o", output) == 0
    assert output.stat().st_size > 100
    assert run("export", SEED, "--to", target, "-o", output) == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["csv", "huggingface"])
def test_the_home_of_nobody_is_a_wrong_call(
    target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", SEED, "--to", target, "-o", "~no-such-user/out") == 2
    assert "names a home folder that is not known; write the whole path" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["huggingface", "eval-results"])
def test_export_writes_a_folder_for_each_model(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    assert run("export", SEED, "--to", target, "-o", output) == 0
    assert sorted(path.name for path in output.iterdir()) == [
        "inceptionv3_ucf101-0c453da8",
        "inceptionv3_ucf101-13ef5c3b",
        "vgg16_ucf101-05e319d4",
        "vgg16_ucf101-d6dc1bba",
    ]
    assert run("export", SEED, "--to", target, "-o", "-") == 2
    assert "name a folder with -o" in capsys.readouterr().err


def test_what_was_not_carried_is_said_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("export", SEED, "--to", "openmmlab", "-o", "-") == 0
    printed = capsys.readouterr()
    assert "inceptionv3_ucf101@0c453da8: tags not carried\n" in printed.err
    assert printed.out.startswith("Collections:\n")
