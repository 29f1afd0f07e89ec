"""Numbers that cannot be are found, in zoos of every task, and right ones are left alone."""

from __future__ import annotations

import random
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.lint.counts import enough_decimals, possible
from sphinx_modelzoo.manifest.model import Metric, Number, Place

PLACE = Place("zoo.yaml", 1, 1)
TOP1 = Metric("top1", "Top-1", PLACE, top=1)


def number(text: str) -> Number:
    return Number(text, Decimal(text), PLACE)


@given(
    st.integers(1, 60000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    st.integers(0, 5),
    st.sampled_from([ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP]),
)
def test_a_number_that_a_count_gives_is_possible_however_it_was_rounded(
    share: tuple[int, int], decimals: int, rounding: str
) -> None:
    count, total = share
    exact = Decimal(100 * count) / Decimal(total)
    text = str(exact.quantize(Decimal(1).scaleb(-decimals), rounding=rounding))
    assert possible(number(text), TOP1, total)


@pytest.mark.parametrize(
    ("text", "total", "verdict"),
    [
        ("66.70", 1530, False),
        ("66.67", 1530, True),
        ("66.66", 1530, True),  # 1020 of 1530, cut off
        ("66.73", 1530, True),
        ("66.7", 1530, True),
        ("83.4", 3783, True),
        ("33.3", 40, False),
        ("32.5", 40, True),
        ("100", 7, True),
        ("0", 7, True),
        ("50", 3, False),
    ],
)
def test_whether_a_count_of_the_items_gives_a_number(text, total, verdict) -> None:
    assert possible(number(text), TOP1, total) is verdict


@pytest.mark.parametrize(("total", "decimals"), [(10, 0), (100, 0), (1530, 2), (50000, 3)])
def test_how_many_decimals_tell_counts_apart(total: int, decimals: int) -> None:
    assert enough_decimals(TOP1, total) == decimals


def zoo(rows: list[str], head: str = "datasets: {d: {}}\n") -> str:
    return head + "models:\n" + "".join(f"  - {{dataset: d, {row}}}\n" for row in rows)


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ("flops: {unit: GFLOPs}", "flops: 4100"),
        ("loss: {direction: lower}", "loss: -1.5"),
        ("wer: {unit: '%', direction: lower}", "wer: 104.2"),
        ("mpjpe: {unit: mm, direction: lower}", "mpjpe: 251.3"),
        ("psnr: {unit: dB, direction: higher}", "psnr: 132.1"),
        ("abs_rel: {direction: lower}", "abs_rel: 0.109"),
        ("top1: {unit: fraction}", "top1: 0.834"),
    ],
)
def test_numbers_of_other_tasks_and_units_are_in_range(codes, metric: str, text: str) -> None:
    head = f"datasets: {{d: {{}}}}\nmetrics:\n  {metric}\n"
    assert codes(zoo([f"name: a, {text}"], head)) == []


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ("miou: {unit: '%'}", "miou: 142.0"),
        ("map: {unit: '%', direction: higher}", "map: -3"),
        ("wer: {unit: '%', direction: lower}", "wer: -0.1"),
        ("top1: {unit: fraction}", "top1: 83.4"),
    ],
)
def test_a_number_out_of_range_is_found_at_its_place(found, metric: str, text: str) -> None:
    head = f"datasets: {{d: {{}}}}\nmetrics:\n  {metric}\n"
    (finding,) = found(zoo([f"name: a, {text}"], head))
    assert (finding.code, finding.line, finding.entry) == ("ZOO201", 6, "a")
    assert finding.column == len(f"  - {{dataset: d, name: a, {text}") - len(text.split()[1]) + 1


@pytest.mark.parametrize(
    "row",
    [
        "top1: 83.4, top5: 83.4",
        "top1: 83.4, top5: 83.38",
        "top1_err: 22.0, top5_err: 6.1",
        "ap: 37.0, ap50: 57.8, ap75: 39.6",
        "box_map: 60.1, box_map50: 60.1",
        "oks_ap_flip: 68.4, oks_ap50_flip: 90.3, oks_ap75_flip: 75.7",
        "delta1: 0.872, delta2: 0.957, delta3: 0.981",
    ],
)
def test_metrics_in_their_right_order_are_left_alone(codes, row: str) -> None:
    assert codes(zoo([f"name: a, {row}"], head_of(row))) == []


