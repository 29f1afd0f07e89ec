"""The shards of one run put together: each item once, in the seeded order."""

from __future__ import annotations

import os
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Self

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.receipts.evidence_lines import item_line, read_item_line
from sphinx_modelzoo.verify.shards.file import (
    REMEDY,
    Row,
    ShardFile,
    changed,
    line_at,
    open_to_read,
)
from sphinx_modelzoo.verify.shards.head import Head
from sphinx_modelzoo.verify.text import printable

_FILE_BITS = 40  # of an offset, where in its file a line is; the rest is which file
_OPEN_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Shards:
    """All files of one run's shards, those of the same shard together.

    ``head`` is what all have in common.
    """

    head: Head
    files: Mapping[int, Sequence[ShardFile]]

    @property
    def every(self) -> list[ShardFile]:
        """All files, by shards."""
        return [file for number in sorted(self.files) for file in self.files[number]]

    @property
    def best(self) -> list[ShardFile]:
        """The file of each shard that has most of its predictions."""
        return [self.files[number][0] for number in sorted(self.files)]

    @property
    def numbers(self) -> range:
        """The numbers of the shards that have items; the others' files are not needed."""
        return range(1, min(self.head.of, self.head.total) + 1)

    @property
    def missing(self) -> list[int]:
        """The numbers of the shards that have items and of which there is no file."""
        return [number for number in self.numbers if number not in self.files]

    def share(self, number: int) -> int:
        """Give how many items a shard has."""
        return len(range(number - 1, self.head.total, self.head.of))

    def predicted(self, number: int) -> int:
        """Give how many of a shard's items were predicted, the first of its order."""
        return max((file.end.predicted for file in self.files.get(number, ())), default=0)

    def covered(self) -> int:
        """Give how many items of the seeded order were predicted before the first that was not."""
        of = self.head.of
        firsts = [self.predicted(number) * of + number - 1 for number in self.numbers]
        return min(self.head.total, *firsts)

    def unfinished(self) -> list[tuple[int, int, int]]:
        """Give the shards that stopped early: number, items predicted, and those it went for."""
        found = []
        for number, files in sorted(self.files.items()):
            goal = max(file.end.goal for file in files)
            if self.predicted(number) < goal:
                found.append((number, self.predicted(number), goal))
        return found

    def rows(self, number: int) -> Iterator[tuple[ShardFile, Row]]:
        """Give a shard's items in its order, each with the file to take it from.

        Where several files have an item's prediction they must say the same; one that could be read
        goes before one that could not, which an earlier attempt had left.

        Raises:
            UndecidedError: two files say something else of an item.
        """
        files = self.files[number]
        for found in zip_longest(*(file.rows() for file in files)):
            best_file, best = files[0], found[0]
            for file, row in zip(files, found, strict=True):
                if row is None or best is None or (row.id, row.label) != (best.id, best.label):
                    raise _other_items(files[0], file)
                if row.prediction is None or row is best:
                    continue
                if best.prediction is None or (best.prediction.error and not row.prediction.error):
                    best_file, best = file, row
                elif not row.prediction.error and _differ(best.prediction, row.prediction):
                    raise _conflict(best_file, best, file, row)
            yield best_file, best


def group(files: Sequence[ShardFile]) -> Shards:
    """Put files together that belong to one run; those with most predictions go first.

    Raises:
        UndecidedError: one does not hold as many items as its shard has.
    """
    head = files[0].head
    grouped: dict[int, list[ShardFile]] = defaultdict(list)
    for file in files:
        grouped[file.head.number].append(file)
    for same in grouped.values():
        same.sort(key=lambda file: -file.end.predicted)
    shards = Shards(head, grouped)
    for number, same in grouped.items():
        for file in same:
            if file.end.items != shards.share(number):
                what = (
                    f"the shard holds {file.end.items} items, where shard {number}/{head.of} of "
                    f"{head.total} has {shards.share(number)}"
                )
                raise UndecidedError(Problem(what, "run the shard again", str(file.path)))
    return shards


