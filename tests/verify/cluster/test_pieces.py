from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.verify.cluster.pace import GROWTH, LARGEST, SECONDS, Pace
from sphinx_modelzoo.verify.cluster.pieces import LOSSES, Piece, Pieces


def ids(count: int) -> list[str]:
    return [f"item{index}" for index in range(count)]


def test_pieces_go_in_the_order() -> None:
    pieces = Pieces(ids(7))
    taken = [pieces.take(3), pieces.take(3), pieces.take(3), pieces.take(3)]
    assert [piece and list(pieces.ids(piece)) for piece in taken] == [
        ["item0", "item1", "item2"],
        ["item3", "item4", "item5"],
        ["item6"],
        None,
    ]


def test_the_front_waits_for_the_first_piece() -> None:
    pieces = Pieces(ids(6))
    first, second = pieces.take(2), pieces.take(2)
    assert first
    assert second
    pieces.answered(second)
    assert (pieces.front, pieces.beyond, pieces.done) == (0, 2, False)
    pieces.answered(first)
    assert (pieces.front, pieces.beyond, pieces.done) == (4, 0, False)


def test_no_more_pieces_reach_beyond_the_front_than_allowed() -> None:
    pieces = Pieces(ids(100))
    first, second = pieces.take(5, limit=2), pieces.take(5, limit=2)
    assert first
    assert second
    assert pieces.take(5, limit=2) is None
    pieces.answered(second)  # it came before the first, and cannot be counted yet
    assert pieces.take(5, limit=2) is None
    pieces.answered(first)
    assert pieces.take(5, limit=2) == Piece(10, 15)


def test_a_piece_that_came_back_goes_first_even_at_the_limit() -> None:
    pieces = Pieces(ids(100))
    first, second = pieces.take(5, limit=2), pieces.take(5, limit=2)
    assert first
    assert second
    pieces.back(first)
    assert pieces.take(1, limit=2) == first
    assert pieces.take(1, limit=2) is None


@pytest.mark.parametrize(("size", "losses"), [(1, LOSSES), (4, LOSSES), (64, LOSSES + 1)])
def test_an_item_that_kills_workers_is_named(size: int, losses: int) -> None:
    pieces = Pieces(ids(200))
    lost = 0
    while not pieces.done:
        piece = pieces.take(size)
        assert piece
        if "item2" in pieces.ids(piece):
            lost += 1
            if pieces.lost(piece):
                break
        else:
            pieces.answered(piece)
    assert piece
    assert (list(pieces.ids(piece)), lost) == (["item2"], losses)


def test_items_that_workers_were_lost_with_by_chance_are_not_blamed() -> None:
    draw = random.Random(1)  # noqa: S311 - fates, no secrets
    pieces = Pieces(ids(2000))
    lost = 0
    while not pieces.done:
        piece = pieces.take(50)
        assert piece
        # Half of all workers do not live until fifty items are done, and one of a hundred one.
        if draw.random() < 1 - 0.99**piece.size:
            lost += 1
            assert not pieces.lost(piece)
        else:
            pieces.answered(piece)
    assert lost > 20


@pytest.mark.parametrize("workers", [1, 2, 7])
@given(seed=st.integers(0, 2**32), count=st.integers(0, 60))
def test_every_item_is_answered_once_whatever_is_lost(workers: int, seed: int, count: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - fates, no secrets
    pieces = Pieces(ids(count))
    out: list[Piece] = []
    answered: list[str] = []
    while not pieces.done:
        while len(out) < workers and (piece := pieces.take(draw.randint(1, 5), workers)):
            out.append(piece)
            # What was handed out and is not yet counted is no more than a piece a worker.
            assert pieces.handed - pieces.front <= 5 * workers
        piece = out.pop(draw.randrange(len(out)))
        fate = draw.random()
        if fate < 0.2:
            pieces.back(piece)
        elif fate < 0.3:
            if pieces.lost(piece):
                assert piece.size == 1
                return
        else:
            answered += pieces.ids(piece)
            pieces.answered(piece)
    assert sorted(answered) == sorted(ids(count))


def test_a_suspect_is_all_that_its_worker_has() -> None:
    pieces = Pieces(ids(20))
    first, second = pieces.take(4), pieces.take(4)
    assert first
    assert second
    pieces.lost(first)
    pieces.back(second)
    assert pieces.take(4, suspects=False) == second
    assert pieces.take(4, suspects=False) == Piece(8, 12)
    taken = [pieces.take(4) for _ in range(4)]
    assert taken == [Piece(start, start + 1) for start in range(4)]
    assert all(piece and piece.losses == 1 for piece in taken)


def test_pieces_grow_to_the_time_that_they_should_take() -> None:
    pace = Pace()
    sizes = []
    for _ in range(12):
        sizes.append(pace.size)
        pace.learn(pace.size, 0.1 * pace.size)
    assert sizes[:5] == [1, 2, 4, 8, 15]
    assert set(sizes[5:]) == {15}
    assert GROWTH == 2
    assert SECONDS == 1.5


def test_pieces_take_longer_where_there_are_many_workers() -> None:
    sizes = []
    for workers in (1, 150, 1000):
        pace = Pace()
        for _ in range(10):
            pace.learn(pace.size, 0.1 * pace.size, workers)
        sizes.append(pace.size)
    assert sizes == [15, 15, 100]


def test_pieces_stay_single_items_where_one_takes_long() -> None:
    pace = Pace()
    pace.learn(1, 160.0)
    assert pace.size == 1


def test_pieces_have_an_end_where_items_take_no_time() -> None:
    pace = Pace()
    for _ in range(20):
        pace.learn(pace.size, 0.0)
    assert pace.size == LARGEST


def test_pieces_shrink_towards_the_end() -> None:
    pace = Pace()
    for _ in range(20):
        pace.learn(pace.size, 0.0)
    assert [pace.size_for(left, 4) for left in (100_000, 800, 80, 8, 1, 0)] == [
        1024, 100, 10, 1, 1, 1
    ]  # fmt: skip
