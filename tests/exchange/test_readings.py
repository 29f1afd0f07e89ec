from __future__ import annotations

import pytest

from sphinx_modelzoo.exchange.citations import read_authors, read_citation
from sphinx_modelzoo.exchange.datasets import dataset, known_key
from sphinx_modelzoo.exchange.measures import metric, parts
from sphinx_modelzoo.exchange.words import count, hashtag_in, read_numbers, short_count, slug
from sphinx_modelzoo.manifest.model import Place

PLACE = Place("source", 1, 1)


@pytest.mark.parametrize(
    ("text", "title", "authors", "published", "year", "key"),
    [
        (
            'Limin Wang, Yu Xiong, and Yu Qiao. "Towards Good Practices." arXiv:1507.02159 (2015).',
            "Towards Good Practices",
            ("Limin Wang", "Yu Xiong", "Yu Qiao"),
            "arXiv:1507.02159",
            2015,
            "wang2015towards",
        ),
        (
            "Wei Liu, Dumitru Erhan, Alexander C. Berg. SSD: Single Shot Detector. ECCV 2016.",
            "SSD: Single Shot Detector",
            ("Wei Liu", "Dumitru Erhan", "Alexander C. Berg"),
            "ECCV",
            2016,
            "liu2016ssd",
        ),
        (
            'Ren, Shaoqing, Kaiming He, and Jian Sun. "Faster r-cnn." In Advances, pp. 9-19. 2015.',
            "Faster r-cnn",
            ("Shaoqing Ren", "Kaiming He", "Jian Sun"),
            "Advances, pp. 9-19",
            2015,
            "ren2015faster",
        ),
        (
            'Hang Zhang, Mu Li and Alex Smola "ResNeSt: Attention" arXiv preprint (2020).',
            "ResNeSt: Attention",
            ("Hang Zhang", "Mu Li", "Alex Smola"),
            "arXiv preprint",
            2020,
            "zhang2020resnest",
        ),
    ],
)
def test_citations_are_taken_apart(  # noqa: PLR0917 - a case's parts
    text: str, title: str, authors: tuple[str, ...], published: str, year: int, key: str
) -> None:
    paper, remark = read_citation(text, PLACE)
    assert (paper.title, paper.authors, paper.published, paper.year, paper.key) == (
        title,
        authors,
        published,
        year,
        key,
    )
    assert remark == ""


def test_a_citation_that_cannot_be_taken_apart_stays_whole_and_is_said() -> None:
    paper, remark = read_citation("The model zoo of the lab", PLACE)
    assert paper.title == "The model zoo of the lab"
    assert "could not be taken apart" in remark


def test_initials_belong_to_the_names_before_them() -> None:
    assert read_authors("Wang, L., Xiong, Y. & Qiao, Y.") == ("L. Wang", "Y. Xiong", "Y Qiao")


@pytest.mark.parametrize(
    ("text", "numbers", "unit"),
    [
        ("83.40", ("83.40",), ""),
        ("37.0/57.8/39.6", ("37.0", "57.8", "39.6"), ""),
        ("66.8 / 69.5", ("66.8", "69.5"), ""),
        ("0.021±0.012", ("0.021", "0.012"), ""),
        ("77%", ("77",), "%"),
        ("59.3G", ("59.3G",), ""),
        ("1,014.45", ("1014.45",), ""),
        ("83,4", ("83.4",), ""),
        (".5", ("0.5",), ""),
        ("76.1*", ("76.1",), ""),
        ("1.2e-1", ("0.12",), ""),
    ],
)
def test_numbers_keep_their_text(text: str, numbers: tuple[str, ...], unit: str) -> None:
    found = read_numbers(text)
    assert found is not None
    assert (found.texts, found.unit) == (numbers, unit)


@pytest.mark.parametrize("text", ["", "NA", "ImageNet", "32 (64/2)", "640x192", "1.2.3", "v2"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_numbers(text) is None


def test_counts_keep_what_they_say() -> None:
    assert count("1,014.45", 10**6) == 1_014_450_000
    assert count("35.4M") == 35_400_000
    assert count("25557032") == 25_557_032
    assert count("many") is None
    assert (short_count(35_400_000), short_count(25_557_032)) == ("35.4M", "25557032")


@pytest.mark.parametrize(
    ("title", "key", "direction"),
    [
        ("Top-1", "top1", "higher"),
        ("Top 5 Accuracy", "top5", "higher"),
        ("top1", "top1", "higher"),
        ("Acc@1", "top1", "higher"),
        ("Box AP", "box_ap", "higher"),
        ("AP@0.5", "ap_0.5", "higher"),
        ("mIoU", "miou", "higher"),
        ("Abs. Rel. Error", "abs_rel_error", "lower"),
        ("RMSE", "rmse", "lower"),
        ("top1_err", "top1_err", "lower"),
        ("PCKh@0.5", "pckh_0.5", "higher"),
        ("Sequence 09", "sequence_09", ""),
        ("MOTA", "mota", "higher"),
    ],
)
def test_metrics_are_known_by_their_titles(title: str, key: str, direction: str) -> None:
    found = metric(title, PLACE)
    assert (found.key, found.direction) == (key, direction)


def test_three_numbers_of_an_average_precision_are_cocos() -> None:
    made, remark = parts("OKS AP (with flip)", 3, PLACE)
    assert [each.title for each in made] == [
        "OKS AP (with flip)",
        "OKS AP (with flip) 0.5",
        "OKS AP (with flip) 0.75",
    ]
    assert not remark


def test_several_numbers_without_names_are_numbered_and_said() -> None:
    made, remark = parts("Score", 2, PLACE)
    assert [each.key for each in made] == ["score_1", "score_2"]
    assert "name them" in remark


@pytest.mark.parametrize(
    ("title", "key", "shown"),
    [
        ("UCF101 Dataset", "ucf101", "UCF101"),
        ("Kinetics-400", "kinetics400", "Kinetics-400"),
        ("MS-COCO Dataset Pretrain", "coco", "MS-COCO"),
        ("Pascal VOC", "voc", "Pascal VOC"),
        ("MOT17-half-val", "mot17-half-val", "MOT17-half-val"),
        ("Our own images", "our-own-images", "Our own images"),
    ],
)
def test_data_sets_are_known_by_their_titles(title: str, key: str, shown: str) -> None:
    found = dataset(title, PLACE)
    assert (found.key, found.title) == (key, shown)


def test_words_of_file_names_are_known() -> None:
    assert known_key("MSCOCO_YOLO-v3") == "coco"
    assert known_key("ResNet") == ""
    assert slug("Train Command") == "train_command"


@pytest.mark.parametrize(
    ("name", "hashtag"),
    [
        ("https://x.org/net_20220812-8e1f2148.pth", "8e1f2148"),
        ("https://x.org/swin_256x192-eaefe010_20220503.pth", "eaefe010"),
        ("resnet50_v1b-0ecdba34.params", "0ecdba34"),
        ("https://x.org/net.pth", ""),
    ],
)
def test_the_hash_in_a_files_name_is_the_hashtag(name: str, hashtag: str) -> None:
    assert hashtag_in(name) == hashtag
