"""Classifying items one after the other, while the next ones are being read.

Three things happen at once: threads read items ahead (:func:`_read_ahead`), one thread cuts the
next pass from what they have read (:func:`_passes`), and the caller's thread has the network
classify the pass before it. Decoding, resizing and the arithmetic of arrays let go of Python's
lock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.recognizers.engines.engine import Classifier, Scores
from sphinx_modelzoo.recognizers.views import Views

Read = Callable[[int], Views]

# Bytes of frames that are read before a network sees them; a single item may be larger.
AHEAD_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class ItemScores:
    """What a network gives for an item.

    ``mean`` is the mean over its views, one score a class; ``largest`` is the largest absolute
    score of any view.
    """

    mean: Scores
    largest: float


@dataclass(slots=True)
class _Item:
    """An item on its way: its views are being classified, or ``error`` says why they cannot be."""

    index: int
    views: int = 0
    error: UndecidedError | None = None
    seen: int = 0
    total: NDArray[np.float64] | None = None
    largest: float = 0.0

    def add(self, scores: Scores) -> None:
        # One view after the other, so that the sum does not depend on how passes are cut.
        for row in scores.astype(np.float64):
            self.total = row if self.total is None else self.total + row
        self.seen += len(scores)
        self.largest = max(self.largest, float(np.abs(scores).max()))

    @property
    def outcome(self) -> ItemScores | UndecidedError:
        if self.error is not None:
            return self.error
        assert self.total is not None  # noqa: S101 - only asked for when all views are seen
        return ItemScores(np.asarray(self.total / self.views, dtype=np.float32), self.largest)


@dataclass(frozen=True, slots=True)
class _Pass:
    """Views that a network sees at once, of one item or several.

    ``items`` are those that begin here, in order; ``shares`` says how many views are whose.
    """

    views: NDArray[np.float32]
    items: tuple[_Item, ...]
    shares: tuple[tuple[_Item, int], ...]


def classify(
    indices: Iterable[int],
    read: Read,
    classifier: Classifier,
    workers: int = 1,
    ahead: int = AHEAD_BYTES,
) -> Iterator[tuple[int, ItemScores | UndecidedError]]:
    """Give the mean score over the views of each item, in order.

    Views of several items share a pass, so that short protocols are fast too. Beside the frames
    that are read ahead, two passes are held: the one that is classified and the next one.

    Args:
        indices: The items, by any number that ``read`` knows.
        read: Gives an item's views; called from threads.
        classifier: The network.
        workers: Threads that read ahead, at least 1.
        ahead: Bytes of frames that may be read ahead, beside one item.

    Yields:
        Each index with its scores, or with the error that reading it met.
    """
    waiting: deque[_Item] = deque()
    passes = _passes(_read_ahead(indices, read, max(1, workers), ahead), classifier.batch)
    # Left in this order: the thread first, which may be at work in the generator.
    with closing(passes), ThreadPoolExecutor(1, thread_name_prefix="cutter") as cutter:
        coming = cutter.submit(next, passes, None)
        while (current := coming.result()) is not None:
            coming = cutter.submit(next, passes, None)
            waiting.extend(current.items)
            if current.shares:
                _add(current.shares, classifier.scores(current.views))
            while waiting and waiting[0].seen == waiting[0].views:
                item = waiting.popleft()
                yield item.index, item.outcome


def _add(shares: Iterable[tuple[_Item, int]], scores: Scores) -> None:
    start = 0
    for item, count in shares:
        item.add(scores[start : start + count])
        start += count


def _passes(
    read: Generator[tuple[int, Views | UndecidedError], None, None], batch: int
) -> Generator[_Pass, None, None]:
    """Cut full passes from items as they are read, and a last one from what is left.

    Two arrays take turns: a pass's views stay as they are until the second next one is asked for.
    """
    arrays: list[NDArray[np.float32]] = []
    items: list[_Item] = []
    shares: list[tuple[_Item, int]] = []
    filled = 0
    with closing(read):
        for index, views in read:
            if isinstance(views, UndecidedError):
                items.append(_Item(index, error=views))
                continue
            if not arrays:
                arrays = [np.empty((batch, *views.shape), dtype=np.float32) for _ in range(2)]
            item = _Item(index, len(views))
            items.append(item)
            start = 0
            while start < len(views):
                count = min(len(views) - start, batch - filled)
                views.cut(start, start + count, arrays[0][filled : filled + count])
                shares.append((item, count))
                start, filled = start + count, filled + count
                if filled == batch:
                    yield _Pass(arrays[0], tuple(items), tuple(shares))
                    arrays.reverse()
                    items, shares, filled = [], [], 0
    if items or filled:
        yield _Pass(
            arrays[0][:filled] if arrays else np.empty(0, np.float32), tuple(items), tuple(shares)
        )


def _read_ahead(
    indices: Iterable[int], read: Read, workers: int, ahead: int
) -> Generator[tuple[int, Views | UndecidedError], None, None]:
    """Read items in threads, in order, while the frames that wait stay below ``ahead`` bytes.

    Until one item has shown how large items are, only one is read.
    """
    left = iter(indices)
    reading: deque[tuple[int, Future[Views | UndecidedError]]] = deque()
    largest = 0

    def read_on() -> None:
        room = max(1, min(workers, ahead // largest)) if largest else 1
        for index in islice(left, max(0, room - len(reading))):
            reading.append((index, pool.submit(_try, read, index)))

    with ThreadPoolExecutor(workers, thread_name_prefix="reader") as pool:
        try:
            read_on()
            while reading:
                index, future = reading.popleft()
                views = future.result()
                if not isinstance(views, UndecidedError):
                    largest = max(largest, views.nbytes)
                read_on()
                yield index, views
        finally:
            for _, future in reading:
                future.cancel()


def _try(read: Read, index: int) -> Views | UndecidedError:
    try:
        return read(index)
    except UndecidedError as error:
        return error
