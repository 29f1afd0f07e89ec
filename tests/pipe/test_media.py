"""Finding the files of items."""

from __future__ import annotations

import pytest

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.itemlist import Item
from sphinx_modelzoo.pipe.media import check_files


def items(*names: str) -> list[Item]:
    return [Item(name, 0, None, line) for line, name in enumerate(names, start=1)]


def touch(root, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


@pytest.mark.parametrize("ending", ["", ".avi", ".mp4", ".mkv", ".webm"])
def test_a_video_is_found_with_or_without_its_ending(tmp_path, ending):
    touch(tmp_path, f"a/v_1{ending}")
    media = check_files(items("a/v_1"), tmp_path, "videos")
    assert media.paths == {"a/v_1": tmp_path / f"a/v_1{ending}"}


def test_a_name_with_a_dot_keeps_it(tmp_path):
    touch(tmp_path, "a/v_1.5.mp4")
    assert check_files(items("a/v_1.5"), tmp_path).paths["a/v_1.5"].name == "v_1.5.mp4"


@pytest.mark.parametrize("name", ["a/v_1", "a/v_1.avi"])
def test_a_folder_of_frames_is_found_for_a_list_of_videos_too(tmp_path, name):
    touch(tmp_path, "a/v_1/img_00001.jpg")
    media = check_files(items(name), tmp_path)
    assert media.kind == "frames"
    assert media.paths == {name: tmp_path / "a/v_1"}


def test_the_kind_is_detected_from_what_is_there(tmp_path):
    touch(tmp_path, "b.mp4")
    with pytest.raises(UndecidedError, match="1 of 2 items have no file: a; put them there "):
        check_files(items("a", "b"), tmp_path)
    touch(tmp_path, "c/img_00001.jpg")
    with pytest.raises(UndecidedError, match="1 of 2 items have no folder of frames: b; put them"):
        check_files(items("c", "b"), tmp_path)


def test_items_of_which_none_is_there_may_be_files_or_folders(tmp_path):
    with pytest.raises(UndecidedError, match="2 of 2 items have no file or folder: a, b; put"):
        check_files(items("a", "b"), tmp_path)


def test_all_missing_items_are_one_error_that_names_ten_and_counts(tmp_path):
    touch(tmp_path, "v_00.mp4")
    wanted = items(*(f"v_{number:02d}" for number in range(15)))
    with pytest.raises(UndecidedError) as caught:
        check_files(wanted, tmp_path, "videos")
    (problem,) = caught.value.problems
    assert problem.what.startswith("14 of 15 items have no video file: v_01, v_02,")
    assert problem.what.endswith("v_10 and 4 more")
    assert problem.place == str(tmp_path)


def test_a_missing_root_is_told_as_such(tmp_path):
    with pytest.raises(UndecidedError, match="the data set's folder does not exist"):
        check_files(items("a"), tmp_path / "none")


def test_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(UndecidedError, match="unknown media 'audio'; write frames or videos"):
        check_files(items("a"), tmp_path, "audio")