@pytest.mark.parametrize(
    ("row", "times"),
    [
        ("top1: 95.4, top5: 83.4", 1),
        ("top1: 83.4, top5: 83.2", 1),
        ("top1_err: 6.1, top5_err: 22.0", 1),
        ("ap: 57.8, ap50: 37.0, ap75: 39.6", 2),
        ("delta1: 0.872, delta2: 0.981, delta3: 0.957", 1),
        ("recall_at_1: 40.1, recall_at_10: 30.2", 1),
    ],
)
def test_metrics_in_the_wrong_order_are_found(codes, row: str, times: int) -> None:
    assert codes(zoo([f"name: a, {row}"], head_of(row))) == ["ZOO203"] * times


def head_of(row: str) -> str:
    """Declare the metrics of a row, as an importer does: a key and perhaps a unit."""
    keys = [part.split(":")[0].strip() for part in row.split(",")]
    own = [key for key in keys if key not in {"top1", "top5"}]
    metrics = "metrics:\n" + "".join(f"  {key}: {{}}\n" for key in own) if own else ""
    return "datasets: {d: {}}\n" + metrics


def test_a_chance_level_model_among_low_numbers_is_no_fraction(codes) -> None:
    rows = [f"name: m{i}, top1: {text}" for i, text in enumerate(["0.9", "3.1", "8.2", "12.0"])]
    assert codes(zoo(rows)) == []


def test_weights_tested_in_several_ways_may_have_several_numbers(codes) -> None:
    head = (
        "datasets: {d: {}, e: {}}\n"
        "metrics: {latency: {unit: ms}}\n"
        "protocols: {at-320: {recognizer: r}, at-416: {recognizer: r}}\n"
    )
    results = (
        "[{dataset: d, protocol: at-320, top1: 71.2}, {dataset: d, protocol: at-416, top1: 74.0},"
        " {dataset: e, protocol: at-320, top1: 61.9}]"
    )
    rows = (
        "models:\n"
        f"  - {{name: a, hashtag: d6dc1bba, results: {results}}}\n"
        "  - {name: b_320, hashtag: 8e1f2148, dataset: d, top1: 71.0, latency: 3}\n"
        "  - {name: b_416, hashtag: 8e1f2148, dataset: d, top1: 73.0, latency: 4}\n"
        "  - {name: c, hashtag: cc729d95, dataset: d, top1: 77.36}\n"
        "  - {name: c_int8, hashtag: cc729d95, dataset: d, top1: 76.86}\n"
        "  - {name: alias, hashtag: 05e319d4, dataset: d, top1: 77.1}\n"
        "  - {name: other, hashtag: 05e319d4, dataset: d, top1: 77.12}\n"
    )
    assert codes(head + rows) == []


def test_one_hash_on_two_models_with_two_numbers_is_found_at_the_second(found) -> None:
    rows = [
        "name: ResNet50_v1b, hashtag: 0ecdba34, top1: 77.67",
        "name: ResNet50_v1b_gn, hashtag: 0ecdba34, top1: 77.36",
    ]
    (finding,) = found(zoo(rows))
    assert (finding.code, finding.entry) == ("ZOO204", "ResNet50_v1b_gn@0ecdba34")
    assert "ResNet50_v1b@0ecdba34" in finding.message


def pairs(count: int, decimals: int, seed: int) -> list[tuple[str, str]]:
    """Give top-1 and top-5 as tables have them: top-5 follows top-1 with a point of noise."""
    draw = random.Random(seed)  # noqa: S311
    made = []
    for _ in range(count):
        top1 = draw.gauss(75, 4)
        top5 = 92.5 + 0.5 * (top1 - 75) + draw.gauss(0, 0.5)
        made.append((f"{top1:.{decimals}f}", f"{top5:.{decimals}f}"))
    return made


def rows_of(numbers: list[tuple[str, str]]) -> list[str]:
    return [f"name: m{i}x, top1: {a}, top5: {b}" for i, (a, b) in enumerate(numbers)]


@pytest.mark.parametrize(("count", "decimals"), [(6, 1), (40, 2), (200, 3)])
def test_a_copied_row_is_found_in_tables_of_every_size(codes, count: int, decimals: int) -> None:
    numbers = pairs(count, decimals, seed=7)
    numbers[-1] = numbers[1]
    assert codes(zoo(rows_of(numbers))) == ["ZOO205"]


