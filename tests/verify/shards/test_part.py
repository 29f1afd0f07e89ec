"""Shards divide the items: each is in one of them, and a beginning of the order in all alike."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.verify.order import seeded_items
from sphinx_modelzoo.verify.shards.part import Part


@given(total=st.integers(0, 60), of=st.integers(1, 70), first=st.integers(0, 60))
def test_each_item_is_in_one_shard_and_the_order_stays(total: int, of: int, first: int) -> None:
    items = seeded_items({f"item{index}": index for index in range(total)}, "seed")
    order = items.in_order()
    parts = [Part(number, of, Path()) for number in range(1, of + 1)]
    shares = [part.share(items).in_order() for part in parts]
    assert sorted(item for share in shares for item in share) == sorted(order)
    for part, share in zip(parts, shares, strict=True):
        assert share == [item for item in order if item in share]
        within = set(order[:first]) & set(share)
        assert within == set(share[: part.within(min(first, total))])
    lengths = [part.within(min(first, total)) for part in parts]
    assert max(lengths) - min(lengths) <= 1