@dataclass(frozen=True, slots=True)
class Merged:
    """What the files of a run's shards say of its items; the lines stay in the files.

    ``ids`` are those of each shard that there is, in the seeded order, with their ``labels``.
    """

    shards: Shards
    ids: Mapping[int, Sequence[str]]
    labels: Mapping[str, int]
    offsets: Mapping[int, Sequence[int]]

    def predictions(self) -> Iterator[tuple[int, Prediction]]:
        """Give the predictions of the seeded order with their offsets, up to the first lacking.

        Raises:
            UndecidedError: a file is no longer what it was.
        """
        of = self.shards.head.of
        with _Files(self.shards.every) as files:
            for position in range(self.shards.covered()):
                number, place = position % of + 1, position // of
                offset = self.offsets[number][place]
                prediction = read_item_line(files.line(offset))
                if prediction is None or prediction.id != self.ids[number][place]:
                    raise changed(self.shards.every[offset >> _FILE_BITS].path)
                yield offset, prediction

    def lines(self, offsets: Iterator[int]) -> Iterator[bytes]:
        """Give the lines at some offsets, each with its newline."""
        with _Files(self.shards.every) as files:
            yield from map(files.line, offsets)


def merged(shards: Shards) -> Merged:
    """Read all files of a run's shards, one after the other.

    Raises:
        UndecidedError: two files say something else of an item, or an item is in two shards.
    """
    index = {file.path: number for number, file in enumerate(shards.every)}
    ids: dict[int, list[str]] = {}
    labels: dict[str, int] = {}
    offsets: dict[int, array[int]] = {}
    for number in sorted(shards.files):
        ids[number], offsets[number] = [], array("Q")
        for file, row in shards.rows(number):
            if row.id in labels:
                what = f"the item {printable(row.id)!r} is in another shard too"
                raise UndecidedError(Problem(what, REMEDY, str(file.path)))
            labels[row.id] = row.label
            ids[number].append(row.id)
            place = row.offset if row.prediction else 0
            offsets[number].append(index[file.path] << _FILE_BITS | place)
    return Merged(shards, ids, labels, offsets)


class _Files:
    """Files of which lines are read here and there: a context manager that closes them."""

    def __init__(self, files: Sequence[ShardFile]) -> None:
        self._files = files
        self._descriptors: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._descriptors:
            os.close(self._descriptors.popitem()[1])

    def line(self, offset: int) -> bytes:
        """Give the line that a number stands for, with its newline."""
        index, place = offset >> _FILE_BITS, offset & ((1 << _FILE_BITS) - 1)
        path = self._files[index].path
        if index not in self._descriptors:
            if len(self._descriptors) >= _OPEN_AT_ONCE:
                self.__exit__()
            self._descriptors[index] = open_to_read(path)
        return line_at(self._descriptors[index], place, path)


def _differ(one: Prediction, other: Prediction) -> bool:
    return item_line(one) != item_line(other)


def _conflict(first: ShardFile, one: Row, second: ShardFile, other: Row) -> UndecidedError:
    best = [_best(row) for row in (one, other)]
    said = f"class {best[0]} there, class {best[1]} here"
    if best[0] == best[1]:
        said = "with other scores"
    what = f"the item {printable(one.id)!r} has another prediction than in {first.path}: {said}"
    remedy = "one recognizer on one kind of machine says the same each time: leave one of them out"
    return UndecidedError(Problem(what, remedy, str(second.path)))


def _best(row: Row) -> str:
    return str(row.prediction.top[0][0]) if row.prediction else ""


def _other_items(first: ShardFile, second: ShardFile) -> UndecidedError:
    what = f"the shard holds other items than {first.path}, which is the same shard"
    return UndecidedError(Problem(what, "run the shard again", str(second.path)))
