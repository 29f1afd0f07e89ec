"""The views of an item, cut from its frames only when a network is about to see them.

An item's frames are kept as 8-bit images, each once; 250 views of 224x224 pixels are 150 MB as
float32, the 25 frames that they are cut from 6.5 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.recognizers.transforms import Crop, Frame, crops_of, normalise_into


@dataclass(frozen=True, slots=True)
class Views:
    """The views of one item: images, shape (3, size, size), or clips, (3, length, size, size).

    ``cells`` are the images that the views consist of, as a place in ``frames`` and a crop;
    ``length`` of them follow each other in a view. All crops have the same ``size``.
    """

    frames: tuple[Frame, ...]
    cells: tuple[tuple[int, Crop], ...]
    size: int
    length: int = 1

    def __len__(self) -> int:
        """Give the number of views."""
        return len(self.cells) // self.length

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one view; a clip of a single frame is an image."""
        size = self.size
        return (3, size, size) if self.length == 1 else (3, self.length, size, size)

    @property
    def nbytes(self) -> int:
        """The bytes that the frames take, each counted once."""
        return sum({id(frame): frame.nbytes for frame in self.frames}.values())

    def cut(
        self, start: int, stop: int, out: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        r"""Give the views from ``start`` up to ``stop``, cropped, mirrored and normalised.

        Args:
            start: The first view, from 0.
            stop: The view after the last one.
            out: Where to write them; a new array if not given.

        Returns:
            An array of shape (stop - start, \*shape): ``out``, if given.
        """
        if out is None:
            out = np.empty((stop - start, *self.shape), dtype=np.float32)
        # A view with its frames in front, so that an image is a clip of one frame.
        clips = out[:, np.newaxis] if self.length == 1 else out.swapaxes(1, 2)
        for clip, view in zip(clips, range(start, stop), strict=True):
            first = view * self.length
            for image, (frame, crop) in zip(
                clip, self.cells[first : first + self.length], strict=True
            ):
                normalise_into(image, crop.cut(self.frames[frame]))
        return out


def views_of(frames: Sequence[Frame], size: int, crops: int, length: int = 1) -> Views:
    """Give the views that an item is tested with, in GluonCV's order.

    Three crops are taken of all frames, one crop after the other; ten of each frame, one frame
    after the other. So ten crops are for images: views of clips would be clips of crops.

    Args:
        frames: The item's chosen frames, ``length`` of each segment, all of one size; the same
            array may stand several times.
        size: The side of the crops in pixels.
        crops: The crops of a frame, 1, 3 or 10.
        length: The frames of a view.

    Raises:
        CallError: when the crops do not fit.
    """
    height, width, _ = frames[0].shape
    places = crops_of(height, width, size, crops)
    if crops == 3:  # noqa: PLR2004 - the number of crops
        cells = tuple((index, crop) for crop in places for index in range(len(frames)))
    else:
        cells = tuple((index, crop) for index in range(len(frames)) for crop in places)
    return Views(tuple(frames), cells, size, length)
