"""Reading clips from video files and folders of frames."""

from __future__ import annotations

import shutil

import av
import cv2
import numpy as np
import pytest

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.recognizers.frames import Clip, Size, check_template, read_frames

from .clips import HEIGHT, WIDTH, make_frames, make_video, picture

SIZE = Size(HEIGHT, WIDTH)


def told(clip: Clip) -> str:
    with pytest.raises(UndecidedError) as caught:
        read_frames(clip, range, SIZE)
    assert str(clip.path) in str(caught.value)
    return str(caught.value)


def nearest(frame: np.ndarray, count: int) -> int:
    """The number of the picture, among the first ones, that the frame shows."""
    differences = [np.abs(frame.astype(int) - picture(number)).mean() for number in range(count)]
    return int(np.argmin(differences))


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.avi", "mpeg4"), ("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.webm", "libvpx")],
)
def test_a_video_gives_its_frames_in_order(tmp_path, name, codec):
    path = make_video(tmp_path / name, frames=12, codec=codec)
    frames = read_frames(Clip(path, "videos"), lambda count: [count - 1, 0, 5, 5], SIZE)
    for frame, number in zip(frames, [11, 0, 5, 5], strict=True):
        assert frame.shape == (HEIGHT, WIDTH, 3)
        assert np.abs(frame.astype(int) - picture(number)).mean() < 25
        assert nearest(frame, 12) == number


def test_frames_are_resized_as_they_are_read(tmp_path):
    path = make_video(tmp_path / "a.avi")
    assert read_frames(Clip(path, "videos"), lambda _: [3], Size(20, 30))[0].shape == (20, 30, 3)


def test_a_truncated_avi_names_the_file_and_how_many_frames_could_be_read(tmp_path):
    path = make_video(tmp_path / "a.avi", frames=40)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    message = told(Clip(path, "videos"))
    assert "of 40 frames could be read" in message
    assert 0 < int(message.split("only ")[1].split()[0]) < 38


def test_a_truncated_mp4_with_its_index_in_front_is_told(tmp_path):
    plain = make_video(tmp_path / "plain.mp4", frames=40, codec="libx264")
    path = tmp_path / "a.mp4"
    with av.open(str(plain)) as source:
        options = {"movflags": "faststart"}
        with av.open(str(path), "w", options=options) as target:
            stream = target.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    target.mux(packet)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * 0.7)])
    assert "of 40 frames could be read" in told(Clip(path, "videos"))


def test_a_truncated_mkv_is_told_by_its_length(tmp_path):
    path = make_video(tmp_path / "a.mkv", frames=40, codec="libx264")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "of 40 frames could be read" in told(Clip(path, "videos"))


def test_an_mp4_without_its_index_is_not_a_readable_video(tmp_path):
    path = make_video(tmp_path / "a.mp4", frames=40, codec="libx264")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"moov") - 4])
    assert "not a readable video" in told(Clip(path, "videos"))


@pytest.mark.parametrize("data", [b"", b"<html>404</html>" * 99])
def test_a_file_that_is_no_video_is_told(tmp_path, data):
    path = tmp_path / "a.avi"
    path.write_bytes(data)
    assert "not a readable video" in told(Clip(path, "videos"))


