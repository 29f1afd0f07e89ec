from __future__ import annotations

from pathlib import Path

import pytest
from docutils.parsers.rst import directives, roles

from sphinx_modelzoo.errors import ManifestError, ModelZooError
from sphinx_modelzoo.exchange.formats import import_files
from sphinx_modelzoo.exchange.write import write_manifest
from sphinx_modelzoo.manifest.reader import read_zoo
from tests.exchange.conftest import Import, manifest_of

SEED = Path(__file__).parents[2] / "zoo.yaml"


def test_the_seed_page_gives_the_rows_of_the_seed_manifest(imported: Import, data: Path) -> None:
    page = imported(data / "gluoncv" / "action_recognition.rst")
    seed = read_zoo(SEED)
    assert [entry.key for entry in page.entries] == [entry.key for entry in seed.entries]
    for found, wanted in zip(page.entries, seed.entries, strict=True):
        assert (found.papers, found.tags, found.default) == (
            wanted.papers,
            wanted.tags,
            wanted.default,
        )
        (result,), (like,) = found.results, wanted.results
        assert result.dataset == like.dataset
        assert {key: each.text for key, each in result.numbers.items()} == {
            key: each.text for key, each in like.numbers.items()
        }
        assert {key: (link.text, link.url) for key, link in result.links.items()} == {
            key: (link.text, link.url) for key, link in like.links.items()
        }
    assert [paper.title for paper in page.papers.values()] == [
        paper.title for paper in seed.papers.values()
    ]
    assert [paper.authors for paper in page.papers.values()] == [
        paper.authors for paper in seed.papers.values()
    ]
    assert page.usage is not None
    assert seed.usage is not None
    for part in ("model", "default", "hashtag", "train", "test"):
        assert getattr(page.usage, part) == getattr(seed.usage, part)


def test_the_seed_page_becomes_templates_that_a_person_would_write(data: Path) -> None:
    text = manifest_of([data / "gluoncv" / "action_recognition.rst"])
    assert 'url: "{base}/{dataset}/{log}.sh"' in text
    assert 'url: "{base}/{dataset}/{log}.log"' in text
    assert text.count("raw.githubusercontent.com") == 1
    assert "# what the role 'tsntag' shows stands in the source's style sheet" in text


def test_hashtags_that_yaml_would_misread_are_quoted(imported: Import, data: Path) -> None:
    text = manifest_of([data / "gluoncv" / "HMDB51.csv"])
    assert 'hashtag: "682591e2"' in text
    assert "hashtag: ba66ee4b" in text
    zoo = imported(data / "gluoncv" / "HMDB51.csv")
    assert zoo.entries[0].hashtag == "682591e2"


def test_text_columns_are_details_and_empty_links_are_left_out(
    imported: Import, data: Path
) -> None:
    zoo = imported(data / "gluoncv" / "Kinetics700.csv", data / "gluoncv" / "UCF101.csv")
    entry = zoo.entries[0]
    assert entry.details == {"Pretrained": "Scratch", "Segments": "1", "Clip Length": "16 (64/4)"}
    assert entry.results[0].links == {}
    assert entry.results[0].dataset == "kinetics700"
    assert zoo.datasets["kinetics700"].title == "Kinetics700"


def test_a_guessed_default_and_unknown_papers_are_said(data: Path) -> None:
    text = manifest_of([data / "gluoncv" / "UCF101.csv"])
    assert text.count("default: true # a guess: the source does not say") == 3
    assert "# these papers are cited by number only: write what they are" in text
    assert text.index("reference-1:") < text.index("reference-3:") < text.index("reference-4:")


def test_the_loaders_default_is_the_default_where_the_source_says_none(data: Path) -> None:
    draft = import_files([data / "gluoncv" / "UCF101.csv"])
    draft.defaults = {"i3d_resnet50_v1_ucf101": ("760d0981094787b8789ee4a8c382d09d493c7413",)}
    text = write_manifest(draft)
    assert text.count("# a guess: the source does not say") == 2
    chosen = text[: text.index("default: true\n")]
    assert chosen[chosen.rindex("hashtag") :].split() == ["hashtag:", "760d0981"]


def test_a_link_that_does_not_fit_the_template_is_written_out(imported: Import, data: Path) -> None:
    zoo = imported(data / "gluoncv" / "Something-Something-V2_torch.csv")
    links = [entry.results[0].links["config"].url for entry in zoo.entries]
    assert links[0].endswith("/resnet18_v1b_sthsthv2.yaml")
    assert links[1].endswith("/i3d_resnet50_v1_sthsthv2.yaml")


def test_one_name_at_three_sizes_is_one_entry_with_three_results(
    imported: Import, data: Path
) -> None:
    zoo = imported(data / "pages" / "detection.rst")
    (entry,) = [each for each in zoo.entries if each.name == "yolo3_darknet53_coco"]
    sizes = [zoo.protocols[result.protocol].settings["input_size"] for result in entry.results]
    assert sizes == [320, 416, 608]
    assert {key: each.text for key, each in entry.results[1].numbers.items()} == {
        "box_ap": "36.0",
        "box_ap_0.5": "57.2",
        "box_ap_0.75": "38.7",
        "flops": "69.3G",
    }
    assert entry.parameters == 35_400_000
    assert zoo.metrics["flops"].direction == "lower"


