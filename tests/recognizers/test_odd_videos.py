"""Files that are whole and yet not as most are."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.recognizers import chosen
from sphinx_modelzoo.recognizers.bits import IrregularError
from sphinx_modelzoo.recognizers.chosen import read_chosen
from sphinx_modelzoo.recognizers.frames import Clip, Size, read_frames
from sphinx_modelzoo.recognizers.video import read_all, read_video

from .clips import picture
from .fields import make_fields
from .test_video import (
    HEIGHT,
    NOTHING,
    WIDTH,
    Form,
    Stored,
    each,
    encode,
    kept,
    packed,
    restore,
)

READERS = pytest.mark.parametrize("read", [read_chosen, read_all])


@READERS
@pytest.mark.parametrize("tagged", ["container", "stream"])
def test_tags_may_be_in_any_encoding(tmp_path, read, tagged):
    """As in many files of DivX and XviD, whose tools wrote Latin-1."""
    path = tmp_path / "a.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        (container if tagged == "container" else stream).metadata["title"] = "cafe"
        stream.height, stream.width = HEIGHT, WIDTH
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(0), format="rgb24")))
        container.mux(stream.encode())
    data = path.read_bytes()
    assert b"cafe" in data
    path.write_bytes(data.replace(b"cafe", b"caf\xe9"))
    assert len(read(path, range, kept)) == 1


def with_matrix(path: Path, *turn: int) -> Path:
    """Have an MP4 file say that its video is turned: a, b, c, d of the matrix of its track."""
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 44
    a, b, c, d = (value * 2**16 for value in turn)
    matrix = np.array([a, b, 0, c, d, 0, 0, 0, 2**30], dtype=">i4")
    data[start : start + 36] = matrix.tobytes()
    path.write_bytes(data)
    return path


@READERS
@pytest.mark.parametrize(
    ("turn", "clockwise"),
    [((0, 1, -1, 0), 1), ((-1, 0, 0, -1), 2), ((0, -1, 1, 0), 3)],
    ids=["90", "180", "270"],
)
def test_videos_of_cameras_that_were_turned_are_shown_upright(tmp_path, read, turn, clockwise):
    """As players show them, and as decord gives them to GluonCV."""
    path = encode(tmp_path, Form("a.mp4", "libx264", 12))
    lying = read_all(path, range, kept)
    frames = read(with_matrix(path, *turn), lambda _: [0, 25], kept)
    assert np.array_equal(frames[0], np.rot90(lying[0], -clockwise))
    assert np.array_equal(frames[1], np.rot90(lying[25], -clockwise))


def test_upright_frames_are_resized_as_others(tmp_path):
    path = with_matrix(encode(tmp_path, Form("a.mp4", "libx264", 12)), 0, 1, -1, 0)
    (frame,) = read_frames(Clip(path, "videos"), each(3), Size(20, 30))
    assert frame.shape == (20, 30, 3)


@READERS
def test_of_several_videos_in_a_file_the_default_is_read(tmp_path, read):
    """As players and decord do it."""
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("mjpeg", rate=25) for _ in range(2)]
        streams[1].disposition = Disposition.default
        for factor, stream in enumerate(streams, 1):
            stream.height, stream.width = factor * HEIGHT, factor * WIDTH
            stream.pix_fmt = "yuvj420p"
        for number in range(4):
            for factor, stream in enumerate(streams, 1):
                image = picture(number, factor * HEIGHT, factor * WIDTH)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        for stream in streams:
            container.mux(stream.encode())
    assert read(path, each(2), kept)[0].shape == (2 * HEIGHT, 2 * WIDTH, 3)


def test_an_encoder_that_decoders_imitate_has_the_whole_video_decoded(tmp_path):
    """Former versions of x264 coded 4:4:4 without loss in another way; the first packet tells."""
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"qp": "0"})
        stream.height, stream.width, stream.pix_fmt = HEIGHT, WIDTH, "yuv444p"
        stream.gop_size = 5
        for number in range(12):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    assert len(read_chosen(path, each(8), kept)) == 1
    data = path.read_bytes()
    start = data.index(b"x264 - core ") + 12
    path.write_bytes(data[:start] + b"148" + data[start + 3 :])
    with pytest.raises(IrregularError):
        read_chosen(path, each(8), kept)
    assert np.array_equal(read_video(path, each(8), kept), read_all(path, each(8), kept))


def still(packets: list[Stored]) -> list[Stored]:
    """Add ten pictures that are not coded."""
    return [*packets[:20], *(Stored(NOTHING) for _ in range(10)), *packets[20:]]


@READERS
def test_many_pictures_that_are_not_coded_are_no_missing_frames(tmp_path, read):
    """As encoders write them where nothing moves; the file counts them."""
    source = encode(tmp_path, Form("source.avi", "mpeg4", 12))
    path = restore(source, tmp_path / "a.avi", still)
    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == 50
    frames = read(path, lambda count: [count - 1], kept)
    assert np.array_equal(frames, read_all(source, each(39), kept))


def test_a_video_of_still_pictures_that_is_cut_off_is_told(tmp_path):
    source = encode(tmp_path, Form("source.avi", "mpeg4", 12))
    path = restore(source, tmp_path / "a.avi", still)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 4 // 5])
    with pytest.raises(UndecidedError, match=r"a\.avi: only \d+ of \d+ frames could be read"):
        read_video(path, each(0), kept)


def test_pictures_that_are_not_coded_are_told_from_those_behind_two_in_a_packet(tmp_path):
    """Both are empty packets; in a packed bit stream, only the first kind makes frames fewer."""
    source = encode(tmp_path, Form("source.avi", "mpeg4", 250, 1), frames=41)
    path = restore(source, tmp_path / "a.avi", lambda packets: still(packed(packets)))
    assert len(read_video(path, range, kept)) == 41
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(UndecidedError, match=r"a\.avi: only \d+ of \d+ frames could be read"):
        read_video(path, range, kept)


@READERS
def test_frames_that_were_dropped_are_no_missing_ones(tmp_path, read):
    """As tools write AVI files of videos whose frames are not evenly spaced; the file counts them.

    It is told all the same that a file is cut off.
    """

    def dropped(packets: list[Stored]) -> list[Stored]:
        return [*packets[:20], *(Stored(b"") for _ in range(10)), *packets[20:]]

    source = encode(tmp_path, Form("source.avi", "mpeg4", 12))
    path = restore(source, tmp_path / "a.avi", dropped)
    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == 50
    assert np.array_equal(read(path, range, kept), read_all(source, range, kept))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 4 // 5])
    with pytest.raises(UndecidedError, match=r"a\.avi: only \d+ of \d+ frames could be read"):
        read_video(path, each(0), kept)


DAMAGED = pytest.mark.parametrize(
    "form", [Form("source.mkv", "mpeg4", 10), Form("source.mkv", "libx264", 10)], ids=str
)


def with_damage(folder: Path, form: Form, number: int) -> Path:
    """Have zeros at the end of a packet's data, as a disk that was full leaves them.

    Whatever an encoder wrote before, decoders see that, and conceal it; of noise they need not.
    """

    def damaged(packets: list[Stored]) -> list[Stored]:
        data = packets[number].data
        packets[number].data = data[: len(data) // 2] + bytes(len(data) - len(data) // 2)
        return packets

    return restore(encode(folder, form), folder / "a.mkv", damaged)


@DAMAGED
@pytest.mark.parametrize("number", [13, 15])
def test_a_chosen_frame_that_decoders_make_up_is_an_error(tmp_path, form, number):
    """Or one that follows it; in this form, packets are stored as frames are shown."""
    path = with_damage(tmp_path, form, 13)
    with pytest.raises(UndecidedError, match=r"a\.mkv: frame 14 of 40 is damaged"):
        read_video(path, lambda _: [0, number], kept)


@DAMAGED
def test_damage_that_no_chosen_frame_depends_on_is_none(tmp_path, form):
    path = with_damage(tmp_path, form, 13)
    for read in (read_all, read_video):
        frames = read(path, lambda _: [12, 20, 39], kept)
        whole = read_all(tmp_path / form.name, lambda _: [12, 20, 39], kept)
        assert np.array_equal(frames, whole)


@pytest.mark.parametrize(
    "form",
    [Form("a.avi", "mpeg4", 8, 2), Form("a.mp4", "libx264", 8, 3), Form("a.mkv", "libx264", 250)],
    ids=str,
)
def test_a_video_that_is_too_long_to_hold_is_read_twice(tmp_path, monkeypatch, form):
    path = encode(tmp_path, form)
    whole = read_all(path, range, kept)
    monkeypatch.setattr(chosen, "_HELD_BYTES", 2000)
    for wanted in ([0], [39], [3, 20, 37], list(range(40))):
        frames = read_chosen(path, lambda _, wanted=wanted: wanted, kept)
        assert np.array_equal(frames, [whole[number] for number in wanted])


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.ts"])
def test_fields_in_packets_of_their_own_are_one_frame(tmp_path, name):
    path = make_fields(tmp_path / name, 12)
    with pytest.raises(IrregularError):
        read_chosen(path, each(3), kept)
    frames = read_video(path, range, kept)
    assert len(frames) == 12
    for number, frame in enumerate(frames):
        for field in (frame[::2], frame[1::2]):
            differences = [
                np.abs(field[:, :, ::-1] - picture(n).astype(int)).sum() for n in range(12)
            ]
            assert np.argmin(differences) == number


def test_fields_that_are_cut_off_are_told(tmp_path):
    path = make_fields(tmp_path / "a.mp4", 12)
    with (
        av.open(str(path)) as old,
        av.open(str(tmp_path / "b.mp4"), "w", options={"movflags": "faststart"}) as new,
    ):
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.size:
                packet.stream = stream
                new.mux_one(packet)
    path = tmp_path / "b.mp4"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UndecidedError, match=r"only \d+ of 24 frames could be read"):
        read_video(path, each(0), kept)
