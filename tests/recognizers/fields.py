"""Videos whose frames are stored as two fields, a packet each, as broadcasters do it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

from .clips import HEIGHT, WIDTH, picture

PARAMETERS, SLICE = 7, 5


def make_fields(path: Path, frames: int) -> Path:
    """Store pictures of half the height as the fields of frames: no encoder at hand does that."""
    source = path.with_suffix(".h264")
    encode_pictures(source, 2 * frames)
    packets, pending, count = [], b"", 0
    for unit in units(source.read_bytes()):
        kind = unit[0] & 0x1F
        if kind == PARAMETERS:
            changed = with_fields(unit)
        elif kind == SLICE:
            changed = as_field(unit, bottom=count % 2 == 1)
            count += 1
        else:
            changed = unit
        pending += b"\0\0\0\1" + changed
        if kind == SLICE:
            packets.append(pending)
            pending = b""
    source.write_bytes(b"".join(packets))
    with av.open(str(source)) as old, av.open(str(path), "w") as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for number, data in enumerate(packets):
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, 50)
            packet.pts = packet.dts = number
            packet.is_keyframe = True
            new.mux_one(packet)
    return path


def encode_pictures(path: Path, count: int) -> None:
    parameters = "cabac=0:keyint=1:bframes=0:8x8dct=0:repeat-headers=1"
    options = {"x264-params": parameters, "profile": "main"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=50, options=options)
        stream.height, stream.width, stream.pix_fmt = HEIGHT, WIDTH, "yuv420p"
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(picture(number // 2), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def units(data: bytes) -> list[bytes]:
    return [part.rstrip(b"\0") for part in data.split(b"\0\0\1")[1:]]


class Bits:
    """The bits of a unit after its first byte, with a place to read and to change them."""

    def __init__(self, unit: bytes) -> None:
        plain = unit[1:].replace(b"\0\0\3", b"\0\0")
        text = "".join(f"{byte:08b}" for byte in plain)
        self._head, self._text, self._at = unit[:1], text[: text.rindex("1") + 1], 0

    def skip(self, count: int) -> None:
        self._at += count

    def number(self) -> int:
        """Read a number: as many zeros as it has bits after the first one, then its bits."""
        zeros = self._text.index("1", self._at) - self._at
        self._at += 2 * zeros + 1
        return int(self._text[self._at - zeros - 1 : self._at], 2) - 1

    def put(self, bits: str, replaced: int = 0) -> None:
        self._text = self._text[: self._at] + bits + self._text[self._at + replaced :]

    @property
    def unit(self) -> bytes:
        text = self._text + "0" * (-len(self._text) % 8)
        data, zeros = bytearray(self._head), 0
        for byte in int(text, 2).to_bytes(len(text) // 8, "big"):
            if zeros >= 2 and byte <= 3:
                data.append(3)
                zeros = 0
            data.append(byte)
            zeros = 0 if byte else zeros + 1
        return bytes(data)


def with_fields(parameters: bytes) -> bytes:
    """Change a sequence's parameters: its pictures may be fields of frames twice as high."""
    bits = Bits(parameters)
    bits.skip(24)
    for _ in range(2):
        bits.number()
    assert bits.number() == 2, "no order of pictures is written"
    bits.number()
    bits.skip(1)
    for _ in range(2):
        bits.number()
    # Not frames only, not adaptive in a picture; and a flag that follows from it.
    bits.put("001", replaced=2)
    return bits.unit


def as_field(slice_: bytes, *, bottom: bool) -> bytes:
    """Change a picture, whose number is 0 in four bits, into a field."""
    bits = Bits(slice_)
    for _ in range(3):
        bits.number()
    bits.skip(4)
    bits.put(f"1{int(bottom)}")
    return bits.unit
