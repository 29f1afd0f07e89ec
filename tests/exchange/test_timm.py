from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_modelzoo.errors import ModelZooError
from tests.exchange.conftest import Import, manifest_of

HEADER = "model,img_size,top1,top1_err,top5,top5_err,param_count,crop_pct,interpolation\n"


def test_a_results_table_is_read(imported: Import, data: Path) -> None:
    zoo = imported(data / "timm" / "results-imagenet.csv")
    entry = zoo.entries[2]
    assert entry.name == "eva_giant_patch14_560.m30m_ft_in22k_in1k"
    assert entry.parameters == 1_014_450_000
    (result,) = entry.results
    assert {key: each.text for key, each in result.numbers.items()} == {
        "top1": "89.790",
        "top5": "98.990",
    }
    assert zoo.protocols[result.protocol].settings == {
        "input_size": 560,
        "crop_pct": "1.000",
        "interpolation": "bicubic",
    }
    dataset = zoo.datasets["imagenet"]
    assert (dataset.samples, dataset.classes, dataset.split) == (50_000, 1000, "validation")
    assert zoo.loader == "timm"


def test_protocols_are_named_by_what_tells_them_apart(imported: Import, tmp_path: Path) -> None:
    path = tmp_path / "results-imagenet-a.csv"
    path.write_text(
        HEADER
        + "a.x,224,70.1,29.9,90.1,9.9,1.0,0.900,bicubic\n"
        + "b.x,224,71.1,28.9,91.1,8.9,1.0,1.000,bicubic\n"
        + "c.x,448,72.1,27.9,92.1,7.9,1.0,1.000,bicubic\n",
        encoding="utf-8",
    )
    zoo = imported(path)
    assert list(zoo.protocols) == ["size-224-crop-0.900", "size-224-crop-1.000", "size-448"]
    assert zoo.entries[0].results[0].dataset == "imagenet-a"


def test_an_error_that_does_not_fit_its_accuracy_is_kept_and_said(
    imported: Import, tmp_path: Path
) -> None:
    path = tmp_path / "results-sketch.csv"
    path.write_text(HEADER + "a.x,224,70.1,28.9,90.1,9.9,1.0,0.9,bicubic\n", encoding="utf-8")
    assert "# top1_err is 28.9, which is not what is missing to 100" in manifest_of([path])
    assert imported(path).entries[0].results[0].numbers["top1_err"].text == "28.9"


def test_a_short_line_is_an_error_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "results-imagenet.csv"
    path.write_text(HEADER + "a.x,224,70.1\n", encoding="utf-8")
    with pytest.raises(ModelZooError) as caught:
        manifest_of([path])
    assert "results-imagenet.csv:2:1: 3 values under 9 titles" in str(caught.value)


def test_a_table_that_is_not_timms_is_refused_when_it_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Name,Top-1\nnet,70\n", encoding="utf-8")
    with pytest.raises(ModelZooError) as caught:
        manifest_of([path], "timm")
    assert "not a results table of timm" in str(caught.value)
