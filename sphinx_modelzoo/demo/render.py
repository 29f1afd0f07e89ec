"""From a scene to its frames, in whole numbers: the same pixels on every machine."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sphinx_modelzoo.demo.draws import Draws
from sphinx_modelzoo.demo.scene import HEIGHT, WIDTH, Colour, Mover, Scene, rotated
from sphinx_modelzoo.demo.shapes import BAR, PATCH, SHAPES, Inside
from sphinx_modelzoo.demo.video import Frame

FINE = 3  # points a pixel each way
OPAQUE = 256
FOG = 28  # opacity of a shape in fog, of OPAQUE
BLUR_RADIUS = 4  # pixels
GROUND_CELL = 8  # pixels between the ground's random values
GROUND_MIX = 96  # how much of the ground's second colour comes in, of 256

Canvas = NDArray[np.int32]


def frames_of(scene: Scene, draws: Draws) -> Iterator[Frame]:
    """Give the frames of a scene, each of shape (48, 64, 3), RGB; ``draws`` gives the noise."""
    ground = _ground(scene.ground, draws)
    shape = tuple(SHAPES.values())[scene.label]
    last = scene.frames - 1
    for index in range(scene.frames):
        canvas = ground.copy()
        hidden = index not in scene.clear
        for bar in scene.behind:
            _paint(canvas, BAR, bar, index, last)
        fog = hidden and scene.veil == "fog"
        _paint(canvas, shape, scene.shape, index, last, opacity=FOG if fog else OPAQUE)
        for bar in scene.before:
            _paint(canvas, BAR, bar, index, last)
        if hidden and scene.veil == "patch":
            _paint(canvas, PATCH, scene.shape, index, last, colour=scene.patch)
        if hidden and scene.veil == "blur":
            canvas = _blur(_blur(canvas, 0), 1)
        canvas += draws.noise(HEIGHT, WIDTH, 1) * scene.grain // 148
        yield np.clip(canvas, 0, 255).astype(np.uint8)


def _ground(colours: tuple[Colour, Colour], draws: Draws) -> Canvas:
    """Mix two colours by a random texture, linear between points on a coarse grid."""
    across, down = WIDTH // GROUND_CELL + 1, HEIGHT // GROUND_CELL + 1
    grid = draws.octets(down, across).astype(np.int32)
    ahead = np.arange(GROUND_CELL, dtype=np.int32)
    rows = grid[:-1, None] * (GROUND_CELL - ahead)[:, None] + grid[1:, None] * ahead[:, None]
    rows = rows.reshape(HEIGHT, across)
    texture = rows[:, :-1, None] * (GROUND_CELL - ahead) + rows[:, 1:, None] * ahead
    mix = texture.reshape(HEIGHT, WIDTH, 1) // GROUND_CELL**2 * GROUND_MIX // 256
    one, other = (np.array(colour, dtype=np.int32) for colour in colours)
    canvas: Canvas = one + (other - one) * mix // 256
    return canvas


def _paint(
    canvas: Canvas,
    inside: Inside,
    mover: Mover,
    index: int,
    last: int,
    *,
    opacity: int = OPAQUE,
    colour: Colour | None = None,
) -> None:
    """Lay a mover over the canvas, its edges smoothed by ``FINE`` x ``FINE`` points a pixel."""
    done = index / last
    x = mover.start[0] + (mover.end[0] - mover.start[0]) * done
    y = mover.start[1] + (mover.end[1] - mover.start[1]) * done
    size = mover.sizes[0] + (mover.sizes[1] - mover.sizes[0]) * done
    reach = 1.5 * size * max(mover.stretch, 1.0)
    left, right = max(0, int(x - reach)), min(WIDTH, int(x + reach) + 1)
    top, bottom = max(0, int(y - reach)), min(HEIGHT, int(y + reach) + 1)
    if left >= right or top >= bottom:
        return
    direction = mover.direction
    for _ in range(index):
        direction = rotated(direction, mover.turn)
    dx = ((np.arange(left * FINE, right * FINE) + 0.5) / FINE - x) / size
    dy = ((np.arange(top * FINE, bottom * FINE) + 0.5) / FINE - y) / size
    u = (dx * direction[0] + dy[:, None] * direction[1]) / mover.stretch
    v = dy[:, None] * direction[0] - dx * direction[1]
    points = inside(u, v).reshape(bottom - top, FINE, right - left, FINE)
    cover = points.sum(axis=(1, 3), dtype=np.int32)[:, :, None] * opacity
    part = canvas[top:bottom, left:right]
    part += (np.array(colour or mover.colour, dtype=np.int32) - part) * cover // (OPAQUE * FINE**2)


def _blur(canvas: Canvas, axis: int) -> Canvas:
    """Average over ``2 * BLUR_RADIUS + 1`` pixels along an axis, the border's pixels repeated."""
    pad = [(0, 0)] * 3
    pad[axis] = (BLUR_RADIUS + 1, BLUR_RADIUS)
    total = np.cumsum(np.pad(canvas, pad, mode="edge"), axis=axis, dtype=np.int32)
    width = 2 * BLUR_RADIUS + 1
    after = np.take(total, np.arange(width, total.shape[axis]), axis=axis)
    ahead = np.take(total, np.arange(total.shape[axis] - width), axis=axis)
    blurred: Canvas = (after - ahead) // width
    return blurred
