from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.evidence_lines import item_line
from sphinx_modelzoo.verify.count import Counts, counts_of
from sphinx_modelzoo.verify.journal import open_journal
from sphinx_modelzoo.verify.order import seeded_items
from sphinx_modelzoo.verify.tally import Tally

CLASSES = 6


def prediction(item: str, label: int, *order: int, error: str = "") -> Prediction:
    top = tuple((index, 1.0 / (rank + 1)) for rank, index in enumerate(order))
    return Prediction(item, label, top, error)


@st.composite
def predictions(draw) -> list[Prediction]:
    ids = draw(st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=12))
    made = []
    for item in ids:
        label = draw(st.integers(0, CLASSES - 1))
        order = draw(st.permutations(range(CLASSES)))
        error = draw(st.sampled_from(["", "", "", "truncated"]))
        made.append(prediction(item, label, *(() if error else order), error=error))
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journals")


def counted(folder: Path, made, tops=(1,), classes=CLASSES, seed="s") -> tuple[Tally, Counts]:
    """Count predictions in the order in which they come, as a run does."""
    tally = Tally(seeded_items({each.id: each.label for each in made}, seed), tops, classes)
    journal = open_journal(folder / "j")
    try:
        journal.begin({})
        for each in made:
            tally.add(journal.append(each), each)
        return tally, counts_of(tally, journal, tally.n)
    finally:
        journal.remove()


@settings(max_examples=40)
@given(made=predictions(), seed=st.integers())
def test_the_order_of_predictions_does_not_matter(folder, made, seed):
    shuffled = random.Random(seed).sample(made, len(made))  # noqa: S311 - an order, no secret
    assert counted(folder, made, (1, 5))[1] == counted(folder, shuffled, (1, 5), seed="t")[1]


@settings(max_examples=40)
@given(made=predictions())
def test_counts_are_those_of_the_plain_definition(folder, made):
    tally, counts = counted(folder, made, (1, 3))
    readable = [each for each in made if not each.error]
    for top in (1, 3):
        hits = [each for each in readable if each.label in [k for k, _ in each.top][:top]]
        assert counts.correct[top] == len(hits)
    assert counts.n + len(counts.unreadable) == len(made) == tally.n
    assert not tally.waiting


@settings(max_examples=40)
@given(some=predictions(), others=predictions())
def test_equal_digests_mean_equal_predictions(folder, some, others):
    same = sorted(map(item_line, some)) == sorted(map(item_line, others))
    equal = counted(folder, some)[1].digest == counted(folder, others)[1].digest
    assert same == equal


def test_the_digest_is_that_of_the_sorted_lines(tmp_path):
    made = [prediction("b", 1, 2, 0), prediction("a", 0, error="gone")]
    text = b'["a",0,[],"gone"]\n["b",1,[[2,1.0],[0,0.5]],""]\n'
    assert counted(tmp_path, made)[1].digest == hashlib.sha256(text).hexdigest()


def test_an_unreadable_item_is_named_and_not_among_the_readable(tmp_path):
    made = [prediction("a", 0, error="gone"), prediction("b", 1, 1)]
    _, counts = counted(tmp_path, made)
    assert (counts.n, counts.correct, counts.unreadable) == (1, {1: 1}, {"a": "gone"})


def test_fewer_classes_than_the_metric_looks_at_are_an_error(tmp_path):
    with pytest.raises(UndecidedError, match=r"'a' offers 4 classes, .* best 5"):
        counted(tmp_path, [prediction("a", 0, 0, 1, 2, 3)], (1, 5))


def test_all_classes_are_enough_where_there_are_fewer_than_k(tmp_path):
    _, counts = counted(tmp_path, [prediction("a", 1, 0, 1)], (5,), classes=2)
    assert counts.correct == {5: 1}


def test_an_item_waits_until_those_before_it_in_the_order_have_come():
    made = [prediction(f"item{index}", index % 2, 0) for index in range(20)]
    items = seeded_items({each.id: each.label for each in made}, "seed")
    by_id = {each.id: each for each in made}
    order = items.in_order()
    tally = Tally(items, (1,), CLASSES)
    for item in reversed(order[1:]):
        tally.add(0, by_id[item])
    assert (tally.n, tally.correct[1], tally.left()) == (0, 0, order[:1])
    tally.add(0, by_id[order[0]])
    assert (tally.n, tally.correct[1], tally.left()) == (20, 10, [])
