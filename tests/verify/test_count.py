from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.verify.count import canonical_line, count, seeded_order

CLASSES = 6


def prediction(item: str, label: int, *order: int, error: str = "") -> Prediction:
    top = tuple((index, 1.0 / (rank + 1)) for rank, index in enumerate(order))
    return Prediction(item, label, top, error)


@st.composite
def predictions(draw) -> list[Prediction]:
    ids = draw(st.lists(st.text(max_size=8), unique=True, max_size=12))
    made = []
    for item in ids:
        label = draw(st.integers(0, CLASSES - 1))
        order = draw(st.permutations(range(CLASSES)))
        error = draw(st.sampled_from(["", "", "", "truncated"]))
        made.append(prediction(item, label, *(() if error else order), error=error))
    return made


@given(predictions(), st.integers())
def test_the_order_of_predictions_does_not_matter(made, seed):
    shuffled = random.Random(seed).sample(made, len(made))  # noqa: S311 - an order, no secret
    assert count(made, {1, 5}, CLASSES) == count(shuffled, {1, 5}, CLASSES)


@given(predictions())
def test_counts_are_those_of_the_plain_definition(made):
    counts = count(made, {1, 3}, CLASSES)
    readable = [each for each in made if not each.error]
    for top in (1, 3):
        hits = [each for each in readable if each.label in [k for k, _ in each.top][:top]]
        assert counts.correct[top] == len(hits)
    assert counts.n + len(counts.unreadable) == len(made)


@given(predictions(), predictions())
def test_equal_digests_mean_equal_predictions(some, others):
    same = sorted(map(canonical_line, some)) == sorted(map(canonical_line, others))
    equal = count(some, {1}, CLASSES).digest == count(others, {1}, CLASSES).digest
    assert same == equal


def test_the_digest_is_that_of_the_sorted_canonical_lines():
    made = [prediction("b", 1, 2, 0), prediction("a", 0, error="gone")]
    text = b'["a",0,[],"gone"]\n["b",1,[[2,1.0],[0,0.5]],""]\n'
    assert count(made, {1}, CLASSES).digest == hashlib.sha256(text).hexdigest()


def test_an_unreadable_item_is_named_and_neither_right_nor_wrong():
    counts = count([prediction("a", 0, error="gone"), prediction("b", 1, 1)], {1}, CLASSES)
    assert (counts.n, counts.correct, counts.unreadable) == (1, {1: 1}, {"a": "gone"})


def test_fewer_classes_than_the_metric_looks_at_are_an_error():
    with pytest.raises(UndecidedError, match=r"'a' offers 4 classes, .* best 5"):
        count([prediction("a", 0, 0, 1, 2, 3)], {1, 5}, CLASSES)


def test_all_classes_are_enough_where_there_are_fewer_than_k():
    assert count([prediction("a", 1, 0, 1)], {5}, classes=2).correct == {5: 1}


def test_an_id_twice_is_an_error():
    with pytest.raises(UndecidedError, match="'a' was predicted twice"):
        count([prediction("a", 0, 0), prediction("a", 0, 1)], {1}, CLASSES)


def test_items_go_in_the_order_of_the_digest_of_seed_and_id():
    ids = [f"item{number}" for number in range(50)]
    order = seeded_order(ids, "7")
    assert order == sorted(ids, key=lambda item: hashlib.sha256(f"7|{item}".encode()).hexdigest())
    assert seeded_order(reversed(ids), "7") == order
    assert seeded_order(ids, "8") != order
