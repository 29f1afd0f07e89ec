"""Reading a data set's list of items, and finding the items' files; standard library only.

Three forms are read:

- ``path frames label``: GluonCV's and MMAction's lists of raw frames;
- ``path label``: lists of video files, and UCF101's official ``trainlist01.txt``;
- ``path``: UCF101's official ``testlist01.txt``; the label is that of the class folder.

UCF101's official files count classes from 1 in a ``classInd.txt`` beside the list (``1
ApplyEyeMakeup``); labels are given from 0. Paths may contain spaces: numbers are taken from the
right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from sphinx_modelzoo.errors import Problem, UndecidedError

CLASS_INDEX = "classInd.txt"

# Longer numbers are no label or frame count; they are left to the path.
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\x85]")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: ``id`` is its path as written, ``label`` counts from 0.

    ``frames`` is the number of frames that the list gives, or ``None``; ``line`` counts from 1.
    """

    id: str
    label: int
    frames: int | None
    line: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A line split at its right end: up to two ``numbers`` behind the ``path``."""

    line: int
    text: str
    path: str
    numbers: tuple[int, ...]

    def keep(self, count: int) -> _Row:
        """Give the row with only the last ``count`` numbers split off."""
        if count >= len(self.numbers):
            return self
        path = self.text.rsplit(None, count)[0]
        return replace(self, path=path, numbers=self.numbers[len(self.numbers) - count :])


def read_items(path: Path, classes: int | None = None) -> tuple[Item, ...]:
    """Read a list of items, in its order.

    Args:
        path: The list: UTF-8, with or without a byte-order mark; blank lines are skipped.
        classes: The number of classes; labels from there on are problems. ``None`` asks nothing.

    Raises:
        UndecidedError: with every problem of the list at once, each at ``path:line``: no such
            file, no items, undecodable bytes, a bad line, a label out of range, a path that is
            absolute or climbs out, a path twice.
    """
    problems: list[Problem] = []
    rows = [row for row in _rows(path, problems) if _is_inside(row, path, problems)]
    if not rows and not problems:
        remedy = "write one item a line: PATH LABEL, or PATH FRAMES LABEL"
        problems.append(Problem("the list has no items", remedy, str(path)))
    items = _items(rows, path, problems)
    problems += _label_problems(items, classes, path)
    problems += _duplicates(items, path)
    if problems:
        raise UndecidedError(*sorted(problems, key=_line_of))
    return tuple(items)


def _line_of(problem: Problem) -> int:
    line = problem.place.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0


def _lines(path: Path, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    """Give the number and the stripped text of each line that is not blank."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        problems.append(Problem(f"cannot read the list ({reason})", "check the path", str(path)))
        return
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        try:
            text = raw.decode("utf-8").strip()
        except UnicodeDecodeError as error:
            what = f"byte {raw[error.start]:#04x} is not UTF-8"
            problems.append(Problem(what, "save the list as UTF-8", f"{path}:{number}"))
            continue
        if text:
            yield number, text


def _rows(path: Path, problems: list[Problem]) -> Iterator[_Row]:
    for line, text in _lines(path, problems):
        numbers: list[int] = []
        for token in reversed(text.rsplit(None, 2)[1:]):
            if not _NUMBER.fullmatch(token):
                break
            numbers.insert(0, int(token))
        name = text.rsplit(None, len(numbers))[0] if numbers else text
        yield _Row(line, text, name, tuple(numbers))


def _is_inside(row: _Row, path: Path, problems: list[Problem]) -> bool:
    place = f"{path}:{row.line}"
    parts = (*PurePosixPath(row.path).parts, *PureWindowsPath(row.path).parts)
    if _CONTROL.search(row.path):
        what = f"the path {row.path!r} contains a control character"
        problems.append(Problem(what, "write PATH LABEL with spaces between", place))
        return False
    windows = PureWindowsPath(row.path)
    if ".." in parts or row.path.startswith(("/", "~")) or windows.drive or windows.root:
        what = f"the path {row.path!r} leaves the data set's folder"
        problems.append(Problem(what, "write it relative to the folder, without '..'", place))
        return False
    return True


