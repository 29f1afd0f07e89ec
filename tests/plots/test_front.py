from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.plots.front import pareto_front

PLACES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12)
BETTER = st.sampled_from(["higher", "lower"])


@pytest.mark.parametrize(
    ("x_better", "y_better", "front"),
    [
        ("lower", "higher", (0, 2)),
        ("higher", "higher", (3, 2)),
        ("lower", "lower", (0, 1)),
        ("higher", "lower", (3, 1)),
    ],
)
def test_each_direction_has_its_own_front(
    x_better: str, y_better: str, front: tuple[int, ...]
) -> None:
    places = [(1.0, 5.0), (2.0, 3.0), (3.0, 8.0), (4.0, 4.0)]
    assert pareto_front(places, x_better, y_better) == front


def test_no_points_have_no_front() -> None:
    assert pareto_front([], "lower", "higher") == ()


def test_equal_points_are_on_it_together() -> None:
    assert pareto_front([(1, 5), (1, 5), (1, 4), (2, 5)], "lower", "higher") == (0, 1)


@given(PLACES, BETTER, BETTER)
def test_it_holds_exactly_the_points_that_none_beats(
    places: list[tuple[int, int]], x_better: str, y_better: str
) -> None:
    def beats(one: tuple[int, int], other: tuple[int, int]) -> bool:
        x = (one[0] - other[0]) * (1 if x_better == "higher" else -1)
        y = (one[1] - other[1]) * (1 if y_better == "higher" else -1)
        return x >= 0 and y >= 0 and (x > 0 or y > 0)

    unbeaten = {
        index for index, one in enumerate(places) if not any(beats(other, one) for other in places)
    }
    front = pareto_front([(float(x), float(y)) for x, y in places], x_better, y_better)
    assert set(front) == unbeaten
    assert len(front) == len(unbeaten)
