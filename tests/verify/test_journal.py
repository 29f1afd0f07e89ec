"""What is in the journal is neither lost nor counted twice, and what is damaged is named."""

from __future__ import annotations

import itertools
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction
from sphinx_modelzoo.verify.journal import Journal, open_journal

BELONGS = {"weights": "ab", "seed": "s"}


def predictions(count: int = 6) -> list[Prediction]:
    return [Prediction(f"clip {index}", index, ((index, 0.5),)) for index in range(count)]


def taken_up(path: Path, **options: object) -> list[Prediction]:
    """Open the journal as the next run does, and give what is in it."""
    journal = open_journal(path)
    try:
        journal.begin(BELONGS, **options)
        return [prediction for _, prediction in journal.replay()]
    finally:
        journal.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journals" / "net.journal"


@pytest.fixture
def written(path: Path) -> bytes:
    journal = open_journal(path)
    assert journal.begin(BELONGS) == ()
    for prediction in predictions():
        journal.append(prediction)
    journal.close()
    return path.read_bytes()


@pytest.mark.usefixtures("written")
def test_the_next_run_takes_up_all_that_was_written(path: Path) -> None:
    assert taken_up(path) == predictions()
    assert taken_up(path) == predictions()


def test_a_prediction_is_in_the_file_as_soon_as_it_was_appended(path: Path) -> None:
    journal = open_journal(path)
    journal.begin(BELONGS)
    for count, prediction in enumerate(predictions(), start=1):
        journal.append(prediction)
        assert path.read_bytes().count(b"\n") == count + 1
    journal.close()


def test_the_lines_are_read_back_by_their_offsets(path: Path) -> None:
    journal = open_journal(path)
    journal.begin(BELONGS)
    offsets = [journal.append(prediction) for prediction in predictions()]
    lines = list(journal.lines(iter([offsets[3], offsets[0]])))
    assert lines == [b'["clip 3",3,[[3,0.5]],""]\n', b'["clip 0",0,[[0,0.5]],""]\n']
    journal.close()


def test_wherever_a_run_is_cut_off_only_the_item_in_flight_is_lost(
    path: Path, written: bytes
) -> None:
    for cut in range(len(written) + 1):
        path.write_bytes(written[:cut])
        whole = max(0, written[:cut].count(b"\n") - 1)
        assert taken_up(path) == predictions()[:whole], cut
        # The torn line is gone: the next prediction stands in its place.
        assert taken_up(path) == predictions()[:whole], cut


def test_a_tail_of_zeros_as_power_cuts_leave_it_is_cut_off(path: Path, written: bytes) -> None:
    path.write_bytes(written + b"\0" * 5000)
    assert taken_up(path) == predictions()
    assert path.read_bytes() == written


def test_a_damaged_line_before_the_last_is_named(path: Path, written: bytes) -> None:
    starts = [0, *(i + 1 for i, byte in enumerate(written) if byte == 10)]
    for line, (start, end) in enumerate(itertools.pairwise(starts), start=1):
        changed = bytearray(written)
        changed[(start + end) // 2] ^= 1
        path.write_bytes(changed)
        if line == len(starts) - 1:  # the last one is as good as torn
            assert taken_up(path) == predictions()[:-1]
            continue
        with pytest.raises(
            UndecidedError, match=rf"{path}:{line}: the journal is damaged.*--fresh"
        ):
            taken_up(path)
    assert taken_up(path, fresh=True) == []


@pytest.mark.usefixtures("written")
def test_what_belongs_to_something_else_begins_anew_and_says_of_what(path: Path) -> None:
    journal = open_journal(path)
    assert journal.begin({"weights": "cd", "seed": "s", "media": "videos"}) == ("media", "weights")
    assert list(journal.replay()) == []
    journal.close()
    assert path.read_bytes().count(b"\n") == 1


@pytest.mark.usefixtures("written")
def test_fresh_begins_anew(path: Path) -> None:
    assert taken_up(path, fresh=True) == []


def test_a_second_run_at_once_says_so_and_stops(path: Path) -> None:
    journal = open_journal(path)
    try:
        with pytest.raises(UndecidedError, match=rf"{path}: another verify-zoo is at work"):
            open_journal(path)
        other = (
            "import sys; from pathlib import Path\n"
            "from sphinx_modelzoo.verify.journal import open_journal\n"
            "open_journal(Path(sys.argv[1]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", other, path], capture_output=True, text=True, check=False
        )
        assert "another verify-zoo is at work" in done.stderr
    finally:
        journal.close()
    open_journal(path).close()


