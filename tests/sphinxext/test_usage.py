"""The download hints."""

from __future__ import annotations

import pytest

from .conftest import Project

MODELS = """
    zoo: 1
    usage: {default: "load('{name}')", hashtag: "load('{architecture}', '{hashtag}')"}
    datasets:
      birds: {title: Birds}
    models:
"""
ALONE = '      - {name: wren, hashtag: "1", dataset: birds, top1: 90.0}\n'
PAIR = (
    '      - {name: auk, hashtag: "2", dataset: birds, top1: 90.0, default: true}\n'
    '      - {name: auk, hashtag: "3", dataset: birds, top1: 80.0, architecture: Auk}\n'
)


def hint(project: Project, argument: str = "") -> tuple[str, list[str], list[str]]:
    """Give the hint's text, its lines of code, and the build's warnings."""
    project.page(f".. zoo:usage:: {argument}\n")
    build = project.build(suppress_warnings=["toc"])
    found = build.soup().select_one("div.hint")
    if found is None:
        return "", [], build.warnings
    text = " ".join(found.get_text().split())
    return text, [code.get_text() for code in found.select("li code")], build.warnings


def test_the_seed_zoos_hint(project: Project) -> None:
    text, codes, warnings = hint(project)
    assert warnings == []
    assert codes == [
        "net = get_model('inceptionv3_ucf101', pretrained=True)",
        "net = get_model('inceptionv3_ucf101', pretrained='0c453da8')",
    ]
    assert "a grey name are not the default" in text
    assert "train_recognizer.py" in text
    assert "test_recognizer.py" in text


def test_a_named_model_is_the_example(project: Project) -> None:
    _, codes, _ = hint(project, "vgg16_ucf101")
    assert codes[1] == "net = get_model('vgg16_ucf101', pretrained='05e319d4')"


def test_without_a_model_the_first_that_shows_both_ways_is_the_example(project: Project) -> None:
    project.write("zoo.yaml", MODELS + ALONE + PAIR)
    text, codes, warnings = hint(project)
    assert warnings == []
    assert codes == ["load('auk')", "load('Auk', '3')"]
    assert "grey" not in text, "no name is grey in this zoo"
    assert "Those that are not the default are asked for by hashtag" in text


def test_a_zoo_of_defaults_says_nothing_of_several_weights(project: Project) -> None:
    project.write("zoo.yaml", MODELS + ALONE)
    text, codes, _ = hint(project)
    assert codes == ["load('wren')", "load('wren', '1')"]
    assert "several" not in text


@pytest.mark.parametrize(
    ("argument", "old", "new", "message"),
    [
        ("vgg16_ucf10", "", "", "there is no model 'vgg16_ucf10'; did you mean 'vgg16_ucf101'?"),
        ("", "usage:", "# usage:", "the manifest does not say how its models are used"),
    ],
)
def test_what_cannot_be_shown_is_a_warning(
    project: Project, argument: str, old: str, new: str, message: str
) -> None:
    if old:
        text = project.manifest.read_text(encoding="utf-8")
        start, end = text.index("usage:"), text.index("papers:")
        project.manifest.write_text(text[:start] + text[end:], encoding="utf-8")
    text, _, warnings = hint(project, argument)
    assert text == ""
    assert len(warnings) == 1
    assert message in warnings[0]
    assert "index.rst:1:" in warnings[0]
    assert new in {"", "# usage:"}


def test_a_script_that_is_missing_is_named_with_its_place_in_the_manifest(project: Project) -> None:
    (project.root / "scripts" / "action-recognition" / "test_recognizer.py").unlink()
    text, _, warnings = hint(project)
    assert "test_recognizer.py" in text
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{project.manifest}:7:3: WARNING: there is no file ")
    assert warnings[0].endswith("[zoo.file]")
