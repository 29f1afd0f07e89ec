"""What the parameters of an H.264 sequence say of all its pictures (ITU-T H.264, 7.3.2.1.1)."""

from __future__ import annotations

from collections.abc import Iterator

from sphinx_modelzoo.recognizers.bits import Bits, IrregularError, start_codes

_PARAMETERS = 7  # the kind of unit that holds them

HIGH_444 = 244  # a profile's number
# Profiles whose parameters begin with the format of colours.
_HIGH = {44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, HIGH_444}


def sequences(extradata: bytes, *, avcc: bool) -> Iterator[bytes]:
    """Give the units that hold the parameters of sequences."""
    if not avcc:
        units = (extradata[start:stop] for start, stop in start_codes(extradata))
        yield from (unit for unit in units if unit and unit[0] & 0x1F == _PARAMETERS)
        return
    start = 6
    for _ in range(extradata[5] & 0x1F):
        size = int.from_bytes(extradata[start : start + 2], "big")
        yield extradata[start + 2 : start + 2 + size]
        start += 2 + size


def has_fields(sequence: bytes) -> bool:
    """Say whether the pictures of a sequence may be fields of frames."""
    bits = Bits(sequence[1:].replace(b"\0\0\3", b"\0\0"))
    profile = bits.read(8)
    bits.read(16)
    bits.number()
    if profile in _HIGH:
        if bits.number() == 3:  # noqa: PLR2004 - 4:4:4
            bits.read(1)
        bits.number()
        bits.number()
        bits.read(1)
        if bits.read(1):  # matrices, which are rare
            raise IrregularError
    bits.number()
    order = bits.number()
    if order == 0:
        bits.number()
    elif order == 1:
        bits.read(1)
        bits.number()
        bits.number()
        for _ in range(bits.number()):
            bits.number()
    bits.number()
    bits.read(1)
    bits.number()
    bits.number()
    return not bits.read(1)
