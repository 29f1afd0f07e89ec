"""Links, logs, papers and licences: what is wrong is found, what is shared on purpose is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_modelzoo.lint.names import model_in
from sphinx_modelzoo.lint.roles import Role, role_of, unfit

LOGS = 'datasets: {d: {}}\nlinks: {train_log: {url: "https://x.org/{log}.log"}}\nmodels:\n'


@pytest.mark.parametrize(
    ("key", "address", "fits"),
    [
        ("train_log", "https://x.org/a.log", True),
        ("train_log", "https://x.org/a.log.json", True),
        ("train_log", "https://x.org/a.txt", True),
        ("training_log", "https://wandb.example.org/runs/1", True),
        ("log", "https://x.org/logs.tar.gz", True),
        ("train_log", "https://x.org/a.pth", False),
        ("train_log", "https://x.org/a.sh?raw=true", False),
        ("train_log", "https://x.log.sh", True),
        ("train_command", "https://x.org/a.sh", True),
        ("train_command", "https://x.org/train.py", True),
        ("train_command", "https://x.org/README.md#train", True),
        ("train_command", "https://x.org/a.log", False),
        ("config", "https://x.org/a.py", True),
        ("config", "https://x.org/a.yaml", True),
        ("config", "https://x.org/a.log", False),
        ("config", "https://x.org/tsm_r50-100e_kinetics400-rgb", True),
        ("weights", "https://x.org/a.pth", True),
        ("checkpoint", "https://x.org/a.json", True),
        ("checkpoint", "https://x.org/a.yaml", False),
        ("paper", "https://x.org/a.pth", True),
    ],
)
def test_which_endings_fit_a_link(key: str, address: str, fits) -> None:
    role = role_of(key)
    assert (role is None or unfit(role, address) is None) is fits


def test_the_last_telling_word_of_a_key_is_its_role() -> None:
    assert role_of("train_log") is Role.LOG
    assert role_of("log_config") is Role.CONFIG
    assert role_of("catalogue") is None


def test_weights_that_are_no_weights_are_found(found) -> None:
    (finding,) = found("models:\n  - {name: a, weights: https://x.org/a.yaml}\n")
    assert (finding.code, finding.line, finding.column) == ("ZOO304", 3, 24)


def entries(*rows: str) -> str:
    return LOGS + "".join(
        f"  - {{dataset: d, top1: 5{i}.1, {row}}}\n" for i, row in enumerate(rows)
    )


def test_a_log_forgotten_when_an_entry_was_copied_is_found_where_it_is_written(found) -> None:
    (finding,) = found(
        entries(
            "name: vgg16, hashtag: d6dc1bba, default: true, log: vgg16_tsn",
            "name: vgg16, hashtag: 05e319d4, log: vgg16_tsn",
        )
    )
    assert (finding.code, finding.entry, finding.line) == ("ZOO305", "vgg16@05e319d4", 6)
    assert (
        finding.column
        == len("  - {dataset: d, top1: 51.1, name: vgg16, hashtag: 05e319d4, log: ") + 1
    )


def test_a_log_named_after_one_of_two_models_is_the_others_mistake(found) -> None:
    manifest = entries(
        "name: ResNet152_v1c, hashtag: 75babab6, log: resnet152_v1b_run",
        "name: ResNet152_v1b, hashtag: a5a61ee1, log: resnet152_v1b_run",
    )
    (finding,) = found(manifest)
    assert (finding.code, finding.entry) == ("ZOO305", "ResNet152_v1c@75babab6")


def test_a_log_named_exactly_after_another_model_is_said_once(found) -> None:
    manifest = entries(
        "name: ResNet152_v1b, hashtag: a5a61ee1, log: resnet152_v1b",
        "name: ResNet152_v1c, hashtag: 75babab6, log: resnet152_v1b",
    )
    assert [(f.code, f.entry) for f in found(manifest)] == [("ZOO307", "ResNet152_v1c@75babab6")]


@pytest.mark.parametrize(
    "rows",
    [
        ("name: a, log: a", "name: a_int8, log: a"),
        ("name: a_best, log: a", "name: a_last, log: a"),
        ("name: r18, log: all_models", "name: r34, log: all_models", "name: r50, log: all_models"),
        ("name: a, hashtag: 8e1f2148, log: x", "name: alias, hashtag: 8e1f2148, log: x"),
    ],
    ids=["quantized", "checkpoints", "one-log-for-all", "alias"],
)
def test_logs_that_are_shared_on_purpose_are_left_alone(codes, rows: tuple[str, ...]) -> None:
    assert [code for code in codes(entries(*rows)) if code in {"ZOO305", "ZOO307"}] == []


def test_one_entry_with_several_results_shares_its_log_with_itself(codes) -> None:
    results = "results: [{dataset: d, top1: 51.2}, {dataset: e, top1: 42.7}]"
    head = LOGS.replace("{d: {}}", "{d: {}, e: {}}")
    assert codes(head + f"  - {{name: a, log: x, {results}}}\n  - {{name: b}}\n") == []


@pytest.mark.parametrize(
    ("address", "model"),
    [
        ("https://x.org/tsn_r50-1x1x8_20220906-65ed814e.pth", "tsn_r50_1x1x8"),
        ("https://x.org/faster_rcnn_r50_20200130_204148-047c8118.pth", "faster_rcnn_r50"),
        ("https://x.org/ResNet50-0676ba61.pth", "resnet50"),
        ("model.params", "model"),
    ],
)
def test_the_model_in_a_file_name(address: str, model: str) -> None:
    assert model_in(address) == model


def test_a_renamed_models_old_file_name_is_its_own(codes) -> None:
    manifest = (
        "models:\n"
        "  - {name: faster-rcnn_r50, weights: https://x.org/faster_rcnn_r50_20200130-047c8118.pth}\n"
        "  - {name: net_320, weights: https://x.org/net_416-09767802.pth}\n"
        "  - {name: net_416, weights: https://x.org/net_416-09767802.pth}\n"
        "  - {name: tuned, architecture: net_416, weights: https://x.org/net_416-11112222.pth}\n"
    )
    assert codes(manifest) == []


def test_unused_parts_are_found_and_used_ones_of_every_kind_are_not(found) -> None:
    manifest = (
        "description: As in [@cited].\n"
        "papers:\n"
        "  {followed: {title: A}, cited: {title: B}, noted: {title: C}, forgotten: {title: D}}\n"
        "tags: {used: {text: x}, style: {style: grey}, idle: {text: y}}\n"
        "links: {base: https://x.org, train_log: {url: '{base}/{log}.log'}, card: {}}\n"
        "datasets: {d: {notes: ['See [@noted].']}, e: {}}\n"
        "metrics: {miou: {unit: '%'}, ece: {}}\n"
        "protocols: {p: {recognizer: r}, q: {recognizer: r}}\n"
        "models:\n"
        "  - {name: a, paper: followed, tags: used, dataset: d, protocol: p, miou: 78.1, log: a}\n"
    )
    assert [(f.code, f.message.split("'")[1]) for f in found(manifest)] == [
        ("ZOO301", "forgotten"),
        ("ZOO301", "idle"),
        ("ZOO301", "card"),
        ("ZOO301", "e"),
        ("ZOO301", "ece"),
        ("ZOO301", "q"),
    ]


def test_nothing_is_called_unused_while_the_manifest_cannot_be_read_whole(codes) -> None:
    manifest = "papers: {p: {title: A}}\nmodels:\n  - {name: a, papr: p}\n"
    assert codes(manifest) == ["ZOO000"]


def test_a_template_that_is_partly_filled_is_found(found) -> None:
    manifest = (
        "datasets: {d: {}}\n"
        "links: {log: {url: 'https://x.org/{run}/{file}.log'}}\n"
        "models:\n"
        "  - {name: a, dataset: d, run: r1, file: a}\n"
        "  - {name: b, dataset: d, run: r2}\n"
        "  - {name: c, dataset: d}\n"
        "  - {name: e, dataset: d, run: r3, log: https://x.org/e.log}\n"
    )
    assert [(f.code, f.line) for f in found(manifest)] == [("ZOO303", 6)]


def test_a_misspelt_variable_is_found_with_the_nearest(found) -> None:
    manifest = (
        "datasets: {d: {}}\n"
        "links: {base: https://x.org, log: {url: '{base}/{hastag}.log'}}\n"
        "models:\n"
        "  - {name: a, hashtag: d6dc1bba, dataset: d}\n"
    )
    (finding,) = found(manifest)
    assert finding.code == "ZOO303"
    assert "did you mean 'hashtag'?" in finding.message


def test_a_policy_holds_for_the_rows_of_its_data_set(found) -> None:
    manifest = (
        "datasets:\n"
        "  d: {require: [license, paper, train_log, top5, protocol, run]}\n"
        "  e: {}\n"
        "papers: {p: {title: A}}\n"
        "protocols: {q: {recognizer: r}}\n"
        "links: {train_log: {url: 'https://x.org/{log}.log'}}\n"
        "models:\n"
        "  - {name: a, license: MIT, paper: p, dataset: d, protocol: q,\n"
        "     top1: 1.2, top5: 3.4, log: a, run: 1}\n"
        "  - {name: b, dataset: e, top1: 2.1}\n"
        "  - {name: c, dataset: d, top1: 3.1, train_log: ~}\n"
    )
    lacking = [f for f in found(manifest) if f.code == "ZOO308"]
    assert {f.entry for f in lacking} == {"c"}
    assert [f.message.split("'")[1] for f in lacking] == [
        "license",
        "paper",
        "train_log",
        "top5",
        "protocol",
        "run",
    ]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("Apache-2.0", ""),
        ("apache-2.0", ""),
        ("MIT OR Apache-2.0", ""),
        ("LicenseRef-Proprietary", ""),
        ("CC-BY-NC-4.0", ""),
        ("Apache License 2.0", "'Apache-2.0'"),
        ("Apache 2", "'Apache-2.0'"),
        ("CC BY-NC 4.0", "'CC-BY-NC-4.0'"),
        ("other", "LicenseRef-"),
        ("(MIT", "'MIT'"),
    ],
)
def test_a_licence_is_an_spdx_expression(found, text: str, remedy: str) -> None:
    findings = found(f"models:\n  - {{name: a, license: {text!r}}}\n")
    assert [finding.code for finding in findings] == (["ZOO310"] if remedy else [])
    assert all(remedy in finding.message for finding in findings)


LOGGED = (
    "datasets: {d: {}}\n"
    "links: {train_log: {file: '{name}.log'}, log: {url: 'https://x.org/d/{name}.log'}}\n"
    "models:\n  - {name: a, dataset: d, top1: 83.4, top5: 95.7}\n"
)


@pytest.mark.parametrize(
    ("log", "differs"),
    [
        ("Test accuracy: acc-top1=83.399418 acc-top5=95.717684\n", False),
        ("[Epoch 78] validation: acc-top1=0.8340 acc-top5=0.9570\n", False),
        ("[Epoch 078] validation: acc-top1=83.45 acc-top5=95.79\n", False),  # cut off
        ("[Epoch 78] validation: err-top1=0.166 err-top5=0.043\n", False),
        ("Epoch(val) [100][2500/2500]  acc/top1: 0.8340  acc/top5: 0.9570\n", False),
        ("accuracy/top1: 12.0 accuracy/top5: 30.0\n", False),  # nobody says of what
        ("[Epoch 79] training: acc-top1=0.99 acc-top5=0.999\n", False),
        ("validation acc-top1=0.834\nvalidation acc-top1=0.82\n", False),  # the best one
        ("val top1: 12.0\ntest top1: 83.4\n", False),
        ("test top1: 83.4\nval top1: 12.0\n", False),
        ("val top1=83.4 train top1=99.0\n", False),
        ("val top10: 12.0 top1: 83.4\n", False),
        ("no figure\n\x00\xff", False),
        ("", False),
        ("[Epoch 79] validation: acc-top1=0.8150\n", True),
        ("Test accuracy: acc-top1=81.500000 acc-top5=95.700000\n", True),
        ("val top1: 83.4\ntest top1: 81.5\n", True),
    ],
)
def test_a_number_is_held_against_its_log(found, tmp_path: Path, log: str, differs) -> None:
    (tmp_path / "a.log").write_text(log, encoding="latin-1")
    findings = found(LOGGED)
    assert [(f.code, f.line) for f in findings] == ([("ZOO208", 5)] if differs else [])


def test_a_folder_of_logs_stands_for_their_addresses(codes, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "d").mkdir(parents=True)
    (logs / "a.log").write_text("test top1: 12.5\n", encoding="utf-8")
    assert codes(LOGGED) == []
    assert codes(LOGGED, logs=logs) == ["ZOO208"]
    (logs / "d" / "a.log").write_text("test top1: 83.4\n", encoding="utf-8")
    assert codes(LOGGED, logs=logs) == []


def test_models_named_after_a_data_set_may_have_numbers_elsewhere(codes) -> None:
    head = "datasets: {coco: {}, kitti: {}, nyuv2: {}}\nmodels:\n"
    rows = (
        "  - {name: depth_kitti, dataset: kitti, top1: 1.1}\n"
        "  - {name: depth_big_kitti, dataset: kitti, top1: 2.2}\n"
        "  - {name: tuned_kitti_nyuv2, dataset: nyuv2, top1: 3.3}\n"
        "  - name: both_kitti\n"
        "    results: [{dataset: kitti, top1: 1.4}, {dataset: nyuv2, top1: 1.6}]\n"
        "  - {name: plain, dataset: nyuv2, top1: 5.2}\n"
        "  - {name: fcn_coco, dataset: nyuv2, top1: 4.1}\n"
    )
    assert [code for code in codes(head + rows) if code == "ZOO209"] == []
