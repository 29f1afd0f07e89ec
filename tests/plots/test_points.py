from __future__ import annotations

from collections.abc import Callable

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.plots.axes import default_x, default_y, x_axes
from sphinx_modelzoo.plots.model import Labels, Omission, Plot
from sphinx_modelzoo.plots.points import Choice, plot_of
from sphinx_modelzoo.receipts.model import Status, StatusKind
from sphinx_modelzoo.receipts.status import number_key

from .conftest import ZOO

Read = Callable[[str], Zoo]


def shown(zoo: Zoo, x: str = "parameters", dataset: str = "ucf101", **options: object) -> Plot:
    choice = Choice(x=x, y="top1", dataset=dataset, **options)  # type: ignore[arg-type]
    return plot_of(zoo, list(zoo.rows(dataset)), choice, {})


@pytest.mark.parametrize(
    ("x", "places"),
    [
        ("parameters", {"small": "3.50M", "middle": "24.0M", "large": "138M"}),
        ("size", {"small": "14.0 MB", "middle": "96.0 MB"}),
        ("year", {"small": "2015", "middle": "2016", "large": "2018"}),
        ("flops", {"small": "0.5 G", "middle": "5 G", "large": "15 G"}),
        ("speed", {"small": "900 clips/s", "middle": "90 clips/s", "large": "30 clips/s"}),
    ],
)
def test_x_can_be_a_fact_of_the_model_or_any_metric(
    zoo: Zoo, x: str, places: dict[str, str]
) -> None:
    found = {point.label: point.x_text.replace("\u00a0", " ") for point in shown(zoo, x).points}
    assert found == places


def test_the_year_is_that_of_the_release_else_of_the_first_paper(zoo: Zoo) -> None:
    years = {point.label: point.x for point in shown(zoo, "year").points}
    assert years == {"small": 2015, "middle": 2016, "large": 2018}


def test_results_without_a_place_are_named_with_what_they_lack(zoo: Zoo) -> None:
    assert shown(zoo).omissions == (Omission("bare", "parameters"),)
    assert shown(zoo, "taste").omissions == tuple(
        Omission(name, "Taste") for name in ("small", "middle", "bare")
    )


def test_the_front_follows_the_directions(zoo: Zoo) -> None:
    def front(x: str) -> list[str]:
        plot = shown(zoo, x)
        (found,) = plot.fronts
        return [plot.points[index].label for index in found]

    assert front("parameters") == ["small", "middle"]
    assert front("speed") == ["small", "middle"], "faster is better"
    assert front("year") == ["small", "middle"], "the best so far"
    assert shown(zoo, "taste").fronts == (), "nobody knows which taste is better"


def test_each_data_set_has_its_own_front_and_group(zoo: Zoo) -> None:
    plot = shown(zoo, dataset="")
    assert plot.groups == ("UCF101", "Birds")
    labels = [[plot.points[index].label for index in front] for front in plot.fronts]
    assert labels == [["small", "middle"], ["wren"]]


def test_tags_make_groups_on_one_data_set(zoo: Zoo) -> None:
    plot = shown(zoo)
    assert plot.groups == ("no tag", "no TSN")
    assert [point.group for point in plot.points] == ["no tag", "no tag", "no TSN"]


def test_one_group_is_no_group(zoo: Zoo) -> None:
    assert shown(zoo, group_by="dataset").groups == ()
    assert shown(zoo, group_by="none").groups == ()


def test_families_are_told_by_the_architectures_first_word(read: Read) -> None:
    names = ("resnet50_v1b", "resnext101", "inceptionv3", "vgg16", "i3d_resnet", "3dnet")
    models = "".join(
        f"  - {{name: {name}, hashtag: '{i:08}', top1: 80.{i}, dataset: d, parameters: {i + 1}}}\n"
        for i, name in enumerate(names)
    )
    zoo = read(f"zoo: 1\ndatasets:\n  d: {{}}\nmodels:\n{models}")
    plot = shown(zoo, dataset="d", group_by="family")
    assert [point.group for point in plot.points] == [
        "resnet",
        "resnext",
        "inception",
        "vgg",
        "i",
        "3dnet",
    ]
    assert plot.groups == ("resnet", "resnext", "inception", "vgg", "others")


