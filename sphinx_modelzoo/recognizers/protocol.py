"""The test protocol: which views of a video are classified."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.recognizers.frames import Size
from sphinx_modelzoo.recognizers.sampling import clip_frames, two_rates
from sphinx_modelzoo.recognizers.transforms import Frame, crops_of
from sphinx_modelzoo.recognizers.views import Views, views_of


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a video becomes views; a view is what a network sees at once. Sizes are in pixels.

    From the middle of each of ``segments`` equal parts comes a clip of ``new_length`` frames that
    are ``new_step`` apart; a clip of one frame is an image. Frames are resized to ``new_height`` x
    ``new_width``, and each clip gives ``crops`` (1, 3 or 10) views of ``input_size`` x
    ``input_size``. A SlowFast network's view holds the frames of its fast pathway, one of each
    ``fast_temporal_stride`` of the clip, then those of its slow pathway, one of each
    ``slow_temporal_stride``; both are 0 for other networks. The defaults are those of GluonCV's
    scripts, and the names those of its options.
    """

    segments: int = 1
    crops: int = 1
    input_size: int = 224
    new_height: int = 256
    new_width: int = 340
    new_length: int = 1
    new_step: int = 1
    slow_temporal_stride: int = 0
    fast_temporal_stride: int = 0

    @property
    def views(self) -> int:
        """How many views a video gives."""
        return self.segments * self.crops

    @property
    def two_rates(self) -> bool:
        """Whether a view has a fast and a slow pathway's frames."""
        return self.slow_temporal_stride > 0

    @property
    def pathways(self) -> tuple[int, ...]:
        """How many frames a view has for the fast and the slow pathway, or for the only one."""
        if not self.two_rates:
            return (self.new_length,)
        strides = self.fast_temporal_stride, self.slow_temporal_stride
        return tuple(self.new_length // stride for stride in strides)

    @property
    def view_frames(self) -> int:
        """How many frames a view has."""
        return sum(self.pathways)

    @property
    def view_shape(self) -> tuple[int, ...]:
        """The shape of a view: channels, frames (where there is more than one), height, width."""
        size = self.input_size
        return (3, size, size) if self.view_frames == 1 else (3, self.view_frames, size, size)

    @property
    def size(self) -> Size:
        """The size that frames are resized to."""
        return Size(self.new_height, self.new_width)

    def pick(self, frames: int) -> list[int]:
        """Choose among a video's frames: ``view_frames`` a segment, one segment after the other."""
        clips = clip_frames(frames, self.segments, self.new_length, self.new_step)
        if self.two_rates:
            strides = self.slow_temporal_stride, self.fast_temporal_stride
            clips = [two_rates(clip, *strides) for clip in clips]
        return [frame for clip in clips for frame in clip]

    def crop(self, frames: Sequence[Frame]) -> Views:
        """Give the views of a video's chosen frames, to be cut when they are needed."""
        return views_of(frames, self.input_size, self.crops, self.view_frames)


def read_protocol(settings: Mapping[str, int | str]) -> Protocol:
    """Check a manifest's or a command's settings, and give the protocol.

    Raises:
        CallError: with every unknown setting (and the nearest known one), every value that is no
            whole number from 1, crops that do not fit, and settings that exclude each other.
    """
    known = [field.name for field in fields(Protocol)]
    problems = []
    for name, value in settings.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"it knows {', '.join(known)}"
            problems.append(Problem(f"gluoncv-action has no setting {name!r}", remedy))
        elif isinstance(value, bool) or not isinstance(value, int) or value < 1:
            what = f"{name} is {value!r}, not a whole number from 1"
            problems.append(Problem(what, "write a number such as 25"))
    if problems:
        raise CallError(*problems)
    protocol = Protocol(**{name: int(value) for name, value in settings.items()})
    crops_of(protocol.new_height, protocol.new_width, protocol.input_size, protocol.crops)
    problems = _clip_problems(protocol)
    if problems:
        raise CallError(*problems)
    return protocol


def _clip_problems(protocol: Protocol) -> list[Problem]:
    """Tell what is wrong with the settings that make clips."""
    problems = []
    slow, fast = protocol.slow_temporal_stride, protocol.fast_temporal_stride
    if protocol.crops == 10 and protocol.new_length > 1:  # noqa: PLR2004 - the number of crops
        # GluonCV's ten crops of a clip come out as clips of crops, not of frames.
        what = "ten crops of clips are not known: GluonCV's code mixes up crops and frames there"
        problems.append(Problem(what, "write crops: 3 (--three-crop), or leave it out"))
    if bool(slow) != bool(fast):
        given = "slow_temporal_stride" if slow else "fast_temporal_stride"
        what = f"{given} stands alone"
        remedy = "write both, such as slow_temporal_stride: 16, fast_temporal_stride: 2"
        problems.append(Problem(what, remedy))
    elif slow and slow % fast:
        what = f"slow_temporal_stride {slow} is no multiple of fast_temporal_stride {fast}"
        remedy = f"write a multiple, such as {slow // fast * fast or fast}"
        problems.append(Problem(what, remedy))
    elif slow > protocol.new_length:
        what = f"a clip of {protocol.new_length} frames has none at slow_temporal_stride {slow}"
        remedy = f"write new_length: {4 * slow} (--new-length {4 * slow}) for four slow frames"
        problems.append(Problem(what, remedy))
    if slow and protocol.new_step > 1:
        what = "new_step goes with one frame rate, a SlowFast network's strides give two"
        problems.append(Problem(what, "leave out new_step (--new-step)"))
    return problems