def _items(rows: Sequence[_Row], path: Path, problems: list[Problem]) -> list[Item]:
    """Decide on the list's form, and give its items."""
    if not rows:
        return []
    index_path = path.parent / CLASS_INDEX
    columns = _columns(rows)
    if columns == 0:
        if not index_path.is_file():
            what = "the line gives no label"
            remedy = f"write PATH LABEL, or put {CLASS_INDEX} beside the list"
            problems += [Problem(what, remedy, f"{path}:{row.line}") for row in rows]
            return []
        return _from_folders(rows, path, _class_index(index_path, problems), problems)
    fitting: list[_Row] = []
    for row in (row.keep(columns) for row in rows):
        if len(row.numbers) == columns:
            fitting.append(row)
            continue
        form = "PATH FRAMES LABEL" if columns == 2 else "PATH LABEL"  # noqa: PLR2004 - columns
        what = f"the line {row.text!r} is not of the form {form}"
        problems.append(Problem(what, "write it as the list's other lines", f"{path}:{row.line}"))
    if columns == 1 and index_path.is_file():
        fitting = _from_zero(fitting, path, _class_index(index_path, problems), problems)
    return [
        Item(row.path, row.numbers[-1], row.numbers[0] or None if columns > 1 else None, row.line)
        for row in fitting
    ]


def _columns(rows: Sequence[_Row]) -> int:
    """Give how many numbers most lines have behind their path."""
    counts = [len(row.numbers) for row in rows]
    columns = max((2, 1, 0), key=counts.count)
    if columns == 2:  # noqa: PLR2004 - frames and label
        # "take 1 0", "take 2 0": where only the first numbers tell the paths apart, they are no
        # frame counts.
        paths = {row.path for row in rows}
        longer = {row.keep(1).path for row in rows}
        if 2 * len(paths) <= len(rows) and len(longer) == len(rows) > 1:
            return 1
    return columns


def _class_index(path: Path, problems: list[Problem]) -> dict[str, int]:
    """Read ``classInd.txt``: the number of each class, from 1."""
    index: dict[str, int] = {}
    for line, text in _lines(path, problems):
        number, _, name = text.partition(" ")
        name = name.strip()
        if not _NUMBER.fullmatch(number) or int(number) < 1 or not name:
            problems.append(
                Problem(
                    f"the line {text!r} names no class",
                    "write NUMBER NAME, numbers from 1",
                    f"{path}:{line}",
                )
            )
        elif name in index or int(number) in index.values():
            what = f"the class {text!r} stands twice"
            problems.append(Problem(what, "keep one line a class", f"{path}:{line}"))
        else:
            index[name] = int(number)
    return index


def _from_folders(
    rows: Sequence[_Row], path: Path, index: dict[str, int], problems: list[Problem]
) -> list[Item]:
    """Label each item by its class folder, as UCF101's official test lists want."""
    items = []
    for row in rows:
        folder = row.text.partition("/")[0]
        if row.numbers or folder not in index:
            what = f"the line {row.text!r} does not begin with a class of {CLASS_INDEX}"
            remedy = "write CLASS/NAME.avi as the official list does"
            problems.append(Problem(what, remedy, f"{path}:{row.line}"))
            continue
        items.append(Item(row.text, index[folder] - 1, None, row.line))
    return items


def _from_zero(
    rows: Sequence[_Row], path: Path, index: dict[str, int], problems: list[Problem]
) -> list[_Row]:
    """Recognise the official train list, whose labels count from 1, and count from 0."""
    known = [(row.numbers[-1], index.get(row.path.partition("/")[0])) for row in rows]
    official = sum(label == number for label, number in known)
    ours = sum(number is not None and label == number - 1 for label, number in known)
    if official <= ours:
        return list(rows)
    fitting = []
    for row, (label, number) in zip(rows, known, strict=True):
        if label == number:
            fitting.append(replace(row, numbers=(label - 1,)))
            continue
        right = f"it is {number}" if number else "it does not know this folder"
        what = f"label {label} of {row.path!r} disagrees with {CLASS_INDEX} ({right})"
        problems.append(Problem(what, "correct the line", f"{path}:{row.line}"))
    return fitting


def _label_problems(items: Sequence[Item], classes: int | None, path: Path) -> Iterator[Problem]:
    for item in items:
        place = f"{path}:{item.line}"
        if item.label < 0:
            what = f"label {item.label} is negative"
            yield Problem(what, "write the class as a number from 0", place)
        elif classes is not None and item.label >= classes:
            what = f"label {item.label} is not below the number of classes, {classes}"
            yield Problem(what, f"write a number from 0 to {classes - 1}", place)
        if item.frames is not None and item.frames < 0:
            what = f"the number of frames, {item.frames}, is negative"
            yield Problem(what, "write PATH FRAMES LABEL", place)


def _duplicates(items: Sequence[Item], path: Path) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for item in items:
        line = first.setdefault(str(PurePosixPath(item.id)), item.line)
        if line != item.line:
            what = f"{item.id!r} stands twice, in lines {line} and {item.line}"
            yield Problem(what, "keep one of the two lines", f"{path}:{item.line}")