def test_the_last_journal_takes_its_folder_along(path: Path) -> None:
    first, second = open_journal(path), open_journal(path.with_name("other.journal"))
    assert (path.parent / ".gitignore").read_text() == "*\n"
    first.remove()
    assert second.path.is_file()
    second.remove()
    assert not path.parent.exists()


def test_a_journal_that_was_removed_meanwhile_is_made_anew(path: Path) -> None:
    first = open_journal(path)
    descriptor = os.open(path, os.O_RDWR)  # as another run has it that waits for the lock
    first.remove()
    second = open_journal(path)
    assert os.fstat(descriptor).st_ino != path.stat().st_ino or os.fstat(descriptor).st_nlink == 0
    second.close()
    os.close(descriptor)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let files grow to 300 bytes only: writing fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill(journal: Journal) -> int:
    count = 0
    for count, prediction in enumerate(predictions(100)):  # noqa: B007 - how many fitted
        journal.append(prediction)
    return count


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_named_and_what_was_written_stays_whole(path: Path) -> None:
    journal = open_journal(path)
    journal.begin(BELONGS)
    with pytest.raises(UndecidedError, match=rf"{path}: the journal cannot be written: file too"):
        fill(journal)
    journal.close()
    data = path.read_bytes()
    assert data.endswith(b"\n")
    assert 2 < data.count(b"\n") < 20
    assert len(taken_up(path)) == data.count(b"\n") - 1


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UndecidedError, match="the journal cannot be opened: file exists"):
        open_journal(tmp_path / "file" / "net.journal")


def test_a_journal_that_is_cut_off_under_a_run_is_named_and_not_waited_for(path: Path) -> None:
    journal = open_journal(path)
    journal.begin(BELONGS)
    offsets = [journal.append(prediction) for prediction in predictions()]
    os.truncate(path, offsets[3] + 5)
    with pytest.raises(UndecidedError, match="cut off while it was in use"):
        list(journal.lines(iter(offsets)))
    journal.close()


WITHOUT, ONE, OTHER = "-" * 6, "one-is", "other!"


def begun(path: Path, text: str) -> tuple[tuple[str, ...], int]:
    """Begin as a run with some late text; give what differs, and how many items are taken up."""
    journal = open_journal(path)
    try:
        different = journal.begin({**BELONGS, "late": text}, late=("late",))
        taken = sum(1 for _ in journal.replay())
        journal.append(Prediction("one more", 0, ((0, 0.5),)))
        return different, taken
    finally:
        journal.close()


def test_what_a_run_lacked_may_be_given_to_the_next(path: Path) -> None:
    assert begun(path, WITHOUT) == ((), 0)
    assert begun(path, ONE) == ((), 1)
    assert begun(path, ONE) == ((), 2)
    # A run without it takes up what is there, and still no other one does.
    assert begun(path, WITHOUT) == ((), 3)
    assert begun(path, OTHER) == (("late",), 0)
    assert begun(path, ONE) == (("late",), 0)


def test_only_what_may_be_late_is_taken_for_lacking(path: Path) -> None:
    journal = open_journal(path)
    journal.begin({**BELONGS, "weights": WITHOUT, "late": WITHOUT})
    journal.append(Prediction("a", 0, ((0, 0.5),)))
    journal.close()
    journal = open_journal(path)
    changed = {**BELONGS, "weights": ONE, "late": ONE}
    assert journal.begin(changed, late=("late",)) == ("late", "weights")
    assert list(journal.replay()) == []
    journal.close()
