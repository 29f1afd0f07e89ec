"""Decoding only what is needed gives the frames that decoding all of a video gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.frame import PictureType
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.recognizers import video
from sphinx_modelzoo.recognizers.bits import IrregularError
from sphinx_modelzoo.recognizers.chosen import read_chosen
from sphinx_modelzoo.recognizers.sampling import clip_frames
from sphinx_modelzoo.recognizers.video import read_all, read_video

from .clips import picture

HEIGHT, WIDTH = 48, 64
FORMATS = {"mjpeg": "yuvj420p", "huffyuv": "yuv422p", "prores": "yuv422p10le"}


@dataclass(frozen=True)
class Form:
    """How a video is encoded and stored; ``gop`` frames lie between two key frames at most."""

    name: str
    codec: str
    gop: int = 12
    b_frames: int = 0
    tag: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.name} {self.codec} {self.gop} {self.b_frames} {self.tag}"


ALTREF = (("auto-alt-ref", "1"), ("lag-in-frames", "12"), ("cpu-used", "5"))
FAST = (("deadline", "realtime"), ("cpu-used", "8"))


def x264(parameters: str) -> tuple[tuple[str, str], ...]:
    return (("x264-params", parameters),)


PLAIN = [
    # As UCF101 and HMDB51 have them: few key frames, and XviD's tag.
    Form("a.avi", "mpeg4", 250, 0, "XVID"),
    Form("a.avi", "mpeg4", 300, 2, "XVID"),
    Form("a.avi", "mpeg4", 12, 0),
    Form("a.avi", "mpeg4", 12, 2),
    Form("a.mp4", "mpeg4", 8, 3),
    Form("a.mkv", "mpeg4", 8, 1, options=(("flags", "+qpel"),)),
    # As Kinetics.
    Form("a.mp4", "libx264", 250, 3),
    Form("a.mp4", "libx264", 12, 3),
    Form("a.mp4", "libx264", 12, 3, options=x264("open-gop=1")),
    Form("a.mp4", "libx264", 20, 0, options=x264("intra-refresh=1")),
    Form("a.mp4", "libx264", 12, 0),
    Form("a.mkv", "libx264", 15, 2),
    Form("a.mov", "libx264", 7, 5),
    Form("a.avi", "libx264", 12, 0),
    Form("a.mp4", "libx264", 1, 0),
    # As Something-Something.
    Form("a.webm", "libvpx-vp9", 128, options=FAST),
    Form("a.webm", "libvpx-vp9", 10, options=ALTREF),
    Form("a.mp4", "libvpx-vp9", 10, options=FAST),
    Form("a.webm", "libvpx", 10, options=ALTREF),
    Form("a.webm", "libvpx", 128),
    Form("a.avi", "mjpeg"),
    Form("a.avi", "huffyuv"),
    Form("a.mov", "prores"),
]
OTHERS = [
    Form("a.avi", "libx264", 12, 3),  # AVI stores no times of frames
    Form("a.mp4", "libx264", 20, 2, options=x264("interlaced=1:slices=4")),  # may have fields
    Form("a.mp4", "libx265", 12, options=(("x265-params", "log-level=none"),)),
    Form("a.avi", "mpeg2video", 12, 2),
    Form("a.avi", "wmv2", 12),
    Form("a.avi", "mpeg4", 12, 2, options=(("flags", "+ildct+ilme"),)),  # fields
    Form("a.h264", "libx264", 12, 2),
]


def encode(folder: Path, form: Form, frames: int = 40) -> Path:
    path = folder / form.name
    with av.open(str(path), "w") as container:
        stream = container.add_stream(form.codec, rate=25, options=dict(form.options))
        stream.height, stream.width = HEIGHT, WIDTH
        stream.pix_fmt = FORMATS.get(form.codec, "yuv420p")
        stream.codec_context.thread_count = 1
        if form.codec not in FORMATS:
            stream.gop_size = form.gop
            stream.codec_context.max_b_frames = form.b_frames
        if form.tag:
            stream.codec_context.codec_tag = form.tag
        scene = picture(0, HEIGHT, WIDTH + 2 * frames)
        for number in range(frames):
            image = scene[:, 2 * number : 2 * number + WIDTH].copy()
            cv2.circle(image, (5 * number % WIDTH, 24), 9, (255, 0, number % 256), -1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    return path


@dataclass
class Stored:
    """A packet as it is stored; ``time`` counts frames, and AVI has none."""

    data: bytes
    time: int = 0
    key: bool = False


def restore(source: Path, target: Path, change: Callable[[list[Stored]], list[Stored]]) -> Path:
    """Store a video's packets, changed, in another file."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        stream = old.streams.video[0]
        copy = new.add_stream_from_template(stream)
        step = int(1 / stream.average_rate / stream.time_base)
        packets = [
            Stored(bytes(packet), (packet.pts or 0) // step, packet.is_keyframe)
            for packet in old.demux(stream)
            if packet.size
        ]
        for number, stored in enumerate(change(packets)):
            packet = av.Packet(stored.data)
            packet.stream, packet.time_base = copy, stream.time_base
            packet.is_keyframe = stored.key
            packet.dts = step * number
            # No frame is shown before it is stored.
            late = 0 if target.suffix == ".avi" else stored.time - number + 8
            packet.pts = packet.dts + step * late
            new.mux_one(packet)
    return target


def kept(frame: np.ndarray) -> np.ndarray:
    return frame.copy()


def assert_equal(path: Path, pick: Callable[[int], Sequence[int]]) -> None:
    expected = read_all(path, pick, kept)
    found = read_chosen(path, pick, kept)
    assert len(found) == len(expected)
    for ours, frame in zip(found, expected, strict=True):
        assert np.array_equal(ours, frame)


def each(number: int) -> Callable[[int], Sequence[int]]:
    return lambda _: [number]


@pytest.mark.parametrize("form", PLAIN, ids=str)
def test_chosen_frames_are_those_of_the_whole_video(tmp_path, form):
    path = encode(tmp_path, form)
    whole = read_all(path, range, kept)
    assert len(whole) == 40
    segments = [list(chain(*clip_frames(40, number))) for number in (1, 3, 7, 25)]
    for chosen in (*([number] for number in range(40)), range(40), [39, 0, 17, 17, 20], *segments):
        frames = read_chosen(path, lambda _, chosen=chosen: chosen, kept)
        assert np.array_equal(frames, [whole[number] for number in chosen])


@pytest.mark.parametrize("form", OTHERS, ids=str)
def test_a_form_that_does_not_tell_its_frames_is_decoded_as_a_whole(tmp_path, form):
    path = encode(tmp_path, form)
    with pytest.raises(IrregularError):
        read_chosen(path, range, kept)
    frames = read_video(path, lambda count: [count - 1, 3], kept)
    assert np.array_equal(frames, read_all(path, lambda count: [count - 1, 3], kept))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    suffix = draw(st.sampled_from(["avi", "mp4", "mkv"]))
    codec = draw(st.sampled_from(["mpeg4", "libx264"]))
    return Form(f"a.{suffix}", codec, draw(st.integers(1, 30)), draw(st.integers(0, 4)))


@given(form=forms(), frames=st.integers(1, 24), data=st.data())
@settings(deadline=None, max_examples=60)
def test_any_frames_of_any_video_are_those_of_the_whole(tmp_path_factory, form, frames, data):
    path = encode(tmp_path_factory.mktemp("video"), form, frames)
    chosen = data.draw(st.lists(st.integers(0, frames - 1), min_size=1, max_size=6))
    expected = read_all(path, lambda _: chosen, kept)
    assert np.array_equal(read_video(path, lambda _: chosen, kept), expected)


# A picture that is not coded: a P picture at time 0 of 25, after which nothing follows.
NOTHING = bytes.fromhex("000001b6504f")


def test_pictures_that_are_not_coded_are_no_frames(tmp_path):
    """As encoders write them that have no picture yet; UCF101's files declare such frames."""

    def with_nothing(packets: list[Stored]) -> list[Stored]:
        nothing = Stored(NOTHING)
        return [*packets[:3], nothing, *packets[3:20], nothing, *packets[20:]]

    source = encode(tmp_path, Form("source.avi", "mpeg4", 12))
    path = restore(source, tmp_path / "a.avi", with_nothing)
    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == 42
    assert len(read_all(path, range, kept)) == 40
    for number in range(40):
        assert_equal(path, each(number))


def packed(packets: list[Stored]) -> list[Stored]:
    """DivX's packed bit stream: a picture and the one before it together, then an empty packet."""
    head = packets[0].data.index(b"\0\0\1\xb6")
    mark = b"\0\0\1\xb2DivX503b1393p"
    result = [Stored(packets[0].data[:head] + mark + packets[0].data[head:], key=True)]
    for first, second in zip(packets[1::2], packets[2::2], strict=False):
        result.append(Stored(first.data + second.data))
        result.append(Stored(NOTHING))
    return result


def test_two_pictures_in_a_packet_have_the_whole_video_decoded(tmp_path):
    source = encode(tmp_path, Form("source.avi", "mpeg4", 250, 1), frames=41)
    path = restore(source, tmp_path / "a.avi", packed)
    with pytest.raises(IrregularError):
        read_chosen(path, range, kept)
    assert len(read_video(path, range, kept)) > 35


def test_an_edit_list_has_the_whole_video_decoded(tmp_path):
    path = encode(tmp_path, Form("a.mp4", "libx264", 12))
    data = bytearray(path.read_bytes())
    entry = data.index(b"elst") + 12
    start = int.from_bytes(data[entry + 4 : entry + 8], "big")
    with av.open(str(path)) as container:
        step = int(1 / 25 / container.streams.video[0].time_base)
    data[entry + 4 : entry + 8] = (start + 5 * step).to_bytes(4, "big")
    path.write_bytes(data)
    with pytest.raises(IrregularError):
        read_chosen(path, range, kept)
    assert len(read_video(path, range, kept)) == 35


def test_repeated_times_have_the_whole_video_decoded(tmp_path):
    def repeated(packets: list[Stored]) -> list[Stored]:
        packets[7].time = packets[6].time
        return packets

    source = encode(tmp_path, Form("source.mkv", "libx264", 12))
    path = restore(source, tmp_path / "a.mkv", repeated)
    with pytest.raises(IrregularError):
        read_chosen(path, range, kept)
    assert len(read_video(path, range, kept)) == 40


def test_times_that_are_not_the_decoders_order_have_the_whole_video_decoded(tmp_path):
    def swapped(packets: list[Stored]) -> list[Stored]:
        packets[7].time, packets[8].time = packets[8].time, packets[7].time
        return packets

    source = encode(tmp_path, Form("source.mkv", "libx264", 250))
    path = restore(source, tmp_path / "a.mkv", swapped)
    with pytest.raises(IrregularError):
        read_chosen(path, each(20), kept)
    assert np.array_equal(read_video(path, each(8), kept), read_all(path, each(8), kept))


def test_a_video_that_begins_between_key_frames_is_decoded_as_a_whole(tmp_path):
    source = encode(tmp_path, Form("source.avi", "mpeg4", 12))
    path = restore(source, tmp_path / "a.avi", lambda packets: packets[5:])
    with pytest.raises(IrregularError):
        read_chosen(path, range, kept)


def test_headers_that_change_on_the_way_have_the_whole_video_decoded(tmp_path):
    """Here: what the encoder says of itself, by which decoders choose their arithmetic."""

    def other(packets: list[Stored]) -> list[Stored]:
        later = next(packet for packet in packets[1:] if packet.key)
        later.data = b"\0\0\1\xb2XviD0046" + later.data
        return packets

    source = encode(tmp_path, Form("source.avi", "mpeg4", 12))
    path = restore(source, tmp_path / "a.avi", other)
    with pytest.raises(IrregularError):
        read_chosen(path, range, kept)
    frames = read_video(path, each(30), kept)
    assert np.array_equal(frames, read_all(path, each(30), kept))


def ruined(packet: Stored) -> None:
    """Keep a packet's head, and ruin the rest."""
    packet.data = packet.data[:16] + b"\xa5" * (len(packet.data) - 16)


@pytest.mark.parametrize(
    ("form", "damage", "chosen"),
    [
        # A later part of the video, between key frames.
        (Form("source.mkv", "mpeg4", 10), range(15, 20), [3, 12, 25]),
        (Form("source.mkv", "libx264", 10), range(15, 20), [3, 12, 25]),
        (Form("source.webm", "libvpx-vp9", 10, options=FAST), range(15, 20), [3, 12, 25]),
        # Pictures that no other one needs.
        (Form("source.mkv", "mpeg4", 250, 2), range(2, 39, 3), [0, 30, 36]),
    ],
    ids=str,
)
def test_what_no_chosen_frame_needs_is_not_decoded(tmp_path, form, damage, chosen):
    """So damage there is not found."""

    def damaged(packets: list[Stored]) -> list[Stored]:
        for number in damage:
            ruined(packets[number])
        return packets

    source = encode(tmp_path, form)
    path = restore(source, tmp_path / source.name.replace("source", "a"), damaged)
    frames = read_video(path, lambda _: chosen, kept)
    assert np.array_equal(frames, read_all(source, lambda _: chosen, kept))
    try:
        whole = read_all(path, range, kept)
    except UndecidedError:
        return
    assert not np.array_equal(whole, read_all(source, range, kept))


def without_restriction(parameters: bytes) -> bytes:
    """Clear the flag in a sequence parameter set that says how far frames are reordered.

    The flag is followed by a flag, six numbers, and the bit that ends the set.
    """
    bits = f"{int.from_bytes(parameters, 'big'):0{8 * len(parameters)}b}"
    end = bits.rindex("1")
    number = r"(?:1|01.|001..|0001...|00001....)"
    found = re.search(rf"1[01]{number}{{6}}$", bits[:end])
    changed = bits[: found.start()] + "01"
    return int(changed.ljust(len(bits), "0"), 2).to_bytes(len(parameters), "big")


def test_a_decoder_that_leaves_frames_out_leaves_out_the_same_ones(tmp_path):
    """One that learns only from a late picture how long it should have held frames back."""
    source = tmp_path / "source.mp4"
    with av.open(str(source), "w") as container:
        options = {"x264-params": "b-adapt=0:keyint=40:scenecut=0:bframes=3:b-pyramid=normal"}
        stream = container.add_stream("libx264", rate=25, options=options)
        stream.height, stream.width, stream.pix_fmt = HEIGHT, WIDTH, "yuv420p"
        for number in range(80):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            if number < 55 and number % 40:
                frame.pict_type = PictureType.P
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    data = bytearray(source.read_bytes())
    start = data.index(b"avcC") + 12
    stop = start + int.from_bytes(data[start - 2 : start], "big")
    data[start:stop] = without_restriction(bytes(data[start:stop]))
    source.write_bytes(data)
    path = restore(source, tmp_path / "a.mkv", lambda packets: packets)
    assert len(read_all(path, range, kept)) == 79
    for number in (0, 39, 60, 78):
        frames = read_video(path, each(number), kept)
        assert np.array_equal(frames, read_all(path, each(number), kept))


def test_a_video_that_begins_late_lacks_nothing(tmp_path):
    def late(packets: list[Stored]) -> list[Stored]:
        for packet in packets:
            packet.time += 50
        return packets

    source = encode(tmp_path, Form("source.mkv", "libx264", 12))
    path = restore(source, tmp_path / "a.mkv", late)
    assert len(read_all(path, range, kept)) == 40
    assert_equal(path, each(39))


def test_a_video_without_the_end_that_it_declares_is_an_error_whatever_is_chosen(tmp_path):
    path = encode(tmp_path, Form("a.avi", "mpeg4", 12))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(UndecidedError, match=r"a\.avi: only \d+ of 40 frames could be read"):
        read_video(path, each(0), kept)


def test_frames_that_are_drawn_at_random_are_drawn_once(tmp_path):
    path = encode(tmp_path, Form("a.avi", "wmv2", 12))
    draws = iter([[3], [4]])
    frames = read_video(path, lambda _: next(draws), kept)
    assert np.array_equal(frames, read_all(path, each(3), kept))


def test_a_long_video_is_decoded_twice_with_the_same_result(tmp_path, monkeypatch):
    path = encode(tmp_path, Form("a.avi", "mpeg4"))
    whole = read_all(path, range, kept)
    monkeypatch.setattr(video, "_HELD_BYTES", 3 * 2 * HEIGHT * WIDTH)
    assert np.array_equal(whole, read_all(path, range, kept))


def test_a_video_of_an_unknown_codec_is_told(tmp_path):
    path = encode(tmp_path, Form("a.avi", "mpeg4"))
    path.write_bytes(path.read_bytes().replace(b"FMP4", b"ZZZZ"))
    with pytest.raises(UndecidedError, match=r"a\.avi: there is no decoder for this video"):
        read_video(path, range, kept)
