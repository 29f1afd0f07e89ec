from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.statistics.accuracy import AccuracyTest
from sphinx_modelzoo.statistics.claim import Claim
from sphinx_modelzoo.verify import order
from sphinx_modelzoo.verify.order import seeded_items, seeded_order, sorted_positions


def test_items_go_in_the_order_of_the_digest_of_seed_and_id():
    ids = [f"item{index}" for index in range(50)]
    expected = sorted(ids, key=lambda item: hashlib.sha256(f"seed|{item}".encode()).digest())
    assert seeded_order(ids, "seed") == expected
    assert seeded_order(reversed(ids), "seed") == expected
    assert seeded_order(ids, "other") != expected
    assert sorted(expected) == sorted(ids)


def test_a_sorted_list_is_mixed():
    labels = {f"class{index // 100}/clip{index:03}": index // 100 for index in range(1000)}
    first = seeded_items(labels, "seed").in_order()[:100]
    assert len({labels[item] for item in first}) == 10


@given(st.sets(st.binary(max_size=6), max_size=400), st.integers())
def test_positions_are_sorted_by_their_keys_whether_at_once_or_in_parts(keys, seed):
    shuffled = random.Random(seed).sample(sorted(keys), len(keys))  # noqa: S311 - an order
    expected = sorted(range(len(shuffled)), key=shuffled.__getitem__)
    assert list(sorted_positions(len(shuffled), shuffled.__getitem__)) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "_WHOLE", 10)
        patch.setattr(order, "_PARTS", 4)
        assert list(sorted_positions(len(shuffled), shuffled.__getitem__)) == expected


@given(st.randoms())
def test_the_order_of_the_input_list_does_not_matter(random):
    items = {f"clip{number:03}": number % 5 > 0 for number in range(300)}
    test = AccuracyTest(Claim(300, 254, 300, 270))
    expected = test.after(test.start(), [items[item] for item in seeded_order(items, "7")])
    assert 0 < expected.standing.n < 300
    shuffled = list(items)
    random.shuffle(shuffled)
    outcomes = [items[item] for item in seeded_order(shuffled, "7")]
    assert test.after(test.start(), outcomes) == expected
