"""Which packets of a video must be decoded for a frame."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from sphinx_modelzoo.recognizers.bits import IrregularError
from sphinx_modelzoo.recognizers.pictures import Order, Picture


@dataclass(frozen=True, slots=True)
class Stored:
    """The pictures of a video, one a packet, and the frames that a decoder gives.

    ``frames`` is the packet of each frame, in the order in which they are given; ``starts`` is for
    each packet the one to begin at. ``delay`` is how many pictures a decoder must hold back to give
    all frames in order.
    """

    pictures: tuple[Picture, ...]
    frames: tuple[int, ...]
    starts: tuple[int, ...]
    delay: int


def stored(pictures: Sequence[Picture], order: Order, times: Sequence[int | None]) -> Stored:
    """Find the order of frames, and where decoding begins for each.

    Args:
        pictures: What the packets hold, as they are stored.
        order: In which order the decoder gives frames.
        times: When each packet's frame is to be shown, in any unit.

    Raises:
        IrregularError: when that cannot be told.
    """
    if not pictures or not pictures[0].entry:
        raise IrregularError
    if order is Order.ANCHORS:
        frames, starts = _by_anchors(pictures)
    else:
        frames = [number for number, picture in enumerate(pictures) if picture.shown]
        if order is Order.TIMES:
            frames = _by_times(frames, times)
        starts = _entries(pictures)
        _check_apart(frames, starts)
    return Stored(tuple(pictures), tuple(frames), tuple(starts), _delay(frames))


def _entries(pictures: Sequence[Picture]) -> list[int]:
    """Give the last entry up to each packet."""
    starts, start = [], 0
    for number, picture in enumerate(pictures):
        start = number if picture.entry else start
        starts.append(start)
    return starts


def _by_anchors(pictures: Sequence[Picture]) -> tuple[list[int], list[int]]:
    frames: list[int] = []
    starts: list[int] = []
    entries = _entries(pictures)
    # The last two pictures that others need; what lies between two is made of both.
    before, last = -1, -1
    for number, picture in enumerate(pictures):
        if not picture.shown:
            starts.append(entries[number])
        elif picture.disposable:
            if before < 0:
                raise IrregularError
            frames.append(number)
            starts.append(entries[before])
        else:
            if last >= 0:
                frames.append(last)
            before, last = last, number
            starts.append(entries[number])
    frames.append(last)
    return frames, starts


def _by_times(frames: Sequence[int], times: Sequence[int | None]) -> list[int]:
    shown = {number: times[number] for number in frames}
    if None in shown.values() or len(set(shown.values())) < len(shown):
        raise IrregularError
    return sorted(frames, key=lambda number: shown[number] or 0)


def _check_apart(frames: Sequence[int], starts: Sequence[int]) -> None:
    """Refuse frames that come after those of the next entry."""
    begun = [starts[number] for number in frames]
    if begun != sorted(begun):
        raise IrregularError


def _delay(frames: Sequence[int]) -> int:
    """Give the most pictures that are stored before one and shown after it."""
    places = {number: place for place, number in enumerate(frames)}
    seen: list[int] = []
    most = 0
    for number in sorted(frames):
        at = bisect_right(seen, places[number])
        most = max(most, len(seen) - at)
        seen.insert(at, places[number])
    return most
