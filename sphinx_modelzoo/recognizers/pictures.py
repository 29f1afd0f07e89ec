"""What the packets of a video hold, told from their first bytes, without decoding them.

It decides which packets must be decoded for a frame; see :mod:`.stored`. A packet that is not as
plain as most are is an :class:`~.bits.IrregularError`, and so is a codec that is not known here:
then all packets are decoded.

The syntax is that of ITU-T H.264, ISO/IEC 14496-2 (MPEG-4 Visual), RFC 6386 (VP8), and the *VP9
Bitstream & Decoding Process Specification*.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from sphinx_modelzoo.recognizers.bits import Bits, IrregularError, start_codes
from sphinx_modelzoo.recognizers.sequences import HIGH_444, has_fields, sequences


class Order(Enum):
    """In which order a decoder gives frames."""

    STORED = auto()
    """As their packets are stored."""
    ANCHORS = auto()
    """Pictures that others need (anchors) come after the disposable ones that follow them."""
    TIMES = auto()
    """By their time stamps."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a packet holds.

    ``shown`` says that a frame comes of it, ``entry`` that decoding can begin here, and
    ``disposable`` that no other picture needs it (told of MPEG-4 only).
    """

    shown: bool = True
    entry: bool = False
    disposable: bool = False


Look = Callable[[bytes], Picture]


def reader_of(codec: str, extradata: bytes) -> tuple[Order, Look]:
    """Give what reads packets of a codec, and in which order their frames come.

    Args:
        codec: FFmpeg's name of the decoder.
        extradata: What the file stores for the decoder beside the packets.

    Raises:
        IrregularError: when the codec is not known here, or ``extradata`` is irregular.
    """
    if codec in _INTRA:
        return Order.STORED, lambda _: Picture(entry=True)
    if codec == "vp8":
        return Order.STORED, _vp8
    if codec == "vp9":
        return Order.STORED, _vp9
    if codec == "h264":
        return Order.TIMES, _H264(extradata)
    if codec == "mpeg4":
        return Order.ANCHORS, _MPEG4(extradata)
    raise IrregularError(codec)


def frames_of(codec: str, extradata: bytes) -> Callable[[bytes], int]:
    """Give what counts the frames that come of a packet, regular or not; files count one each."""
    if codec != "mpeg4":
        return lambda _: 1
    try:
        time_bits, _ = _layer(extradata)
    except IrregularError:
        return lambda _: 1
    return lambda packet: _coded(packet, time_bits)


# Codecs whose packets are pictures that need no other one.
_INTRA = {"mjpeg", "huffyuv", "prores"}


def _vp8(packet: bytes) -> Picture:
    tag = packet[0]
    return Picture(shown=bool(tag & 0x10), entry=not tag & 1)


def _vp9(packet: bytes) -> Picture:
    frames = [_vp9_frame(packet[start]) for start in _vp9_starts(packet)]
    shown = sum(frame.shown for frame in frames)
    if shown > 1:
        raise IrregularError
    return Picture(shown=shown == 1, entry=frames[0].entry)


def _vp9_starts(packet: bytes) -> list[int]:
    """Give where the frames of a packet start: hidden ones share it with the one that is shown."""
    marker = packet[-1]
    if marker & 0xE0 != 0xC0:  # noqa: PLR2004 - the marker of a superframe
        return [0]
    count, width = (marker & 7) + 1, (marker >> 3 & 3) + 1
    index = packet[-2 - count * width :]
    if index[0] != marker:
        return [0]
    starts, start = [], 0
    for number in range(count):
        starts.append(start)
        start += int.from_bytes(index[1 + number * width : 1 + (number + 1) * width], "little")
    if start + len(index) > len(packet):
        raise IrregularError
    return starts


def _vp9_frame(head: int) -> Picture:
    bits = f"{head:08b}"
    if not bits.startswith("10"):
        raise IrregularError
    # The profile's bits, a reserved one in profile 3, then whether a former frame is shown again.
    bits = bits[5:] if bits[2:4] == "11" else bits[4:]
    if bits[0] == "1":
        return Picture()
    return Picture(shown=bits[2] == "1", entry=bits[1] == "0")


# Decoders compute as these versions of x264 did: the first ones, and those that coded 4:4:4 without
# loss in a way of their own. They learn the version from a packet that only begins the video.
_X264 = re.compile(rb"x264 - core (\d+)")
_X264_FIRST, _X264_444 = 34, 151


class _H264:
    """Reads packets of H.264, with lengths or with start codes before their units."""

    def __init__(self, extradata: bytes) -> None:
        self._extradata = extradata
        avcc = len(extradata) > 6 and extradata[0] == 1  # noqa: PLR2004 - the shortest of its kind
        self._width = (extradata[4] & 3) + 1 if avcc else 0
        parameters = list(sequences(extradata, avcc=avcc))
        if any(map(has_fields, parameters)):
            # Two packets may make a frame.
            raise IrregularError
        is_444 = HIGH_444 in (each[1] for each in parameters)
        self._oldest = _X264_444 if is_444 else _X264_FIRST

    def __call__(self, packet: bytes) -> Picture:
        kinds: set[int] = set()
        pictures = 0
        for unit in self._units(packet):
            if len(unit) < 2:  # noqa: PLR2004 - its head and a byte
                raise IrregularError
            kind = unit[0] & 0x1F
            if unit[0] & 0x80 or kind in {2, 3, 4}:
                raise IrregularError
            if kind in {1, 5}:
                kinds.add(kind)
                # The first macroblock's number is 0, written as a single bit.
                pictures += unit[1] >> 7
            elif kind in {7, 8, 13, 15} and unit not in self._extradata:
                # A decoder that has not seen this packet lacks these parameters.
                raise IrregularError
            elif kind == 6:  # noqa: PLR2004 - messages beside the picture
                self._check_encoder(unit)
        # One frame, not two fields, and slices of one kind.
        if pictures != 1 or len(kinds) != 1:
            raise IrregularError
        return Picture(entry=kinds == {5})

    def _check_encoder(self, message: bytes) -> None:
        version = _X264.search(message)
        if version and int(version[1]) < self._oldest:
            raise IrregularError

    def _units(self, packet: bytes) -> Iterator[bytes]:
        if not self._width:
            for start, stop in start_codes(packet):
                yield packet[start:stop].rstrip(b"\0")
            return
        start = 0
        while start < len(packet):
            size = int.from_bytes(packet[start : start + self._width], "big")
            start += self._width
            if start + size > len(packet):
                raise IrregularError
            yield packet[start : start + size]
            start += size


# What encoders write of themselves into streams that hold two pictures in a packet.
_PACKED = re.compile(rb"DivX\d+(?:Build|b)\d+p")

_VOP, _GOV = 0xB6, 0xB3
_HEAD = 63  # bytes of a picture that are looked at


class _MPEG4:
    """Reads packets of MPEG-4 Visual, as DivX, XviD and FFmpeg write them."""

    def __init__(self, extradata: bytes) -> None:
        if _PACKED.search(extradata):
            raise IrregularError
        self._extradata = extradata
        self._time_bits, plain = _layer(extradata)
        if not plain:
            raise IrregularError

    def __call__(self, packet: bytes) -> Picture:
        found = list(start_codes(packet))
        if not found or [packet[start] for start, _ in found].count(_VOP) != 1:
            raise IrregularError
        for start, stop in found:
            code = packet[start]
            # A decoder that has not seen this packet lacks what stands before its picture.
            if code not in {_VOP, _GOV} and packet[start:stop] not in self._extradata:
                raise IrregularError
        start, stop = found[-1]
        if packet[start] != _VOP:
            raise IrregularError
        kind, coded = _vop(packet[start + 1 : stop], self._time_bits)
        # 0 is a picture by itself, 2 one between two others; what is not coded is not shown.
        return Picture(coded, entry=coded and kind == 0, disposable=kind == 2)  # noqa: PLR2004


def _coded(packet: bytes, time_bits: int) -> int:
    """Count the pictures of a packet that are coded."""
    found = [packet[start:stop] for start, stop in start_codes(packet) if packet[start] == _VOP]
    try:
        return sum(_vop(unit[1:], time_bits)[1] for unit in found)
    except IrregularError:
        return 1


def _vop(data: bytes, time_bits: int) -> tuple[int, bool]:
    """Read the head of a picture: its kind, and whether it is coded."""
    bits = Bits(data[:_HEAD])
    kind = bits.read(2)
    while bits.read(1):
        pass
    bits.marker()
    bits.read(time_bits)
    bits.marker()
    return kind, bool(bits.read(1))


def _layer(extradata: bytes) -> tuple[int, bool]:
    """Read the head of the video object layer; see :func:`_time_bits`."""
    layers = [
        extradata[start:stop]
        for start, stop in start_codes(extradata)
        if 0x20 <= extradata[start] <= 0x2F  # noqa: PLR2004 - a video object layer
    ]
    if len(layers) != 1:
        raise IrregularError
    return _time_bits(Bits(layers[0][1:]))


def _time_bits(bits: Bits) -> tuple[int, bool]:
    """Read the head of a video object layer: the bits of a picture's time, and whether it is plain.

    Fields' motion depends on the first time that a decoder saw; a static sprite on the first
    picture.
    """
    bits.read(9)
    version = 1
    if bits.read(1):
        version = bits.read(4)
        bits.read(3)
    if bits.read(4) == 15:  # noqa: PLR2004 - an aspect ratio of its own
        bits.read(16)
    if bits.read(1):
        bits.read(3)
        if bits.read(1):
            bits.read(79)
    shape = bits.read(2)
    bits.marker()
    resolution = bits.read(16)
    bits.marker()
    time_bits = max(1, (resolution - 1).bit_length())
    if bits.read(1):
        bits.read(time_bits)
    bits.marker()
    bits.read(13)
    bits.marker()
    bits.read(13)
    bits.marker()
    interlaced = bits.read(1)
    bits.read(1)
    sprites = bits.read(1 if version == 1 else 2)
    if shape or resolution == 0:
        raise IrregularError
    return time_bits, not interlaced and sprites != 1