def test_intervals_are_exact_and_none_is_made_up(zoo: Zoo) -> None:
    points = {point.label: point for point in shown(zoo, dataset="").points}
    small = points["small"]
    assert small.count == "3026 of 3783; 95 % interval 78.7 to 81.3"
    assert small.low == pytest.approx(78.680, abs=0.01)
    assert small.high == pytest.approx(81.251, abs=0.01)
    assert (points["wren"].low, points["wren"].high, points["wren"].count) == (None, None, "")


def test_a_count_that_still_holds_gives_the_interval_and_the_status(zoo: Zoo) -> None:
    entry, result = next(zoo.rows("ucf101"))
    status = Status(StatusKind.VERIFIED, "2026-11-23", n=3783, correct=3000, total=3783)
    choice = Choice("parameters", "top1", "ucf101")
    statuses = {number_key(entry, result, "top1"): status}
    point = plot_of(zoo, list(zoo.rows("ucf101")), choice, statuses).points[0]
    assert point.status is StatusKind.VERIFIED
    assert point.status_text == "verified 2026-11-23, 3000 of 3783"
    assert point.count.startswith("3000 of 3783")


def test_same_names_are_told_apart_by_protocol_or_hashtag(read: Read) -> None:
    text = """
        zoo: 1
        datasets: {d: {}}
        protocols: {p320: {recognizer: us}, p608: {recognizer: us}}
        models:
          - name: yolo
            hashtag: "00000001"
            parameters: 5
            results:
              - {dataset: d, protocol: p320, top1: 70.0}
              - {dataset: d, protocol: p608, top1: 75.0}
          - {name: vgg, hashtag: "00000002", default: true, dataset: d, top1: 60, parameters: 7}
          - {name: vgg, hashtag: "00000003", dataset: d, top1: 61, parameters: 7}
    """
    labels = [point.label for point in shown(read(text), dataset="d").points]
    assert labels == ["yolo p320", "yolo p608", "vgg 00000002", "vgg 00000003"]


def test_the_scale_is_logarithmic_where_values_spread_far_or_as_told(zoo: Zoo) -> None:
    assert shown(zoo).x.log
    assert not shown(zoo, "year").x.log
    assert not shown(zoo, log=frozenset()).x.log
    assert shown(zoo, "year", log=frozenset("x")).x.log
    assert not shown(zoo).y.log
    assert shown(zoo, log=frozenset("y")).y.log


def test_what_a_logarithmic_scale_cannot_show_is_left_out(read: Read) -> None:
    zoo = read(ZOO.replace("flops: 5,", "flops: 0,"))
    assert Omission("middle", "FLOPs above 0") in shown(zoo, "flops", log=frozenset("x")).omissions
    assert [p.label for p in shown(zoo, "flops").points] == ["small", "middle", "large"]
    assert not shown(zoo, "flops").x.log


def test_many_points_name_only_their_front(read: Read) -> None:
    def zoo_of(count: int) -> Zoo:
        models = "".join(
            f"  - {{name: m{i}, top1: {50 + i * 0.01:.2f}, dataset: d, parameters: {i + 1}}}\n"
            for i in range(count)
        )
        return read(f"zoo: 1\ndatasets:\n  d: {{}}\nmodels:\n{models}")

    assert shown(zoo_of(25), dataset="d").labels is Labels.ALL
    assert shown(zoo_of(26), dataset="d").labels is Labels.FRONT
    assert shown(zoo_of(26), dataset="d", labels=Labels.ALL).labels is Labels.ALL


def test_the_defaults_are_the_first_that_any_result_has(zoo: Zoo, read: Read) -> None:
    assert default_y(zoo, "ucf101") == "top1"
    assert default_x(zoo, "ucf101") == "parameters"
    bare = read("zoo: 1\ndatasets: {d: {}}\nmodels:\n  - {name: a, dataset: d, top1: 1, top5: 2}\n")
    assert default_x(bare, "d") == "top1"
    assert default_x(bare, "d", {"top1"}) == "top5"
    assert default_y(bare, "other") == ""


def test_of_facts_and_metrics_with_one_key_the_fact_is_meant(zoo: Zoo) -> None:
    assert x_axes(zoo)["size"].unit == "B"
