from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.plots.boxes import Box
from sphinx_modelzoo.plots.extents import text_height, text_width
from sphinx_modelzoo.plots.layout import lay_out
from sphinx_modelzoo.plots.model import Axis, Labels
from sphinx_modelzoo.plots.scene import Line, Scene, Text
from sphinx_modelzoo.receipts.model import StatusKind

from .build import X, Y, plot, point

VALUE = st.floats(-1e100, 1e100).filter(lambda value: value == 0 or abs(value) > 1e-100)
POINTS = st.lists(st.tuples(VALUE, VALUE, st.text("abWM_漢", min_size=1, max_size=30)), max_size=30)


def box(text: Text) -> Box:
    width, height = text_width(text.text, text.size), text_height(text.size)
    left = text.x - {"start": 0, "middle": width / 2, "end": width}[text.anchor]
    return Box(left, text.y - height * 0.78, left + width, text.y + height * 0.22)


def texts(scene: Scene) -> list[Text]:
    return [part for part in (*scene.frame, *scene.names) if isinstance(part, Text)]


@settings(max_examples=100, deadline=None)
@given(POINTS.filter(bool), st.sampled_from(["%", ""]))
def test_any_points_make_a_scene_whose_texts_neither_overlap_nor_leave_it(
    places: list[tuple[float, float, str]], unit: str
) -> None:
    axis = Axis("top1", "Top-1", unit, "higher")
    scene = lay_out(plot([point(x, y, label) for x, y, label in places], y=axis))
    canvas = Box(-1, -1, scene.width + 1, scene.height + 1)
    for text in texts(scene):
        assert canvas.holds(box(text)), text
    names = [box(part) for part in scene.names if isinstance(part, Text)]
    for one, other in combinations(names, 2):
        assert not one.overlaps(other)
    frame = [box(part) for part in scene.frame if isinstance(part, Text)]
    for one, other in combinations(frame, 2):
        assert not one.overlaps(other)
    left_out = len(places) - len(names)
    assert any(note.startswith(f"{left_out} point") for note in scene.notes) == (left_out > 0)
    for spot in scene.spots:
        assert canvas.holds(Box(spot.mark.x - 5, spot.mark.y - 5, spot.mark.x + 5, spot.mark.y + 5))


def test_better_stands_higher_or_lower_as_the_metric_counts() -> None:
    scene = lay_out(plot([point(1, 10, "a"), point(2, 20, "b")]))
    first, second = (spot.mark for spot in scene.spots)
    assert first.x < second.x
    assert first.y > second.y


@pytest.mark.parametrize(("better", "edge"), [("lower", "right"), ("higher", "left")])
def test_the_front_is_a_step_to_where_x_is_worse(better: str, edge: str) -> None:
    axis = Axis("cost", "Cost", better=better)
    values = [(1, 10), (2, 20)] if better == "lower" else [(2, 10), (1, 20)]
    scene = lay_out(plot([point(x, y, f"m{x}") for x, y in values], x=axis))
    steps = [part for part in scene.frame if isinstance(part, Line) and part.width == 1.6][1:]
    assert len(steps) == 3, "over, up, over"
    for step in steps:
        (x0, y0), (x1, y1) = step.points
        assert x0 == x1 or y0 == y1
    ends = [x for x, _ in steps[-1].points]
    best = min(spot.mark.y for spot in scene.spots)
    assert steps[-1].points[0][1] == best
    assert max(ends) == scene.width - 10 if edge == "right" else min(ends) < 100


def test_a_bar_reaches_from_end_to_end_of_the_interval_and_leaves_its_mark_free() -> None:
    scene = lay_out(plot([point(1, 50, low=40.0, high=60.0), point(2, 55)]))
    with_bar, without = scene.spots
    assert without.mark.bars == ()
    upper, lower = with_bar.mark.bars
    assert upper.points[1][1] == pytest.approx(with_bar.mark.y - with_bar.mark.radius)
    assert lower.points[0][1] == pytest.approx(with_bar.mark.y + with_bar.mark.radius)
    length = lower.points[1][1] - upper.points[0][1]
    assert length / (with_bar.mark.y - without.mark.y) == pytest.approx(20 / 5)


