"""Decoding only what the chosen frames of a video are made of.

That a video is as plain as it must be for this is seen before (:mod:`.pictures`) and while it is
decoded: each picture that a decoder is given must come out, in the order that was foretold. Where
anything else happens, :class:`~.bits.IrregularError` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import av

from sphinx_modelzoo.recognizers.bits import IrregularError
from sphinx_modelzoo.recognizers.extent import Extent
from sphinx_modelzoo.recognizers.pictures import Picture, reader_of
from sphinx_modelzoo.recognizers.stored import Stored, stored
from sphinx_modelzoo.recognizers.transforms import Frame
from sphinx_modelzoo.recognizers.upright import image_of, open_video, video_of

Packet: TypeAlias = "av.Packet[av.VideoStream]"
Pick = Callable[[int], Sequence[int]]
Convert = Callable[[Frame], Frame]

# Packets of one video that are held at once; longer ones are read twice.
_HELD_BYTES = 64 * 2**20

# What a packet may bring along that changes how those after it are decoded.
_CHANGES = ("new_extradata", "param_change", "palette")


def read_chosen(path: Path, pick: Pick, convert: Convert) -> list[Frame]:
    """Read chosen frames of a video whose packets tell what they hold.

    See :func:`sphinx_modelzoo.recognizers.video.read_video`.

    Raises:
        IrregularError: when it is not certain which packets these frames need, or when the file
            does not hold what it declares.
        av.FFmpegError: when the file cannot be read or decoded.
    """
    with open_video(path) as container:
        stream = _stream(container)
        packets, index = _index(container, stream)
        wanted = pick(len(index.frames))
        if packets:
            images = _Decoding(stream.codec_context, iter(packets), index, wanted, convert).images()
            return [images[place] for place in wanted]
    with open_video(path) as container:
        stream = _stream(container)
        again = _packets(container, stream)
        images = _Decoding(stream.codec_context, again, index, wanted, convert).images()
        return [images[place] for place in wanted]


def _stream(container: av.container.InputContainer) -> av.VideoStream:
    stream = video_of(container)
    if stream is None or stream.codec_context is None:
        raise IrregularError
    # One thread a clip; clips are read side by side.
    stream.codec_context.thread_count = 1
    return stream


def _packets(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[Packet]:
    # The last one is empty, and says that it is.
    return (packet for packet in container.demux(stream) if packet.size)


def _index(
    container: av.container.InputContainer, stream: av.VideoStream
) -> tuple[list[Packet], Stored]:
    """Read all packets without decoding them, and find what they hold.

    Returns:
        The packets, or none where they are too large to hold, and what they hold.
    """
    context = stream.codec_context
    order, look = reader_of(context.name, bytes(context.extradata or b""))
    packets: list[Packet] = []
    pictures: list[Picture] = []
    pts: list[int | None] = []
    held = 0
    for packet in _packets(container, stream):
        if _is_special(packet):
            raise IrregularError
        pictures.append(look(bytes(packet)))
        pts.append(packet.pts)
        held += packet.size
        if held <= _HELD_BYTES:
            packets.append(packet)
        else:
            packets.clear()
    index = stored(pictures, order, pts)
    extent = Extent(frames=len(index.frames))
    extent.declare(container, stream)
    extent.blank = sum(not each.shown for each in pictures)
    if not extent.declared:
        times = [pts[number] for number in index.frames]
        known = [time for time in times if time is not None]
        if len(known) < len(times) or not known or stream.time_base is None:
            raise IrregularError
        extent.first, extent.last = (
            float(time * stream.time_base) for time in (known[0], known[-1])
        )
    if extent.shortfall():
        raise IrregularError
    return packets, index


def _is_special(packet: Packet) -> bool:
    """Say whether an edit list cuts the packet away, or it is damaged, or changes the decoder."""
    if packet.is_discard or packet.is_corrupt:
        return True
    # Older versions of PyAV do not tell.
    has = getattr(packet, "has_sidedata", None)
    return has is None or any(has(kind) for kind in _CHANGES)


class _Decoding:
    """A decoder on its way through the packets that chosen frames are made of."""

    def __init__(
        self,
        context: av.VideoCodecContext,
        packets: Iterator[Packet],
        index: Stored,
        wanted: Collection[int],
        convert: Convert,
    ) -> None:
        self._context = context
        self._packets = packets
        self._index = index
        self._wanted = frozenset(wanted)
        self._convert = convert
        self._places = {number: place for place, number in enumerate(index.frames)}
        self._images: dict[int, Frame] = {}
        self._begin(0)

    def _begin(self, number: int) -> None:
        """Go on with a packet where decoding can begin; the first frame shown is to come first."""
        self._next = number
        self._held = 0
        self._flowing = False
        self._due = next(
            self._places[later]
            for later in range(number, len(self._index.pictures))
            if later in self._places
        )

    def images(self) -> dict[int, Frame]:
        """Decode until all chosen frames are there."""
        for number in sorted(self._index.frames[place] for place in self._wanted):
            start = self._index.starts[number]
            if start > self._next:
                for _ in islice(self._packets, start - self._next):
                    pass
                self._context.flush_buffers()
                self._begin(start)
            while self._places[number] not in self._images:
                self._step()
        return self._images

    def _step(self) -> None:
        """Give the decoder its next packet, or the end; take the frames that come of it."""
        number = self._next
        self._next += 1
        if number > len(self._index.pictures):
            raise IrregularError
        packet = next(self._packets, None)
        if packet is not None:
            if self._is_left_out(number):
                return
            # A frame comes out with the time of its packet: so it tells its place.
            packet.pts, packet.dts = self._places.get(number), None
            self._held += packet.pts is not None
        for frame in self._context.decode(packet):
            self._take(frame, ended=packet is None)

    def _is_left_out(self, number: int) -> bool:
        disposable = self._index.pictures[number].disposable
        return disposable and self._places.get(number) not in self._wanted

    def _take(self, frame: av.VideoFrame, *, ended: bool) -> None:
        self._held -= 1
        # A decoder that holds back too few frames finds out when it has to leave one out.
        if not (self._flowing or ended) and self._held < self._index.delay:
            raise IrregularError
        self._flowing = True
        frames = self._index.frames
        while self._due < len(frames) and self._is_left_out(frames[self._due]):
            self._due += 1
        if frame.pts != self._due or frame.is_corrupt:
            raise IrregularError
        if self._due in self._wanted:
            self._images[self._due] = self._convert(image_of(frame))
        self._due += 1
