"""The views on which an engine is compared with the reference: the same everywhere, from a seed.

Half of them are pictures whose details fade with their size as those of photographs do (an
amplitude of about one over the frequency); half are noise, which excites every filter. Clips
are such pictures that drift. The seed alone decides them: the stream of NumPy's bit generators is
fixed for ever, and the arithmetic is in whole numbers up to the normalisation.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.recognizers.engines.engine import Views, ViewShape
from sphinx_modelzoo.recognizers.transforms import normalise

SEED = 20160808

# Bytes of float32 views that are compared, and their least and greatest number.
_BYTES = 12 * 2**20
_LEAST, _MOST = 4, 16

_Picture = NDArray[np.uint8]


def view_count(view: ViewShape) -> int:
    """Give how many views are compared: an even number, fewer where each is large."""
    size = 4 * int(np.prod(view))
    return min(_MOST, max(_LEAST, _BYTES // size // 2 * 2))


def seeded_views(view: ViewShape, count: int, seed: int = SEED) -> Views:
    """Give ``count`` normalised views: pictures in the first half, noise in the other.

    Args:
        view: (3, height, width), or (3, frames, height, width).
        count: How many.
        seed: Decides all of them; view ``n`` does not depend on ``count`` but for its kind.

    Returns:
        An array of shape (count, channels, ...).
    """
    views = np.empty((count, *view), dtype=np.float32)
    height, width = view[-2:]
    frames = view[1] if len(view) > 3 else 1  # noqa: PLR2004 - channels, height, width
    for index in range(count):
        bits = np.random.PCG64(np.random.SeedSequence((seed, index)))
        if index < (count + 1) // 2:
            # The frames of a clip are cut from one picture, each a little further.
            drift = min(4, max(1, width // max(1, frames)))
            picture = _picture(bits, height, width + drift * (frames - 1))
            cut = [picture[:, drift * n : drift * n + width] for n in range(frames)]
        else:
            cut = [_bytes(bits, height, width) for _ in range(frames)]
        images = normalise(cut)
        views[index] = images[0] if len(view) == 3 else images.transpose(1, 0, 2, 3)  # noqa: PLR2004
    return views


def views_digest(views: Views) -> str:
    """Give the SHA-256 of the views' values, in hex."""
    return hashlib.sha256(np.ascontiguousarray(views, dtype="<f4").tobytes()).hexdigest()


def _bytes(bits: np.random.PCG64, height: int, width: int) -> _Picture:
    """Give a picture of independent, evenly drawn intensities."""
    count = height * width * 3
    words = np.asarray(bits.random_raw(-(-count // 8)), dtype="<u8")
    return words.view(np.uint8)[:count].reshape(height, width, 3)


def _picture(bits: np.random.PCG64, height: int, width: int) -> _Picture:
    """Add noise of all scales, each twice as fine as the one before and half as strong."""
    total = np.zeros((height, width, 3), dtype=np.int64)
    weight, weights = 1 << 8, 0
    cell = 1 << max(height, width).bit_length()
    while cell >= 1 and weight >= 1:
        total += weight * _stretched(bits, height, width, cell)
        weights += weight
        cell, weight = cell // 2, weight // 2
    # Averaging many scales takes contrast away: twice the distance from the middle gives it back.
    middle = 128 * weights
    return np.clip((2 * (total - middle) + middle) // weights, 0, 255).astype(np.uint8)


def _stretched(bits: np.random.PCG64, height: int, width: int, cell: int) -> NDArray[np.int64]:
    """Give a coarse random grid, interpolated linearly so that each cell is ``cell`` pixels."""
    rows, columns = height // cell + 2, width // cell + 2
    grid = _bytes(bits, rows, columns).astype(np.int64)
    y, x = np.arange(height), np.arange(width)
    top, below = grid[y // cell], grid[y // cell + 1]
    part = (y % cell)[:, None, None]
    between = top * (cell - part) + below * part
    left, right = between[:, x // cell], between[:, x // cell + 1]
    part = (x % cell)[None, :, None]
    return np.asarray((left * (cell - part) + right * part) // (cell * cell), dtype=np.int64)
