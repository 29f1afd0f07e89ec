"""Listed values in prose."""

from __future__ import annotations

import pytest
from docutils import nodes

from .conftest import CONF, Build, Project
from .receipts import verify

ZOO = """
    zoo: 1
    datasets:
      coco: {title: COCO, samples: 5000, license: CC-BY-4.0}
      voc: {title: VOC, samples: 4952}
    metrics:
      map: {title: mAP, unit: "%"}
      speed: {title: Speed, unit: images/s}
    protocols:
      p320: {recognizer: r, input_size: 320}
      p608: {recognizer: r, input_size: 608}
    models:
      - name: yolo3
        hashtag: 11111111
        default: true
        parameters: 61949149
        license: MIT
        details: {Pretrained on: ImageNet}
        results:
          - {dataset: coco, protocol: p320, map: 33.6, speed: 45}
          - {dataset: coco, protocol: p608, map: 36.0}
          - {dataset: voc, map: 81.50, top1: 90.0}
      - {name: yolo3, hashtag: 22222222, dataset: coco, map: 20.1}
      - {name: yolo 4 tiny, dataset: coco, map: 21.7}
"""


@pytest.fixture
def detection(project: Project) -> Project:
    project.write("zoo.yaml", ZOO)
    project.write("docs/conf.py", CONF.replace('"]', '", "myst_parser"]'))
    return project


def shown(project: Project, text: str) -> Build:
    project.page(f":zoo:value:`{text}`\n")
    return project.build("text", suppress_warnings=["toc"])


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("yolo3 coco p320 map", "33.6"),
        ("yolo3 p608 map", "36.0"),
        ("yolo3 p608 coco map", "36.0"),
        ("yolo3 voc map", "81.50"),
        ("yolo3@11111111 voc map unit", "81.50\xa0%"),
        ("yolo3 speed unit", "45\xa0images/s"),
        ("yolo3@22222222 map", "20.1"),
        ("yolo 4 tiny map", "21.7"),
        ("yolo3 parameters", "61.9M"),
        ("yolo3 parameters unit", "61.9M"),
        ("yolo3 license", "MIT"),
        ("yolo3 hashtag", "11111111"),
        ("yolo3 pretrained_on", "ImageNet"),
        ("yolo3@22222222 dataset", "COCO"),
        ("yolo3 top1_interval unit", "89.1 to 90.8\xa0%"),
        ("coco samples", "5000"),
        ("coco license", "CC-BY-4.0"),
        ("../zoo.yaml#coco title", "COCO"),
        ("../zoo.yaml#yolo 4 tiny map", "21.7"),
    ],
)
def test_words_find_a_value_as_tables_show_it(detection: Project, words: str, value: str) -> None:
    build = shown(detection, words)
    assert build.warnings == []
    assert build.doctree().astext() == value


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "yolo3 map",
            (
                "'yolo3@11111111' lists several 'map'; write one of: "
                "'yolo3@11111111 coco p320 map', "
                "'yolo3@11111111 coco p608 map', 'yolo3@11111111 voc map' [zoo.value]"
            ),
        ),
        (
            "yolo3 coco map",
            (
                "'yolo3@11111111' lists several 'map'; write one of: "
                "'yolo3@11111111 coco p320 map', "
                "'yolo3@11111111 coco p608 map' [zoo.value]"
            ),
        ),
        ("yolo3 voc mapp", "models have no 'mapp'; did you mean 'map'? [zoo.value]"),
        (
            "yolo3 vocs map",
            "'yolo3@11111111' has no results for 'vocs'; did you mean 'voc'? [zoo.value]",
        ),
        (
            "yolo3 voc p320 map",
            "'yolo3@11111111' has no results for 'p320'; known: voc [zoo.value]",
        ),
        ("yolo3 size", "lists no 'size'; write it at {manifest}:12:11, or name other weights: "),
        ("yolo 4 tiny speed", "'yolo 4 tiny' lists no 'speed'; write it at {manifest}:23:12 ["),
        ("yolo4 map", "there is no model 'yolo4'; did you mean 'yolo3'? [zoo.model]"),
        ("yolo3", "'yolo3' is no value; write a model and what to show of it"),
        ("coco sample", "data sets have no 'sample'; did you mean 'samples'? [zoo.value]"),
        ("voc license", "the data set 'voc' lists no 'license'; write it at {manifest}:4:3 ["),
    ],
)
def test_words_that_find_none_or_several_are_a_warning_and_stand_as_they_are(
    detection: Project, words: str, message: str
) -> None:
    build = shown(detection, words)
    assert len(build.warnings) == 1
    assert build.warnings[0].startswith(f"{detection.root}/docs/index.rst:1: WARNING: ")
    assert message.format(manifest=detection.manifest) in build.warnings[0]
    assert build.doctree().astext() == words