def test_an_asterisk_is_a_footnote_and_its_text_is_found(imported: Import, data: Path) -> None:
    zoo = imported(data / "pages" / "detection.rst")
    (entry,) = [each for each in zoo.entries if each.name.endswith("int8")]
    assert entry.name == "ssd_300_vgg16_atrous_voc_int8"
    assert entry.note == "Quantized with INT8."
    assert entry.results[0].links == {}


def test_substituted_links_and_metrics_named_in_brackets_are_read(
    imported: Import, data: Path
) -> None:
    zoo = imported(data / "pages" / "detection.rst")
    (entry,) = [each for each in zoo.entries if each.name == "center_net_resnet18_v1b_voc"]
    result = entry.results[0]
    assert result.dataset == "voc"
    assert {key: each.text for key, each in result.numbers.items()} == {
        "map_orig": "66.8",
        "map_f": "69.5",
    }
    assert result.links["train_command"].url == "https://example.org/logs/center.sh"
    assert zoo.metrics["map_f"].title == "mAP (F)"


def test_notes_and_cited_papers_of_a_page_are_carried(imported: Import, data: Path) -> None:
    zoo = imported(data / "pages" / "detection.rst")
    assert list(zoo.papers) == ["liu2016ssd", "redmon2018yolov3", "zhou2019objects"]
    assert zoo.papers["redmon2018yolov3"].authors == ("Joseph Redmon", "Ali Farhadi")
    notes = zoo.datasets["voc"].notes
    assert "Quantized SSD models are evaluated with `nms_thresh=0.45`, `nms_topk=200`." in notes
    assert not any("Checkout" in note for note in notes)


def test_depth_pose_and_segmentation_tables_are_read(imported: Import, data: Path) -> None:
    pages = data / "pages"
    zoo = imported(
        *(pages / name for name in ("KITTI.csv", "PoseNet.csv", "SS_Pascal-VOC.csv")),
        pages / "MSCOCO_Simple-Pose.csv",
    )
    numbers = {
        entry.key: {key: each.text for key, each in entry.results[0].numbers.items()}
        for entry in zoo.entries
    }
    assert numbers["monodepth2_resnet18_kitti_stereo_640x192@83eea4a9"] == {
        "abs_rel_error": "0.114",
        "delta_lt_1.25": "0.860",
    }
    assert numbers["monodepth2_resnet18_posenet_kitti_mono_640x192"]["sequence_09"] == "0.021"
    assert (
        numbers["monodepth2_resnet18_posenet_kitti_mono_640x192"]["sequence_09_deviation"]
        == "0.012"
    )
    assert numbers["fcn_resnet101_voc"] == {"miou": "83.6"}
    assert numbers["simple_pose_resnet18_v1b@ccd24037"]["oks_ap_with_flip_0.75"] == "60.3"
    assert zoo.metrics["abs_rel_error"].direction == "lower"
    assert zoo.metrics["delta_lt_1.25"].direction == "higher"
    protocols = {entry.key: entry.results[0].protocol for entry in zoo.entries}
    assert protocols["simple_pose_resnet18_v1b@ccd24037"] == "128x96"
    assert zoo.entries[0].details == {"Modality": "Stereo"}


@pytest.mark.parametrize(
    ("header", "cell", "key", "text", "unit"),
    [
        ("Speedup (to original ResNet)", "1.68x", "speedup_to_original_resnet", "1.68", "x"),
        ("Top-1 (%)", "83.40", "top1", "83.40", "%"),
        ("Top1 Acc", "83.4%", "top1", "83.4", "%"),
        ("Acc@5", "97.1", "top5", "97.1", "%"),
        ("mIoU(ms+flip)", "68.04", "miou_ms_flip", "68.04", ""),
        ("Latency (ms)", "12.5", "latency", "12.5", "ms"),
        ("FLOPs", "4.1G", "flops", "4.1G", ""),
    ],
)
def test_headers_name_metrics_and_units(  # noqa: PLR0917 - a case's parts
    imported: Import, tmp_path: Path, header: str, cell: str, key: str, text: str, unit: str
) -> None:
    path = tmp_path / "CIFAR10.csv"
    path.write_text(f"Model,{header}\nnet_a,{cell}\n", encoding="utf-8")
    zoo = imported(path)
    assert zoo.entries[0].results[0].numbers[key].text == text
    assert zoo.metrics[key].unit == unit


