from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.verify.source import find_source

GLUONCV = "ucfTrainTestlist/ucf101_val_split_1_rawframes.txt"
CLIP = "Archery/v_Archery_g01_c01"


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def frames(folder: Path) -> None:
    write(folder / CLIP / "img_00001.jpg")


def test_without_data_the_manifests_own_folder_is_used(make_zoo, tmp_path):
    zoo = make_zoo()
    frames(tmp_path / "rawframes")
    write(tmp_path / GLUONCV, f"{CLIP} 1 0\n")
    source = find_source(zoo, zoo.datasets["ucf101"])
    assert source.root == str(tmp_path / "rawframes")
    assert source.list == str(tmp_path / GLUONCV)
    assert (source.name, source.media, source.template) == ("ucf101", "frames", "img_%05d.jpg")


def test_a_data_set_without_paths_is_left_to_the_recognizer(make_zoo):
    zoo = make_zoo()
    source = find_source(zoo, zoo.datasets["images"])
    assert (source.root, source.list) == ("", "")


def test_what_is_not_there_is_named_with_what_to_give(make_zoo):
    zoo = make_zoo()
    with pytest.raises(UndecidedError, match="--data ucf101=PATH"):
        find_source(zoo, zoo.datasets["ucf101"])


@pytest.mark.parametrize("part", ["rawframes", "ucfTrainTestlist"])
def test_a_link_out_of_the_manifests_folder_is_refused(make_zoo, tmp_path, tmp_path_factory, part):
    zoo = make_zoo()
    outside = tmp_path_factory.mktemp("outside")
    frames(tmp_path / "rawframes")
    write(tmp_path / GLUONCV, f"{CLIP} 1 0\n")
    (tmp_path / part).rename(outside / part)
    (tmp_path / part).symlink_to(outside / part)
    with pytest.raises(UndecidedError, match="leads out of the manifest's folder"):
        find_source(zoo, zoo.datasets["ucf101"])


@pytest.mark.parametrize(
    ("list_name", "line", "media_file", "root", "media"),
    [
        (GLUONCV, f"{CLIP} 9 0", f"rawframes/{CLIP}/img_00001.jpg", "rawframes", "frames"),
        (GLUONCV, f"{CLIP} 9 0", f"{CLIP}/img_00001.jpg", "", "frames"),
        (GLUONCV, f"{CLIP} 9 0", f"UCF-101/{CLIP}.avi", "UCF-101", "videos"),
        (GLUONCV, f"{CLIP} 9 0", f"videos/{CLIP}.mp4", "videos", "videos"),
        (
            "ucf101_val_split_1_rawframes.txt",
            f"{CLIP} 9 0",
            f"rawframes/{CLIP}/img_00001.jpg",
            "rawframes",
            "frames",
        ),
        (
            "ucfTrainTestlist/ucf101_val_split_1_videos.txt",
            f"{CLIP} 0",
            f"videos/{CLIP}.avi",
            "videos",
            "videos",
        ),
        (
            "ucfTrainTestlist/testlist01.txt",
            f"{CLIP}.avi",
            f"UCF-101/{CLIP}.avi",
            "UCF-101",
            "videos",
        ),
        ("testlist01.txt", f"{CLIP}.avi", f"{CLIP}.avi", "", "videos"),
        ("testlist01.txt", f"{CLIP}.avi", f"rawframes/{CLIP}/img_00001.jpg", "rawframes", "frames"),
        ("../ucfTrainTestlist/testlist01.txt", f"{CLIP}.avi", f"{CLIP}.avi", "", "videos"),
    ],
)
def test_the_layouts_of_gluoncv_and_ucf101_are_recognised(
    make_zoo, tmp_path, *, list_name, line, media_file, root, media
):
    zoo = make_zoo()
    given = tmp_path / "data" / "ucf101"
    write(given / list_name, line + "\n")
    if not line[-1].isdigit():
        write((given / list_name).parent / "classInd.txt", "1 Archery\n")
    write(given / media_file)
    source = find_source(zoo, zoo.datasets["ucf101"], given)
    assert Path(source.list).samefile(given / list_name)
    assert Path(source.root).samefile(given / root)
    assert source.media == media


def test_a_folder_without_the_list_says_what_was_looked_for(make_zoo, tmp_path):
    zoo = make_zoo()
    with pytest.raises(UndecidedError) as caught:
        find_source(zoo, zoo.datasets["ucf101"], tmp_path)
    text = str(caught.value)
    assert "no list 'ucf101_val_split_1_rawframes.txt'" in text
    assert f"looked at {GLUONCV}, " in text


def test_a_folder_without_the_media_says_what_was_looked_for(make_zoo, tmp_path):
    zoo = make_zoo()
    write(tmp_path / GLUONCV, f"{CLIP} 1 0\n")
    with pytest.raises(UndecidedError) as caught:
        find_source(zoo, zoo.datasets["ucf101"], tmp_path)
    assert "none of the items of " in str(caught.value)
    assert "looked at rawframes, UCF-101, videos, ." in str(caught.value)
