"""Classifying clips one after the other, while the next ones are being read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.recognizers.transforms import Images

Scores = NDArray[np.float32]


class Classifier(Protocol):
    """What gives scores to images; at most ``batch`` of them at a time."""

    batch: int

    def scores(self, images: Images) -> Scores:
        """Give the scores, shape (images, classes)."""


@dataclass(slots=True)
class _Tally:
    """A clip whose images are being classified."""

    index: int
    images: int
    seen: int = 0
    total: NDArray[np.float64] | None = None

    def add(self, scores: Scores) -> None:
        # One image after the other, so that the sum does not depend on how passes are cut.
        for row in scores.astype(np.float64):
            self.total = row if self.total is None else self.total + row
        self.seen += len(scores)

    @property
    def mean(self) -> Scores:
        assert self.total is not None  # noqa: S101 - only asked for when all images are seen
        return np.asarray(self.total / self.images, dtype=np.float32)


def classify(
    indices: Iterable[int],
    read: Callable[[int], Images],
    classifier: Classifier,
    workers: int = 1,
) -> Iterator[tuple[int, Scores | UndecidedError]]:
    """Give the mean score over the images of each clip, in order.

    Images of several clips share a pass, so that short protocols are fast too.

    Args:
        indices: The clips, by any number that ``read`` knows.
        read: Gives a clip's images, shape (images, 3, size, size); called from threads.
        classifier: The network.
        workers: Threads that read ahead.

    Yields:
        Each index with its scores, one a class, or with the error that reading it met.
    """
    waiting: deque[_Tally] = deque()
    buffered: deque[tuple[_Tally, Images]] = deque()
    count = 0
    for index, images in _read_ahead(indices, read, workers):
        if isinstance(images, UndecidedError):
            yield index, images
            continue
        tally = _Tally(index, len(images))
        waiting.append(tally)
        buffered.append((tally, images))
        count += len(images)
        while count >= classifier.batch:
            count -= _pass(buffered, classifier)
            yield from _finished(waiting)
    while count:
        count -= _pass(buffered, classifier)
        yield from _finished(waiting)


def _pass(buffered: deque[tuple[_Tally, Images]], classifier: Classifier) -> int:
    """Classify up to a full pass of buffered images; give their number."""
    parts: list[tuple[_Tally, Images]] = []
    room = classifier.batch
    while room and buffered:
        tally, images = buffered.popleft()
        if len(images) > room:
            buffered.appendleft((tally, images[room:]))
            images = images[:room]
        parts.append((tally, images))
        room -= len(images)
    scores = classifier.scores(np.concatenate([images for _, images in parts]))
    start = 0
    for tally, images in parts:
        tally.add(scores[start : start + len(images)])
        start += len(images)
    return start


def _finished(waiting: deque[_Tally]) -> Iterator[tuple[int, Scores]]:
    while waiting and waiting[0].seen == waiting[0].images:
        tally = waiting.popleft()
        yield tally.index, tally.mean


def _read_ahead(
    indices: Iterable[int], read: Callable[[int], Images], workers: int
) -> Iterator[tuple[int, Images | UndecidedError]]:
    """Read clips in threads, a few ahead of the one that is given."""
    if workers < 1:
        for index in indices:
            yield index, _try(read, index)
        return
    ahead: deque[tuple[int, Future[Images | UndecidedError]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="reader") as pool:
        try:
            for index in indices:
                ahead.append((index, pool.submit(_try, read, index)))
                if len(ahead) > workers:
                    ready, future = ahead.popleft()
                    yield ready, future.result()
            while ahead:
                ready, future = ahead.popleft()
                yield ready, future.result()
        finally:
            for _, future in ahead:
                future.cancel()


def _try(read: Callable[[int], Images], index: int) -> Images | UndecidedError:
    try:
        return read(index)
    except UndecidedError as error:
        return error