def test_a_download_cell_gives_weights_hashtag_and_log(imported: Import, tmp_path: Path) -> None:
    path = tmp_path / "coco.csv"
    path.write_text(
        "Model,Box AP/Mask AP,Download\n"
        "net_a,31.2/28.4,`model <https://x.org/w/net_a-8e1f2148.params>`_ | `log <https://x.org/l>`_\n",
        encoding="utf-8",
    )
    (entry,) = imported(path).entries
    assert entry.hashtag == "8e1f2148"
    assert entry.weights == "https://x.org/w/net_a-8e1f2148.params"
    assert entry.results[0].links["train_log"].url == "https://x.org/l"
    assert list(entry.results[0].numbers) == ["box_ap", "mask_ap"]


def test_one_name_and_hashtag_with_two_numbers_is_written_and_reported(
    imported: Import, tmp_path: Path
) -> None:
    path = tmp_path / "ImageNet.csv"
    path.write_text(
        "Model,Top-1,Hashtag\nnet_a,70.1,12345678\nnet_a,71.1,12345678\n", encoding="utf-8"
    )
    assert manifest_of([path]).count("# MEND: 2 entries have this name and hashtag") == 2
    with pytest.raises(ManifestError) as caught:
        imported(path)
    assert "stands twice" in str(caught.value)


def test_a_row_that_stands_twice_alike_is_one_entry(imported: Import, tmp_path: Path) -> None:
    path = tmp_path / "ImageNet.csv"
    path.write_text("Model,Top-1\nnet_a,70.1\nnet_a,70.1\n", encoding="utf-8")
    assert len(imported(path).entries) == 1


def test_tables_of_two_folders_do_not_share_citations(imported: Import, tmp_path: Path) -> None:
    for folder in ("Poses", "Depths"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "KITTI.csv").write_text(
            f"Name,AP\n{folder.lower()}_net [1]_,70.1\n", encoding="utf-8"
        )
    zoo = imported(tmp_path / "Poses" / "KITTI.csv", tmp_path / "Depths" / "KITTI.csv")
    assert zoo.entries[0].papers != zoo.entries[1].papers


def test_the_only_section_of_a_page_names_the_data_set(imported: Import, tmp_path: Path) -> None:
    page = tmp_path / "page.rst"
    page.write_text(
        "Depth\n=====\n\nKITTI Dataset\n-------------\n\n"
        "=========  =====  ==========\nModel      RMSE   Train Log\n"
        "=========  =====  ==========\nnet_a*     4.701  |log|_\n=========  =====  ==========\n\n"
        ".. |log| replace:: log\n.. _log: https://x.org/a.log\n",
        encoding="utf-8",
    )
    zoo = imported(page)
    assert zoo.title == "Depth"
    (entry,) = zoo.entries
    assert (entry.name, entry.note) == ("net_a", "The source marks it with *.")
    assert entry.results[0].dataset == "kitti"
    assert zoo.datasets["kitti"].notes == ()
    assert entry.results[0].links["train_log"].url == "https://x.org/a.log"


PAGE = """\
Zoo
===

ImageNet
--------

.. csv-table::
   :file: {file}
   :header-rows: 1
"""


@pytest.mark.parametrize("file", ["../secret.csv", "/etc/hostname", "gone.csv"])
def test_files_outside_the_page_are_not_read(tmp_path: Path, file: str) -> None:
    (tmp_path / "secret.csv").write_text("Name,Top-1\nnet_a,70\n", encoding="utf-8")
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "page.rst").write_text(PAGE.format(file=file), encoding="utf-8")
    with pytest.raises(ModelZooError) as caught:
        manifest_of([folder / "page.rst"])
    assert f"{folder / 'page.rst'}:7" in str(caught.value)
    assert "cannot be read" in str(caught.value)


def test_unknown_roles_directives_and_raw_text_do_no_harm(imported: Import, tmp_path: Path) -> None:
    page = tmp_path / "page.rst"
    page.write_text(
        ".. raw:: html\n   :file: /etc/passwd\n\n.. made-up:: thing\n   :option: yes\n\n"
        "   A :made-up-role:`text`.\n\n.. csv-table::\n   :header: Name,Top-1\n\n"
        "   :new:`net_a`,70.1\n   :made:up:`x` net_b, 71.1\n",
        encoding="utf-8",
    )
    zoo = imported(page)
    assert zoo.entries[0].tags == ("new",)
    assert "root:" not in manifest_of([page])


def test_docutils_registries_are_left_as_they_were(data: Path) -> None:
    before = dict(directives._directives), dict(roles._roles)
    manifest_of([data / "pages" / "detection.rst"])
    assert (directives._directives, roles._roles) == before


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", 'Name,Top-1\n"net_a,70.1\n', "a.csv:"),
        ("a.csv", "", "not a table of models"),
        ("a.csv", "x,y\n1,2\n", "not a table of models"),
        ("a.rst", "Title\n=====\n\nOnly text.\n", "no table of models"),
        (
            "a.rst",
            "+----+----+\n| Name | Top-1 |\n+====+====+\n| a | 1 |\n+----+----+\n",
            "a.rst:2",
        ),
    ],
)
def test_damaged_sources_are_errors_with_a_place(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelZooError) as caught:
        manifest_of([path])
    assert said in str(caught.value)
    assert "; " in str(caught.value)
