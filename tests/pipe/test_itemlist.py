"""Reading lists of items."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.itemlist import Item, read_items


def write(folder: Path, text: str | bytes, name: str = "list.txt") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def told(path: Path, classes: int | None = None) -> list[str]:
    with pytest.raises(UndecidedError) as caught:
        read_items(path, classes)
    return str(caught.value).splitlines()


def test_gluoncv_lists_give_path_frames_and_label(tmp_path):
    path = write(tmp_path, "a/v_1 120 0\nb/v_2 98 100\n")
    assert read_items(path) == (Item("a/v_1", 0, 120, 1), Item("b/v_2", 100, 98, 2))


def test_lists_of_two_columns_give_path_and_label(tmp_path):
    path = write(tmp_path, "a/v 1.mp4 3\nb/v_2.mp4 0\n")
    assert read_items(path) == (Item("a/v 1.mp4", 3, None, 1), Item("b/v_2.mp4", 0, None, 2))


def test_paths_with_spaces_and_numbers_are_whole(tmp_path):
    path = write(tmp_path, "my clips/take  2 30 1\nother/take 3 31 0\n")
    assert [item.id for item in read_items(path)] == ["my clips/take  2", "other/take 3"]


def test_a_number_that_ends_a_path_is_no_frame_count_where_the_other_lines_have_none(tmp_path):
    path = write(tmp_path, "a/one.mp4 0\nb/two.mp4 1\nc/take 7 2\n")
    assert read_items(path)[2] == Item("c/take 7", 2, None, 3)


def test_numbers_that_alone_tell_the_paths_apart_belong_to_them(tmp_path):
    path = write(tmp_path, "take 1 0\ntake 2 1\ntake 3 0\n")
    assert [(item.id, item.frames) for item in read_items(path)] == [
        ("take 1", None),
        ("take 2", None),
        ("take 3", None),
    ]


def test_windows_line_ends_a_byte_order_mark_and_blank_lines_are_read(tmp_path):
    path = write(tmp_path, b"\xef\xbb\xbfa 5 1\r\n\r\n   \r\nb 6 0")
    assert read_items(path) == (Item("a", 1, 5, 1), Item("b", 0, 6, 4))


def test_the_official_test_list_takes_labels_from_the_class_index(tmp_path):
    write(tmp_path, "1 ApplyEyeMakeup\r\n2 Archery\r\n", "classInd.txt")
    path = write(tmp_path, "Archery/v_Archery_g01_c01.avi\nApplyEyeMakeup/v_g01.avi\n")
    assert [(item.id, item.label) for item in read_items(path)] == [
        ("Archery/v_Archery_g01_c01.avi", 1),
        ("ApplyEyeMakeup/v_g01.avi", 0),
    ]


def test_the_official_train_list_counts_classes_from_one(tmp_path):
    write(tmp_path, "1 ApplyEyeMakeup\n2 Archery\n", "classInd.txt")
    path = write(tmp_path, "ApplyEyeMakeup/a.avi 1\nArchery/b.avi 2\n")
    assert [item.label for item in read_items(path)] == [0, 1]


def test_labels_from_zero_stay_beside_a_class_index(tmp_path):
    write(tmp_path, "1 ApplyEyeMakeup\n2 Archery\n", "classInd.txt")
    path = write(tmp_path, "ApplyEyeMakeup/a.avi 0\nArchery/b.avi 1\n")
    assert [item.label for item in read_items(path)] == [0, 1]


def test_a_label_of_the_official_list_that_disagrees_with_its_folder_is_an_error(tmp_path):
    write(tmp_path, "1 A\n2 B\n", "classInd.txt")
    path = write(tmp_path, "A/a.avi 1\nB/b.avi 2\nB/c.avi 1\n")
    (line,) = told(path)
    assert line.startswith(f"{path}:3: label 1 of 'B/c.avi' disagrees with classInd.txt (it is 2)")


def test_a_class_index_with_errors_is_told_with_its_own_lines(tmp_path):
    index = write(tmp_path, "1 A\nB 2\n1 C\n", "classInd.txt")
    path = write(tmp_path, "A/a.avi\n")
    lines = told(path)
    assert lines[0].startswith(f"{index}:2: the line 'B 2' names no class")
    assert lines[1].startswith(f"{index}:3: the class '1 C' stands twice")


def test_one_column_without_a_class_index_is_an_error_that_names_it(tmp_path):
    path = write(tmp_path, "A/a.avi\nB/b.avi\n")
    lines = told(path)
    assert len(lines) == 2
    assert lines[1] == (
        f"{path}:2: the line gives no label; write PATH LABEL, or put classInd.txt beside the list"
    )


def test_a_missing_list_is_an_error_with_its_path(tmp_path):
    (line,) = told(tmp_path / "none.txt")
    expected = "none.txt: cannot read the list (No such file or directory); check the path"
    assert line.endswith(expected)


@pytest.mark.parametrize("text", ["", "\n \r\n", "\ufeff"])
def test_an_empty_list_is_an_error(tmp_path, text):
    (line,) = told(write(tmp_path, text))
    assert "the list has no items" in line


def test_a_duplicate_id_is_an_error_with_both_lines(tmp_path):
    path = write(tmp_path, "a 5 0\nb 5 0\n./a 5 0\n")
    (line,) = told(path)
    assert line.startswith(f"{path}:3: './a' stands twice, in lines 1 and 3")


@pytest.mark.parametrize("item", ["../a", "a/../../b", "/etc/passwd", "~/a", r"c:\a", r"..\a"])
def test_paths_that_leave_the_folder_are_refused(tmp_path, item):
    path = write(tmp_path, f"ok 5 0\n{item} 5 0\n")
    (line,) = told(path)
    assert line.startswith(f"{path}:2:")
    assert "leaves the data set's folder" in line


def test_every_problem_is_told_at_once_in_the_order_of_the_lines(tmp_path):
    text = b"a 5 0\nb 5 -1\nc\xff 5 0\nd 5\na 5 0\n../e 5 0\nf -3 0\ng 5 7\nh\x00 5 1\n"
    path = write(tmp_path, text)
    lines = told(path, classes=7)
    assert [line.split(":")[1] for line in lines] == ["2", "3", "4", "5", "6", "7", "8", "9"]
    for line, what in zip(
        lines,
        (
            "label -1 is negative",
            "byte 0xff is not UTF-8",
            "not of the form PATH FRAMES LABEL",
            "stands twice, in lines 1 and 5",
            "leaves",
            "frames, -3, is negative",
            "label 7 is not below the number of classes, 7",
            "control character",
        ),
        strict=True,
    ):
        assert what in line


def test_the_error_leaves_a_number_undecided(tmp_path):
    with pytest.raises(UndecidedError) as caught:
        read_items(tmp_path / "none.txt")
    assert caught.value.exit_code == 3


names = st.text("abcäöü ._-0123456789", min_size=1, max_size=12).map(str.strip)
paths = st.lists(names.filter(lambda name: name.strip(". ")), min_size=1, max_size=3).map("/".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(
        st.tuples(paths, st.integers(1, 999_999), st.integers(0, 399)),
        min_size=1,
        unique_by=lambda row: str(PurePosixPath(row[0])),
    ),
    end=st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_what_is_written_in_three_columns_is_read_back(tmp_path, rows, end):
    path = write(tmp_path, end.join(f"{path} {frames} {label}" for path, frames, label in rows))
    assert [(item.id, item.frames, item.label) for item in read_items(path)] == rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_items_or_the_error_with_places(tmp_path, data):
    path = write(tmp_path, data)
    try:
        items = read_items(path)
    except UndecidedError as error:
        assert all(problem.place.startswith(str(path)) for problem in error.problems)
    else:
        assert items
        assert all(item.label >= 0 and ".." not in Path(item.id).parts for item in items)
        assert len({item.id for item in items}) == len(items)
