from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_modelzoo.errors import ManifestError, ModelZooError
from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.exchange.openmmlab_export import export_metafile
from sphinx_modelzoo.manifest.model import Zoo
from tests.exchange.conftest import Import, manifest_of, said


def test_a_metafile_becomes_entries_with_all_that_it_says(imported: Import, data: Path) -> None:
    zoo = imported(data / "openmmlab" / "tsn.metafile.yml")
    entry = zoo.entries[0]
    assert entry.name == "tsn_imagenet-pretrained-r50_8xb32-1x1x3-100e_kinetics400-rgb"
    assert entry.hashtag == "cd10898e"
    assert entry.weights.endswith(f"{entry.name}_20220906-cd10898e.pth")
    assert entry.parameters == 24_330_000
    assert entry.details["FLOPs"] == "102.7G"
    assert entry.details["Modality"] == "RGB"
    assert entry.papers == ("TSN",)
    result = entry.results[0]
    assert {key: each.text for key, each in result.numbers.items()} == {
        "top1": "72.83",
        "top5": "90.65",
    }
    assert zoo.metrics["top1"].title == "Top 1 Accuracy"
    assert result.links["config"].file == f"configs/recognition/tsn/{entry.name}.py"
    assert result.links["train_log"].url.endswith(f"/{entry.name}/{entry.name}.log")
    assert zoo.loader == "mmaction2"
    assert zoo.entries[2].details["Alias"] == "TSN"


def test_addresses_are_folded_into_templates(data: Path) -> None:
    text = manifest_of([data / "openmmlab" / "tsn.metafile.yml"])
    assert 'weights: "{base}/{name}/{name}_20220906-{hashtag}.pth"' in text
    assert 'url: "{base}/{name}/{name}.log"' in text
    assert 'file: "configs/recognition/tsn/{name}.py"' in text


def test_two_models_of_one_name_and_other_facts_are_kept_and_reported(
    imported: Import, data: Path
) -> None:
    path = data / "openmmlab" / "tsm.metafile.yml"
    assert "# MEND: 2 entries have this name and hashtag (this is tsm.metafile.yml:" in manifest_of(
        [path]
    )
    with pytest.raises(ManifestError) as caught:
        imported(path)
    assert len(caught.value.problems) == 1
    assert "efcc0d1b stands twice" in str(caught.value)


def test_results_of_two_tasks_on_one_data_set_are_one_result(imported: Import, data: Path) -> None:
    zoo = imported(data / "openmmlab" / "two-tasks.metafile.yml")
    entry = zoo.entries[0]
    (result,) = entry.results
    assert {key: each.text for key, each in result.numbers.items()} == {
        "box_ap": "40.6",
        "mask_ap": "36.6",
    }
    assert entry.details["Task"] == "Object Detection; Instance Segmentation"
    assert zoo.papers["InstaBoost"].url == "https://arxiv.org/abs/1908.07801"
    assert zoo.entries[1].results == ()


def test_a_single_result_and_a_list_of_times_are_read(imported: Import, data: Path) -> None:
    zoo = imported(data / "openmmlab" / "one-result.metafile.yml")
    entry = zoo.entries[0]
    assert {key: each.text for key, each in entry.results[0].numbers.items()} == {
        "miou": "65.63",
        "miou_ms_flip": "68.04",
    }
    assert zoo.metrics["miou_ms_flip"].direction == "higher"
    assert entry.details["inference time (ms/im)"].startswith("value 32.78, hardware V100")


def test_an_index_names_what_is_not_there(imported: Import, data: Path) -> None:
    path = data / "openmmlab" / "model-index.yml"
    assert len(imported(path).entries) == 3
    assert "# Not there, so not imported: model-index.yml:3: gone/metafile.yml" in manifest_of(
        [path]
    )


@pytest.mark.parametrize(
    ("text", "said_there"),
    [
        ("Import:\n  - gone.yml\n", "none of the 1 files"),
        ("Import:\n  - ../other.yml\n", "model-index.yml:2:5: 'Import' names '../other.yml'"),
        ("Models:\n  - Config: a.py\n", "model-index.yml:2:5: a model has no 'Name'"),
        ("Models: {a: [}\n", "model-index.yml:1:"),
        ("Something: else\n", "neither OpenMMLab's"),
        ("zoo: 1\n", "this is a manifest already"),
    ],
)
def test_wrong_metafiles_are_errors_with_a_place(
    tmp_path: Path, text: str, said_there: str
) -> None:
    path = tmp_path / "model-index.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelZooError) as caught:
        manifest_of([path])
    assert said_there in str(caught.value)


@pytest.mark.parametrize("name", ["tsn", "two-tasks", "one-result"])
def test_import_export_and_import_give_the_same(
    imported: Import, data: Path, tmp_path: Path, name: str
) -> None:
    first = imported(data / "openmmlab" / f"{name}.metafile.yml")
    again = tmp_path / "metafile.yml"
    again.write_text(export_metafile(first, Losses()), encoding="utf-8")
    second = imported(again)
    assert said(second) == said(first)
    assert {key: paper.title for key, paper in second.papers.items()} == {
        key: paper.title for key, paper in first.papers.items()
    }


def test_a_page_survives_a_metafile_but_for_what_is_named(
    imported: Import, data: Path, tmp_path: Path
) -> None:
    first = imported(data / "pages" / "detection.rst")
    losses = Losses()
    again = tmp_path / "metafile.yml"
    again.write_text(export_metafile(first, losses), encoding="utf-8")
    second = imported(again)
    assert _without_task(second) == _without_task(first)
    assert any(line.startswith("data set voc: notes not carried") for line in losses.lines)


def _without_task(zoo: Zoo) -> list[dict[str, object]]:
    # A page does not say its task; the metafile's is told from the metrics.
    found = said(zoo)
    for entry in found:
        details = entry["details"]
        assert isinstance(details, dict)
        details.pop("Task", None)
    return found