def test_bars_that_hide_behind_their_marks_are_told_in_words() -> None:
    points = [point(1, 10, low=9.9, high=10.1), point(2, 90, low=89.9, high=90.1)]
    scene = lay_out(plot(points))
    assert all(spot.mark.bars == () for spot in scene.spots)
    assert "95 % interval" not in [text.text for text in texts(scene)]
    assert scene.notes == ("The 95 % intervals are smaller than the marks.",)


@pytest.mark.parametrize(
    ("labels", "names"), [(Labels.NONE, []), (Labels.FRONT, ["a"]), (Labels.ALL, ["a", "b"])]
)
def test_labels_are_for_none_for_the_front_or_for_all(labels: Labels, names: list[str]) -> None:
    scene = lay_out(plot([point(1, 20, "a"), point(2, 10, "b")], labels=labels))
    assert [part.text for part in scene.names if isinstance(part, Text)] == names


def test_the_legend_says_in_words_what_is_there_and_nothing_else() -> None:
    def legend(*points: object, **options: object) -> list[str]:
        scene = lay_out(plot(points, labels=Labels.NONE, **options))  # type: ignore[arg-type]
        return [text.text for text in texts(scene) if not text.text.replace(".", "").isdecimal()]

    bare = point(1, 20, "a")
    assert legend(bare) == ["Pareto front", "Top-1 (%)", "Parameters"]
    full = [
        point(index, 20, status=status, low=1.0, high=30.0, group=group)
        for index, (status, group) in enumerate(
            [(StatusKind.REFUTED, "one"), (StatusKind.VERIFIED, "two")], start=1
        )
    ]
    assert legend(*full, groups=("one", "two")) == [
        "one",
        "two",
        "verified",
        "refuted",
        "Pareto front",
        "95 % interval",
        "Top-1 (%)",
        "Parameters",
    ]
    year = Axis("year", "Year", better="lower", whole=True)
    assert "best so far" in legend(bare, x=year)
    assert legend(bare, y=Axis("taste", "Taste")) == ["Taste", "Parameters"]


def test_groups_have_their_own_shape_and_colour_and_the_rest_share_the_last() -> None:
    groups = ("a", "b", "c", "d", "others")
    points = [point(i, i, group=group) for i, group in enumerate([*groups[:4], "x", "y"], 1)]
    marks = [spot.mark for spot in lay_out(plot(points, groups=groups)).spots]
    assert [mark.group for mark in marks] == [0, 1, 2, 3, 4, 4]
    assert len({mark.shape for mark in marks}) == 5


def test_long_titles_and_names_of_groups_are_cut_to_the_room_that_there_is() -> None:
    long = "Top-1 of the mean over all crops and segments of each video " * 3
    groups = tuple(f"{number} {long}" for number in range(3))
    points = [point(i, i, f"m{i}", group=group) for i, group in enumerate(groups, 1)]
    axes = {"x": Axis("a", long), "y": Axis("b", long, "hours")}
    scene = lay_out(plot(points, groups=groups, **axes))  # type: ignore[arg-type]
    canvas = Box(0, 0, scene.width, scene.height)
    for text in texts(scene):
        assert canvas.holds(box(text)), text
    assert sum(text.text.endswith("\u2026") for text in texts(scene)) == 5


def test_an_axis_title_has_the_unit_that_its_ticks_have() -> None:
    size = Axis("size", "Size", "B", "lower")
    scene = lay_out(plot([point(4e6, 10), point(9e7, 20)], x=size))
    assert "Size (MB)" in [text.text for text in texts(scene)]
    assert X.unit == ""
    assert Y.unit == "%"
