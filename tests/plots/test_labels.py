"""Names cover nothing: neither each other, nor points, nor the plot's edge."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.plots.boxes import Box, Boxes
from sphinx_modelzoo.plots.labels import Name, Placed, place_names

AREA = Box(40, 20, 600, 380)
RADIUS = 4.5
HEIGHT = 13.2
PLACES = st.lists(
    st.tuples(st.floats(40, 600), st.floats(20, 380), st.floats(5, 250)), min_size=1, max_size=60
)


def placed(names: list[Name], lines: Boxes | None = None) -> list[Placed]:
    reach = RADIUS + 1
    points = Boxes(Box(n.x - reach, n.y - reach, n.x + reach, n.y + reach) for n in names)
    return place_names(
        names, height=HEIGHT, radius=RADIUS, area=AREA, points=points, lines=lines or Boxes()
    )


@settings(max_examples=150, deadline=None)
@given(PLACES)
def test_no_two_names_overlap_nor_cover_a_point_nor_leave_the_plot(
    places: list[tuple[float, float, float]],
) -> None:
    names = [Name(index, x, y, width) for index, (x, y, width) in enumerate(places)]
    found = placed(names)
    assert len({place.index for place in found}) == len(found)
    for place in found:
        assert AREA.holds(place.box)
        assert abs(place.box.right - place.box.left - names[place.index].width) < 1e-9
        for name in names:
            mark = Box(name.x - RADIUS, name.y - RADIUS, name.x + RADIUS, name.y + RADIUS)
            assert not place.box.overlaps(mark)
    for one, other in combinations(found, 2):
        assert not one.box.overlaps(other.box)


@settings(max_examples=50, deadline=None)
@given(PLACES)
def test_the_same_names_get_the_same_places(places: list[tuple[float, float, float]]) -> None:
    names = [Name(index, x, y, width) for index, (x, y, width) in enumerate(places)]
    assert placed(names) == placed(names)


def test_a_name_alone_stands_to_the_right() -> None:
    (place,) = placed([Name(0, 300, 200, 50)])
    assert place.anchor == "start"
    assert place.box.left - 300 < 8
    assert place.leader is None


def test_a_name_at_the_right_edge_stands_to_the_left() -> None:
    (place,) = placed([Name(0, 590, 200, 50)])
    assert place.anchor == "end"
    assert place.box.right == place.x


def test_a_name_keeps_off_a_line_where_it_can() -> None:
    line = Box(320, 100, 322, 300)
    (place,) = placed([Name(0, 300, 200, 50)], Boxes([line]))
    assert not place.box.overlaps(line)


def test_a_crowded_point_has_its_name_further_off_with_a_line() -> None:
    around = [(285, 185), (315, 185), (285, 200), (315, 200), (285, 215), (300, 215), (315, 215)]
    names = [Name(0, 300, 200, 20), *(Name(i, x, y, 300) for i, (x, y) in enumerate(around, 1))]
    place = next(place for place in placed(names) if place.index == 0)
    assert place.leader is not None
    (x, y), _ = place.leader
    assert abs(x - 300) <= RADIUS
    assert abs(y - 200) <= RADIUS


def test_the_most_important_name_wins_where_there_is_room_for_few() -> None:
    names = [Name(index, 300, 200, 250) for index in range(40)]
    found = [place.index for place in placed(names)]
    assert 0 < len(found) < 40
    assert found == sorted(found)
    assert found[0] == 0


def test_a_name_too_wide_for_the_plot_is_left_out() -> None:
    assert placed([Name(0, 300, 200, 900)]) == []