RST = """
    Value :zoo:value:`yolo3 voc map`
    ================================

    .. |best| replace:: **at** :zoo:value:`yolo3 voc map`

    Substituted |best|.

    .. list-table:: Caption :zoo:value:`yolo3 voc map`

       * - :zoo:value:`yolo3 voc map`

    .. figure:: none.png

       :zoo:value:`yolo3 voc map`
"""
MYST = """
    # Value {zoo:value}`yolo3 voc map`

    Substituted {{ best }}.

    | {zoo:value}`yolo3 voc map` |
    | --- |
    | {zoo:value}`yolo3 voc map` |

    ```{figure} none.png

    {zoo:value}`yolo3 voc map`
    ```
"""


@pytest.mark.filterwarnings("ignore:.*myst_parser.*app.*:PendingDeprecationWarning")
@pytest.mark.parametrize(("name", "page"), [("index.rst", RST), ("index.md", MYST)])
@pytest.mark.parametrize("builder", ["html", "text", "latex"])
def test_values_stand_wherever_text_does(
    detection: Project, name: str, page: str, builder: str
) -> None:
    detection.write("docs/none.png", "")
    detection.page(page, name)
    build = detection.build(
        builder,
        suppress_warnings=["toc"],
        myst_enable_extensions=["substitution"],
        myst_substitutions={"best": "**at** {zoo:value}`yolo3 voc map`"},
    )
    output = {"html": "index.html", "text": "index.txt", "latex": "zoo.tex"}[builder]
    in_title = builder != "latex"  # where the first page's title is the book's
    assert build.text(output).count("81.50") >= 4 + in_title
    assert build.app.env.titles["index"].astext() == "Value 81.50"
    parents = {type(text.parent) for text in build.doctree().findall(nodes.Text) if "81.50" in text}
    assert {nodes.title, nodes.paragraph, nodes.caption} <= parents, "it is text like any other"


def test_a_model_and_a_data_set_of_one_name_are_told_apart_by_what_is_asked(
    detection: Project,
) -> None:
    detection.edit("zoo.yaml", "name: yolo 4 tiny", "name: voc")
    assert shown(detection, "voc map").doctree().astext() == "21.7"
    assert shown(detection, "voc samples").doctree().astext() == "4952"


def test_the_search_finds_a_value(detection: Project) -> None:
    detection.page("Page\n====\n\n:zoo:value:`yolo3 pretrained_on`\n")
    index = detection.build().text("searchindex.js")
    assert '"imagenet"' in index


def test_a_manifest_that_is_wrong_is_warned_of_once_and_the_words_stay(detection: Project) -> None:
    detection.edit("zoo.yaml", "81.50", "much")
    build = shown(detection, "yolo3 voc map")
    assert [line.split("[")[-1] for line in build.warnings] == ["zoo.manifest]"]
    assert build.doctree().astext() == "yolo3 voc map"


def test_an_interval_is_that_of_the_count_where_a_receipt_has_one(project: Project) -> None:
    words = "vgg16_ucf101@d6dc1bba top1_interval"
    assert shown(project, words).doctree().astext() == "82.2 to 84.6"
    verify(project.manifest, project.root / "receipts", "vgg16_ucf101@d6dc1bba", correct=3140)
    build = project.build("text", suppress_warnings=["toc"])
    assert build.read == {"index"}
    assert build.doctree().astext() == "81.8 to 84.2"