def test_a_damaged_middle_is_told(tmp_path):
    path = make_video(tmp_path / "a.avi", frames=40)
    data = bytearray(path.read_bytes())
    middle = slice(len(data) // 4, 3 * len(data) // 4)
    data[middle] = bytes(len(data[middle]))
    path.write_bytes(data)
    assert "frames could be read" in told(Clip(path, "videos"))


def test_a_video_may_lack_two_frames_that_its_header_declares(tmp_path):
    path = make_video(tmp_path / "a.avi", frames=16)
    data = path.read_bytes()
    # The header's total, in avih, and the stream's length, in strh.
    for offset in (data.index(b"avih") + 24, data.index(b"strh") + 40):
        data = data[:offset] + (18).to_bytes(4, "little") + data[offset + 4 :]
    path.write_bytes(data)
    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == 18
    assert len(read_frames(Clip(path, "videos"), range, SIZE)) == 16


def test_frames_that_are_stored_out_of_order_are_counted_and_ordered(tmp_path):
    """B-frames, as in the XviD files of UCF101 and HMDB51."""
    path = make_video(tmp_path / "a.avi", frames=30, b_frames=2)
    frames = read_frames(Clip(path, "videos"), range, SIZE)
    assert len(frames) == 30
    assert all(nearest(frame, 30) == number for number, frame in enumerate(frames))


def test_frames_that_an_edit_list_cuts_away_are_not_missing(tmp_path):
    """As in clips of Kinetics that were cut without encoding them again."""
    path = make_video(tmp_path / "a.mp4", frames=40, codec="libx264")
    data = bytearray(path.read_bytes())
    entry = data.index(b"elst") + 12
    start = int.from_bytes(data[entry + 4 : entry + 8], "big")
    with av.open(str(path)) as container:
        step = int(1 / 25 / container.streams.video[0].time_base)
    data[entry + 4 : entry + 8] = (start + 10 * step).to_bytes(4, "big")
    path.write_bytes(data)
    frames = read_frames(Clip(path, "videos"), range, SIZE)
    assert len(frames) == 30
    assert nearest(frames[0], 40) == 10


def test_a_list_that_disagrees_grossly_on_the_length_is_told(tmp_path):
    path = make_video(tmp_path / "a.avi", frames=16)
    assert "the clip has 16 frames, but the list says 32" in told(Clip(path, "videos", listed=32))


@pytest.mark.parametrize("listed", [None, 0, 1, 15, 18])
def test_a_list_that_nearly_agrees_or_does_not_count_is_taken(tmp_path, listed):
    path = make_video(tmp_path / "a.avi", frames=16)
    assert len(read_frames(Clip(path, "videos", listed), range, SIZE)) == 16


def test_folders_of_frames_give_rgb_in_order(tmp_path):
    clip = Clip(make_frames(tmp_path / "v", 5), "frames", listed=5)
    frames = read_frames(clip, lambda count: [count - 1, 0], SIZE)
    # The pictures were written with their channels as blue, green, red.
    assert np.abs(frames[0][:, :, ::-1].astype(int) - picture(4)).mean() < 8
    assert np.abs(frames[1][:, :, ::-1].astype(int) - picture(0)).mean() < 8


def test_frames_are_counted_where_the_list_does_not_say(tmp_path):
    clip = Clip(make_frames(tmp_path / "v", 5), "frames")
    assert len(read_frames(clip, range, SIZE)) == 5


def test_a_missing_frame_is_named(tmp_path):
    folder = make_frames(tmp_path / "v", 5)
    (folder / "img_00003.jpg").unlink()
    with pytest.raises(UndecidedError, match=r"v/img_00003.jpg: frame 3 is missing"):
        read_frames(Clip(folder, "frames", listed=5), range, SIZE)


def test_a_folder_with_fewer_frames_than_listed_is_told_even_if_they_are_not_chosen(tmp_path):
    clip = Clip(make_frames(tmp_path / "v", 5), "frames", listed=6)
    with pytest.raises(UndecidedError, match=r"img_00006.jpg: frame 6 is missing"):
        read_frames(clip, lambda _: [0], SIZE)


def test_a_folder_with_many_more_frames_than_listed_is_told(tmp_path):
    clip = Clip(make_frames(tmp_path / "v", 20), "frames", listed=10)
    assert "the clip has 20 frames, but the list says 10" in told(clip)


def test_an_empty_folder_and_a_broken_image_are_told(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "there is no frame img_00001.jpg" in told(Clip(tmp_path / "empty", "frames"))
    folder = make_frames(tmp_path / "v", 3)
    shutil.copy(__file__, folder / "img_00002.jpg")
    with pytest.raises(UndecidedError, match=r"00002.jpg: frame 2 of 3 is not a readable image"):
        read_frames(Clip(folder, "frames"), range, SIZE)


@pytest.mark.parametrize("filled", [b"", bytes(2000)], ids=["cut off", "zeros"])
def test_an_image_without_its_end_is_told(tmp_path, filled):
    """Decoders make up the rest of a JPEG file that a full disk has cut off."""
    folder = make_frames(tmp_path / "v", 3)
    path = folder / "img_00002.jpg"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3] + filled)
    with pytest.raises(UndecidedError, match=r"00002.jpg: frame 2 of 3 is not a readable image"):
        read_frames(Clip(folder, "frames"), range, SIZE)
    path.write_bytes(data + filled)
    assert len(read_frames(Clip(folder, "frames"), range, SIZE)) == 3


def test_images_that_are_no_jpeg_are_read(tmp_path):
    folder = tmp_path / "v"
    folder.mkdir()
    assert cv2.imwrite(str(folder / "1.png"), picture(0))
    (frame,) = read_frames(Clip(folder, "frames", template="%d.png"), range, SIZE)
    assert np.array_equal(frame[:, :, ::-1], picture(0))


@pytest.mark.parametrize(
    "template", ["img.jpg", "%s", "%d/%d.jpg", "../%05d.jpg", "/%05d.jpg", "%"]
)
def test_a_template_that_names_no_frame_is_refused(template):
    if template == "%s":
        check_template(template)  # a number without zeros in front
    else:
        with pytest.raises(UndecidedError, match="does not name a frame's file"):
            check_template(template)
