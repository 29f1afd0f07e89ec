"""File names of cards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.cards.names import file_names

RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{digit}" for name in ("com", "lpt") for digit in range(10)),
}


@pytest.mark.parametrize("name", ["vgg16_ucf101", "resnet50_v1.5", "R-50", "x.params"])
def test_a_safe_name_stays(name: str) -> None:
    assert file_names([(name, "")]) == {(name, ""): name}


@given(st.lists(st.tuples(st.text(min_size=1), st.sampled_from(["", "other"])), max_size=8))
def test_names_are_safe_and_no_two_alike_where_capitals_do_not_count(
    models: list[tuple[str, str]],
) -> None:
    names = file_names(models)
    assert names.keys() == set(models)
    assert len({name.lower() for name in names.values()}) == len(names)
    for name in names.values():
        assert name.isascii()
        assert all(each.isalnum() or each in "._-" for each in name)
        assert name.strip("._") == name
        assert name.lower().split(".")[0] not in RESERVED
        assert len(name) < 120


def test_a_name_is_the_same_whatever_stands_before_it() -> None:
    alone = file_names([("a/b", "")])
    assert file_names([("x", ""), ("y z", ""), ("a/b", "")])["a/b", ""] == alone["a/b", ""]