def test_rows_that_are_alike_by_chance_in_a_large_coarse_table_are_left_alone(codes) -> None:
    numbers = pairs(1000, 1, seed=3)
    assert len(set(numbers)) < len(numbers)
    assert codes(zoo(rows_of(numbers))) == []


def test_hardly_any_table_of_random_rows_has_a_copy(codes) -> None:
    alarms = [codes(zoo(rows_of(pairs(60, 2, seed)))) for seed in range(40)]
    assert sum(map(len, alarms)) <= 1


@pytest.mark.parametrize(
    "rows",
    [
        ["name: a, top1: 69.1", "name: b, top1: 69.1"],
        ["name: a, top1: 75.93", "name: b, top1: 75.93"],
        ["name: a, top1: 100, top5: 100", "name: b, top1: 100, top5: 100"],
        ["name: a, top1: 76.12, top5: 93.01", "name: a_fp16, top1: 76.12, top5: 93.01"],
        ["name: a, top1: 76.12, top5: 93.01", "name: a_onnx, top1: 76.12, top5: 93.01"],
        ["name: a, top1: 76.12, top1_err: 23.88", "name: b, top1: 76.12, top1_err: 23.88"],
        ["name: a, top1: 76.1, flops: 32.88", "name: b, top1: 76.1, flops: 32.88"],
        [
            "name: a, hashtag: 8e1f2148, top1: 1.25, top5: 5.31",
            "name: b, hashtag: 8e1f2148, top1: 1.25, top5: 5.31",
        ],
    ],
    ids=["one-coarse", "one-fine", "perfect", "fp16", "onnx", "complement", "costs", "alias"],
)
def test_rows_that_may_well_be_alike_are_left_alone(codes, rows: list[str]) -> None:
    head = (
        "datasets: {d: {}}\nmetrics: {flops: {unit: G}, top1_err: {unit: '%', direction: lower}}\n"
    )
    assert [code for code in codes(zoo(rows, head)) if code == "ZOO205"] == []


def test_few_items_make_alike_rows_likely(codes) -> None:
    rows = [f"name: m{i}x, top1: 72.50, top5: 97.50" for i in range(2)]
    assert codes(zoo(rows, "datasets: {d: {samples: 40}}\n")) == []
    assert codes(zoo(rows, "datasets: {d: {samples: 40000}}\n")) == ["ZOO205"]


def test_one_row_copied_to_another_data_set_is_found(found) -> None:
    manifest = (
        "datasets: {kinetics400: {}, sthv2: {}}\n"
        "models:\n"
        "  - name: tsm_r101\n"
        "    hashtag: efcc0d1b\n"
        "    results:\n"
        "      - {dataset: kinetics400, top1: 63.70, top5: 88.28}\n"
        "      - {dataset: sthv2, top1: 63.70, top5: 88.28}\n"
    )
    (finding,) = found(manifest)
    assert (finding.code, finding.line) == ("ZOO205", 8)


@pytest.mark.parametrize(
    ("total", "rows", "expected"),
    [
        (1530, ["66.667"], ["ZOO207"]),
        (1530, ["66.66667"], ["ZOO207"]),
        (7500, ["88.227", "87.107", "86.027"], []),  # a column in the zoo's own style
        (7500, ["88.2267", "87.1067", "86.0267"], ["ZOO207"] * 3),
        (12, ["91.7"], []),
        (480, ["83.33"], []),
        (800, ["83.125"], []),  # exact
        (50000, ["90.056"], []),
        (100, ["83.450"], ["ZOO206"]),
    ],
)
def test_digits_that_the_items_cannot_carry(codes, total: int, rows: list[str], expected) -> None:
    head = f"datasets: {{d: {{samples: {total}}}}}\n"
    lines = [f"name: m{i}x, top1: {text}" for i, text in enumerate(rows)]
    assert codes(zoo(lines, head)) == expected


def test_a_mean_class_accuracy_is_no_count(codes) -> None:
    head = "datasets: {d: {samples: 1530}}\nmetrics: {mean_class: {unit: '%'}}\n"
    assert codes(zoo(["name: a, mean_class: 66.70"], head)) == []
