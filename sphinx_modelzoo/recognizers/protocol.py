"""The test protocol: which images of a clip are classified."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields

from sphinx_modelzoo.errors import CallError, Problem
from sphinx_modelzoo.recognizers.frames import Size
from sphinx_modelzoo.recognizers.sampling import middle_frames
from sphinx_modelzoo.recognizers.transforms import Frame, Images, cropped_images, crops_of


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a clip becomes images: all sizes are in pixels.

    The middle frames of ``segments`` equal parts are resized to ``new_height`` x ``new_width``,
    and each gives ``crops`` (1, 3 or 10) squares of ``input_size``. The defaults are those of
    GluonCV's scripts.
    """

    segments: int = 1
    crops: int = 1
    input_size: int = 224
    new_height: int = 256
    new_width: int = 340

    @property
    def images(self) -> int:
        """How many images a clip gives."""
        return self.segments * self.crops

    @property
    def size(self) -> Size:
        """The size that frames are resized to."""
        return Size(self.new_height, self.new_width)

    def pick(self, frames: int) -> list[int]:
        """Choose among a clip's frames."""
        return middle_frames(frames, self.segments)

    def crop(self, frames: list[Frame]) -> Images:
        """Give the images of a clip's chosen frames: shape (images, 3, input_size, input_size)."""
        return cropped_images(frames, self.input_size, self.crops)


def read_protocol(settings: Mapping[str, int | str]) -> Protocol:
    """Check a manifest's or a command's settings, and give the protocol.

    Raises:
        CallError: with every unknown setting (and the nearest known one), every value that is no
            whole number from 1, and crops that do not fit.
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
    return protocol
