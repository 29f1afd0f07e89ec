"""What packets hold, and which of them a frame needs."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sphinx_modelzoo.recognizers.bits import IrregularError
from sphinx_modelzoo.recognizers.pictures import Order, Picture, frames_of, reader_of
from sphinx_modelzoo.recognizers.stored import stored

I, P, B = Picture(entry=True), Picture(), Picture(disposable=True)  # noqa: E741 - their names
NOTHING = Picture(shown=False)


UNITS = st.lists(st.binary(max_size=9), min_size=1).map(
    lambda units: b"\0\0\1" + b"\0\0\1".join(units)
)


@given(
    codec=st.sampled_from(["h264", "mpeg4", "vp8", "vp9", "mjpeg", "none"]),
    extradata=st.binary(max_size=40) | UNITS | st.just(b"\x01\x64\x00\x0a\xff\xe1\x00"),
    packet=st.binary(min_size=1, max_size=60) | UNITS,
)
@example("h264", b"\0\0\1\0\0\1\x67", b"\0\0\1\x65\x88")  # a unit of nothing
def test_noise_is_irregular_or_a_picture_and_never_a_fault(codec, extradata, packet):
    assert frames_of(codec, extradata)(packet) >= 0
    with suppress(IrregularError):
        _, look = reader_of(codec, extradata)
        assert isinstance(look(packet), Picture)


@pytest.mark.parametrize(
    ("codec", "packet", "picture"),
    [
        # The first bits say: a key frame or not, shown or not.
        ("vp8", b"\x10", Picture(entry=True)),
        ("vp8", b"\x11", Picture()),
        ("vp8", b"\x01", Picture(shown=False)),
        ("vp9", b"\x82", Picture(entry=True)),
        ("vp9", b"\x86", Picture()),
        ("vp9", b"\x84", Picture(shown=False)),
        # A frame that was decoded before, and has not been shown; profile 3 has a bit more.
        ("vp9", b"\x88", Picture()),
        ("vp9", b"\xb1", Picture(entry=True)),
        # A superframe: two bytes that are not shown and two that are, and an index of them.
        ("vp9", b"\x80\0\x86\0\xc1\2\2\xc1", Picture(entry=True)),
    ],
)
def test_the_first_bits_of_a_packet_tell_what_it_holds(codec, packet, picture):
    _, look = reader_of(codec, b"")
    assert look(packet) == picture


@pytest.mark.parametrize(
    "packet",
    [
        b"\x86\0\x86\0\xc1\2\2\xc1",  # two frames that are shown
        b"\x80\0\x86\0\xc1\2\x09\xc1",  # a frame that is longer than the packet
        b"\x00",
    ],
)
def test_a_packet_of_vp9_that_is_not_plain_is_irregular(packet):
    _, look = reader_of("vp9", b"")
    with pytest.raises(IrregularError):
        look(packet)


@pytest.mark.parametrize(
    ("packet", "picture"),
    [
        (b"\0\0\0\1\x65\x88\x84\0\0\1\x65\x20", Picture(entry=True)),  # two slices
        (b"\0\0\0\1\x09\xf0\0\0\1\x41\x9a", Picture()),
        (b"\0\0\0\1\x41\x9a\0\0\1\x41\x9a", None),  # two pictures
        (b"\0\0\0\1\x65\x88\0\0\1\x41\x9a", None),
        (b"\0\0\0\1\x67\x64\0\0\1\x65\x88", None),  # parameters that no one was told of
        (b"\0\0\0\1\x68\xee\0\0\1\x65\x88", Picture(entry=True)),
        (b"\0\0\0\1\x06\x05", None),  # no picture
        (b"\0\0\0\1\x62\x88", None),  # partitions of data
    ],
)
def test_a_packet_of_h264_holds_one_picture_or_is_irregular(packet, picture):
    _, look = reader_of("h264", b"\0\0\0\1\x68\xee")
    if picture is None:
        with pytest.raises(IrregularError):
            look(packet)
    else:
        assert look(packet) == picture


@pytest.mark.parametrize(
    ("profile", "core", "certain"),
    [(244, 150, False), (244, 151, True), (244, 164, True), (100, 33, False), (100, 148, True)],
)
@pytest.mark.parametrize("lengths", [True, False])
def test_versions_of_x264_that_decoders_imitate_are_irregular(profile, core, certain, lengths):
    message = b"\x06\x05\x21" + bytes(16) + f"x264 - core {core} r1\x80".encode()
    units = [message, b"\x65\x88\x84"]
    parameters = bytes([0x67, profile, 0, 10]) + b"\xac\xbb\xc8"
    if lengths:
        extradata = bytes([1, profile, 0, 10, 0xFF, 0xE1, 0, len(parameters)]) + parameters
        packet = b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)
    else:
        extradata = b"\0\0\1" + parameters
        packet = b"".join(b"\0\0\1" + unit for unit in units)
    _, look = reader_of("h264", extradata)
    if certain:
        assert look(packet) == Picture(entry=True)
    else:
        with pytest.raises(IrregularError):
            look(packet)


@given(st.lists(st.sampled_from([I, P, B, NOTHING]), max_size=30))
def test_frames_between_anchors_need_both(pictures):
    """As MPEG-4's: P needs the anchor before it, B the last two, which it is shown between."""
    pictures = [I, *pictures]
    anchors = [number for number, each in enumerate(pictures) if each in (I, P)]
    try:
        index = stored(pictures, Order.ANCHORS, [None] * len(pictures))
    except IrregularError:
        assert B in pictures[: (*anchors, len(pictures))[1]]
        return
    needs: dict[int, set[int]] = {}
    for number, each in enumerate(pictures):
        before = [anchor for anchor in anchors if anchor < number]
        direct = {P: before[-1:], B: before[-2:]}.get(each, [])
        needs[number] = {number}.union(*(needs[other] for other in direct))
    for number in index.frames:
        start = index.starts[number]
        assert pictures[start] == I
        assert start <= min(needs[number])
    assert sorted(index.frames) == [n for n, each in enumerate(pictures) if each != NOTHING]
    # A picture between two anchors is shown between them, and each kind in the order it is stored.
    places = {number: place for place, number in enumerate(index.frames)}
    for number, each in enumerate(pictures):
        if each == B:
            first, second = [anchor for anchor in anchors if anchor < number][-2:]
            assert places[first] < places[number] < places[second]
    assert index.delay == int(B in pictures)


def test_frames_by_their_times_begin_at_the_entry_before_them():
    times = [0, 40, 20, 10, 30, 50, 70, 60]
    index = stored([I, P, P, P, P, I, P, P], Order.TIMES, times)
    assert index.frames == (0, 3, 2, 4, 1, 5, 7, 6)
    assert index.starts == (0, 0, 0, 0, 0, 5, 5, 5)
    assert index.delay == 2


@pytest.mark.parametrize(
    ("pictures", "times"),
    [
        ([I, P, P], [0, 1, None]),
        ([I, P, P], [0, 1, 1]),
        ([I, P, I, P], [0, 3, 2, 4]),  # shown after the next entry
        ([P, I], [0, 1]),
        ([], []),
    ],
)
def test_times_that_do_not_tell_the_order_are_irregular(pictures, times):
    with pytest.raises(IrregularError):
        stored(pictures, Order.TIMES, times)


def test_frames_that_are_not_shown_have_no_place():
    index = stored([I, NOTHING, P, I, NOTHING, P], Order.STORED, [None] * 6)
    assert index.frames == (0, 2, 3, 5)
    assert index.starts == (0, 0, 0, 3, 3, 3)
    assert index.delay == 0
