"""Sharing passes among items while the next ones are read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.recognizers.inference import classify
from sphinx_modelzoo.recognizers.views import Views, views_of

SIDE = 2
PATIENCE = 30.0  # seconds


class Network:
    """Gives the first two values of a view as scores, and remembers its passes."""

    def __init__(self, batch: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.batch = batch
        self.passes: list[int] = []
        self._meanwhile = meanwhile

    def scores(self, views: np.ndarray) -> np.ndarray:
        assert 0 < len(views) <= self.batch
        assert views.flags.c_contiguous
        self.passes.append(len(views))
        seen = views.copy()
        self._meanwhile()
        # What a network is at work on must not change under its hands.
        assert np.array_equal(seen, views)
        return seen.reshape(len(seen), -1)[:, :2]


def item(index: int, views: int) -> Views:
    draw = np.random.default_rng(index)
    frames = draw.integers(0, 256, (views, SIDE, SIDE, 3), dtype=np.uint8)
    return views_of(list(frames), SIDE, 1)


@given(
    sizes=st.lists(st.one_of(st.none(), st.integers(1, 9)), max_size=12),
    batch=st.integers(1, 7),
    workers=st.integers(1, 3),
    ahead=st.sampled_from([1, 40, 10**6]),
)
@settings(deadline=None)
def test_every_item_gets_the_mean_of_its_own_views_once_and_in_order(sizes, batch, workers, ahead):
    def read(index: int) -> Views:
        size = sizes[index]
        if size is None:
            raise UndecidedError(Problem(f"clip {index} is broken", ""))
        return item(index, size)

    network = Network(batch)
    outcomes = list(classify(range(len(sizes)), read, network, workers, ahead))
    assert [index for index, _ in outcomes] == list(range(len(sizes)))
    for (index, outcome), size in zip(outcomes, sizes, strict=True):
        if size is None:
            assert str(outcome) == f"clip {index} is broken"
        else:
            # Summed in float64 one after the other, however the passes were cut.
            rows = item(index, size).cut(0, size).reshape(size, -1)[:, :2]
            total = np.zeros(2)
            for row in rows:
                total = total + row.astype(np.float64)
            assert np.array_equal(outcome.mean, (total / size).astype(np.float32))
            assert outcome.largest == np.abs(rows).max()
    assert sum(network.passes) == sum(size or 0 for size in sizes)
    assert all(size == batch for size in network.passes[:-1])


class Reader:
    """Reads items of the same size when it may, and remembers which it began."""

    def __init__(self, views: int) -> None:
        self.started: list[int] = []
        self.may = threading.Event()
        self.may.set()
        self._views = views

    def __call__(self, index: int) -> Views:
        self.started.append(index)
        assert self.may.wait(PATIENCE)
        return item(index, self._views)

    def wait_for(self, index: int) -> None:
        """Wait until an item is being read."""
        end = time.monotonic() + PATIENCE
        while index not in self.started:
            assert time.monotonic() < end, f"item {index} is not read"
            time.sleep(0.001)


def reads_only(reader: Reader, count: int) -> bool:
    """Wait until so many items are read, and say whether it stays at that."""
    reader.wait_for(count - 1)
    time.sleep(0.1)
    return len(reader.started) == count


@pytest.mark.parametrize(
    ("ahead", "most"),
    [
        # The item that is classified, the one that the next pass is cut from, and those ahead.
        (10**6, 1 + 1 + 3),
        (2 * 4 * SIDE * SIDE * 3, 1 + 1 + 2),
        (1, 1 + 1 + 1),
    ],
    ids=["by workers", "by bytes", "larger than the bytes"],
)
def test_reading_ahead_is_bounded_by_workers_and_bytes(ahead, most):
    reader = Reader(views=4)
    outcomes = classify(range(100), reader, Network(4), workers=3, ahead=ahead)
    next(outcomes)
    assert reads_only(reader, most)
    outcomes.close()
    assert len(reader.started) <= most + 1


def test_only_one_item_is_read_until_its_size_is_known():
    reader = Reader(views=1)
    reader.may.clear()
    outcomes = classify(range(100), reader, Network(1), workers=8)
    thread = threading.Thread(target=next, args=(outcomes,))
    thread.start()
    assert reads_only(reader, 1)
    reader.may.set()
    thread.join()
    outcomes.close()


def test_reading_and_cutting_go_on_while_the_network_works():
    reader = Reader(views=2)
    # While a pass is classified, the item of the pass after the next one is being read.
    network = Network(2, lambda: reader.wait_for(min(9, len(network.passes) + 1)))
    outcomes = dict(classify(range(10), reader, network, workers=1))
    assert len(outcomes) == 10


def test_a_fault_while_reading_reaches_the_caller():
    def read(index: int) -> Views:
        if index == 3:
            msg = "no clip"
            raise ValueError(msg)
        return item(index, 2)

    with pytest.raises(ValueError, match="no clip"):
        list(classify(range(9), read, Network(2), workers=2))


def test_no_thread_is_left_when_the_caller_stops():
    before = threading.active_count()
    outcomes = classify(range(1000), Reader(views=3), Network(2), workers=3)
    next(outcomes)
    outcomes.close()
    assert threading.active_count() == before
