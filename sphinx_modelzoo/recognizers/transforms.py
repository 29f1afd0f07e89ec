"""From frames to a network's input: resizing, crops, and normalising.

A frame is an RGB array of shape (height, width, 3), 8 bits a channel. The network's input is a
float32 array of shape (images, 3, size, size). The crops, their order and the arithmetic are those
of GluonCV's video transforms, in one float32 pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.errors import CallError, Problem

Frame = NDArray[np.uint8]
Images = NDArray[np.float32]

# Mean and standard deviation of ImageNet's RGB channels, for intensities from 0 to 1.
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)

CROPS = (1, 3, 10)

_OFFSET = (255.0 * np.asarray(MEAN)).astype(np.float32).reshape(3, 1, 1)
_SCALE = (1.0 / (255.0 * np.asarray(STD))).astype(np.float32).reshape(3, 1, 1)


@dataclass(frozen=True, slots=True)
class Crop:
    """A crop's upper left corner and size in pixels; ``flip`` mirrors it left to right."""

    top: int
    left: int
    height: int
    width: int
    flip: bool = False

    def cut(self, frame: Frame) -> Frame:
        """Give the crop as a view of the frame."""
        view = frame[self.top : self.top + self.height, self.left : self.left + self.width]
        return view[:, ::-1] if self.flip else view


def resize(frame: Frame, height: int, width: int) -> Frame:
    """Resize a frame bilinearly; a frame of that size is given back as it is."""
    if frame.shape[:2] == (height, width):
        return frame
    return np.asarray(cv2.resize(frame, (width, height)), dtype=np.uint8)


def crops_of(height: int, width: int, size: int, count: int) -> tuple[Crop, ...]:
    """Give the 1, 3 or 10 square crops of ``size`` pixels that a frame is tested with.

    One crop is the centre. Three lie side by side (left, right, middle; or top, bottom, middle)
    and need a frame that is as high or as wide as the crop. Ten are the centre and the corners
    (top left, bottom left, top right, bottom right), and the same five mirrored.

    Raises:
        CallError: when the crops do not fit the frame, or ``count`` is none of 1, 3 and 10.
    """
    if size > height or size > width:
        what = f"a crop of {size}x{size} does not fit frames of {height}x{width}"
        remedy = (
            f"raise new_height and new_width (--new-height, --new-width) to at least {size}; "
            "at an input of 299, GluonCV's numbers use 340 and 450"
        )
        raise CallError(Problem(what, remedy))
    down, right = height - size, width - size
    if count == 1:
        # Python rounds halves to even here, and GluonCV with it.
        return (Crop(round(down / 2), round(right / 2), size, size),)
    if count == 3:  # noqa: PLR2004 - the number of crops
        if down and right:
            what = f"three crops of {size}x{size} need frames as high or as wide as the crop"
            remedy = (
                f"the frames are {height}x{width}: set new_height (--new-height) or new_width "
                f"(--new-width) to {size}"
            )
            raise CallError(Problem(what, remedy))
        steps = (0, 2 * ((right or down) // 2), (right or down) // 2)
        if down == 0:
            return tuple(Crop(0, step, size, size) for step in steps)
        return tuple(Crop(step, 0, size, size) for step in steps)
    if count == 10:  # noqa: PLR2004 - the number of crops
        corners = ((down // 2, right // 2), (0, 0), (down, 0), (0, right), (down, right))
        return tuple(
            Crop(top, left, size, size, flip) for flip in (False, True) for top, left in corners
        )
    raise CallError(Problem(f"{count} crops are not known", "use 1, 3 or 10"))


def normalise_into(out: Images, view: Frame) -> None:
    """Write an 8-bit RGB view, normalised and channels first, into one float32 image."""
    np.copyto(out, view.transpose(2, 0, 1))
    out -= _OFFSET
    out *= _SCALE


def normalise(views: Sequence[Frame]) -> Images:
    """Give equally large 8-bit RGB views as normalised float32 images, channels first."""
    height, width, _ = views[0].shape
    images = np.empty((len(views), 3, height, width), dtype=np.float32)
    for image, view in zip(images, views, strict=True):
        normalise_into(image, view)
    return images


def augmentation_crops(height: int, width: int, ratios: Sequence[float]) -> tuple[Crop, ...]:
    """Give every crop that training draws from: sizes, places, both mirrorings, evenly likely.

    Corner cropping and scale jittering of *Towards Good Practices for Very Deep Two-Stream
    ConvNets* (Wang et al., 2015, https://arxiv.org/abs/1507.02159): the sides are the shorter side
    times two of ``ratios`` that are neighbours or equal; thirteen places.
    """
    shorter = min(height, width)
    sides = [int(shorter * ratio) for ratio in ratios]
    pairs = [
        (tall, wide)
        for row, tall in enumerate(sides)
        for column, wide in enumerate(sides)
        if abs(row - column) <= 1
    ]
    # Quarters of the free space, downwards and to the right.
    places = (
        *((0, 0), (0, 4), (4, 0), (4, 4), (2, 2), (0, 2), (4, 2), (2, 0), (2, 4)),
        *((1, 1), (1, 3), (3, 1), (3, 3)),
    )
    return tuple(
        Crop((height - tall) // 4 * down, (width - wide) // 4 * right, tall, wide, flip)
        for tall, wide in pairs
        for down, right in places
        for flip in (False, True)
    )


def augmented_images(frames: Sequence[Frame], size: int, crop: Crop) -> Images:
    """Give the same crop of each frame, resized to ``size`` and normalised."""
    return normalise(
        [resize(np.ascontiguousarray(crop.cut(frame)), size, size) for frame in frames]
    )
