"""The views on which engines are compared: the same everywhere, like photographs and like noise."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_modelzoo.recognizers.engines.seeded import seeded_views, view_count, views_digest


@pytest.mark.parametrize(
    ("view", "digest"),
    [
        ((3, 32, 32), "cf179cd58060"),
        ((3, 224, 224), "91e933a0371a"),
    ],
)
def test_the_seed_alone_decides_the_views(view, digest):
    """With any release of NumPy: these digests must never change."""
    views = seeded_views(view, view_count(view))
    assert views.shape == (16, *view)
    assert views.dtype == np.float32
    assert views_digest(views).startswith(digest)


def test_another_seed_gives_other_views():
    one, other = (seeded_views((3, 32, 32), 4, seed) for seed in (1, 2))
    assert all((a != b).mean() > 0.9 for a, b in zip(one, other, strict=True))


def spectrum(view: np.ndarray) -> float:
    """Give the slope of a view's amplitude over the frequency, both as logarithms."""
    amplitude = np.abs(np.fft.fft2(view[0] - view[0].mean()))
    frequencies = (2, 4, 8, 16, 32, 64)
    means = [amplitude[k, :k].mean() for k in frequencies]
    return float(np.polyfit(np.log(frequencies), np.log(means), 1)[0])


def test_the_first_half_is_like_photographs_and_the_other_is_noise():
    views = seeded_views((3, 224, 224), 8)
    assert all(-2.5 < spectrum(view) < -0.8 for view in views[:4])
    assert all(-0.3 < spectrum(view) < 0.3 for view in views[4:])
    assert np.abs(views).max() < 3
    assert all(view.std() > 0.3 for view in views)


def test_clips_hold_frames_that_resemble_each_other_and_move():
    clip = seeded_views((3, 8, 64, 64), 2)[0]
    assert clip.shape == (3, 8, 64, 64)
    near = np.corrcoef(clip[:, 0].ravel(), clip[:, 1].ravel())[0, 1]
    assert 0.9 < near < 1


def test_fewer_views_are_compared_where_each_is_large():
    assert view_count((3, 32, 32)) == 16
    assert view_count((3, 32, 224, 224)) == 4
