from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.editing.scalars import json_scalar, scalar
from sphinx_modelzoo.manifest.nodes import compose, is_null

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), max_size=30)


@given(text=TEXTS, style=st.sampled_from(["", "'", '"', None, "|"]), flow=st.booleans())
def test_any_text_reads_back_as_itself(text: str, style: str | None, flow: bool) -> None:  # noqa: FBT001
    written = scalar(text, style, flow=flow)
    whole = f"{{k: {written}, l: m}}" if flow else f"k: {written} # c\nl: m\n"
    root = compose(whole.encode(), "")
    assert isinstance(root, yaml.MappingNode)
    value = root.value[0][1]
    assert (value.value, is_null(value), len(root.value)) == (text, False, 2)


@pytest.mark.parametrize(
    ("text", "block", "flow"),
    [
        ("84.0", "84.0", "84.0"),
        ("d6dc1bba", "d6dc1bba", "d6dc1bba"),
        ("has a: colon", '"has a: colon"', '"has a: colon"'),
        ("a, b", "a, b", '"a, b"'),
        ("null", '"null"', '"null"'),
        ("it's", "it's", "it's"),
        ("two\nlines", '"two\\u000alines"', '"two\\u000alines"'),
    ],
)
def test_quotes_stand_only_where_they_are_needed(text: str, block: str, flow: str) -> None:
    assert (scalar(text), scalar(text, flow=True)) == (block, flow)


def test_the_wish_for_quotes_is_kept() -> None:
    assert scalar("it's", "'") == "'it''s'"
    assert scalar('say "a"', '"') == '"say \\"a\\""'


def test_json_keeps_numbers_and_flags_bare() -> None:
    assert [json_scalar(text) for text in ("84.0", "true", "08038185", "a")] == [
        "84.0",
        "true",
        '"08038185"',
        '"a"',
    ]
