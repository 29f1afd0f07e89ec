"""When a fast engine's scores are too close to decide their order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sphinx_modelzoo.recognizers.counting import best
from sphinx_modelzoo.recognizers.engines.closeness import LEAST, SAFETY, allowed, is_close

FAR = [9.0, 7.0, 6.0, 5.0, 4.0, 2.0, 1.0]


def scores(*values: float) -> np.ndarray:
    return np.asarray(values, np.float32)


@pytest.mark.parametrize(
    ("values", "close"),
    [
        (FAR, False),
        ([9.0, 8.99, 6.0, 5.0, 4.0, 2.0], True),
        ([2.0, 6.0, 4.0, 9.0, 8.99, 5.0], True),
        ([9.0, 7.0, 6.0, 5.0, 4.0, 3.99], True),
        # Within the best five the order does not count, and below them neither.
        ([9.0, 7.0, 6.99, 6.98, 6.97, 2.0, 1.99], False),
        ([9.0, 9.0], True),
        ([9.0, 7.0, 6.0, 5.0, 4.99], False),
        ([9.0], False),
    ],
)
def test_the_gaps_at_the_first_and_the_fifth_place_decide(values, close):
    assert is_close(scores(*values), 10.0, 0.001) == close


def test_the_gap_is_twice_the_disagreement_of_the_views_largest_score():
    assert is_close(scores(1.0, 0.9), largest=10.0, disagreement=0.006)
    assert not is_close(scores(1.0, 0.9), largest=10.0, disagreement=0.004)
    assert not is_close(scores(1.0, 0.9), largest=1.0, disagreement=0.006)


def test_the_reference_is_never_too_close():
    assert not is_close(scores(1.0, 1.0), 1.0, 0.0)


def test_more_is_reckoned_with_than_was_measured():
    assert allowed(1e-4) == SAFETY * 1e-4
    assert allowed(0.0) == SAFETY * LEAST > 0


def test_a_little_more_or_less_is_reckoned_with_alike():
    assert allowed(4.694723081290619e-06) == allowed(4.673903910198421e-06) == 2e-05
    assert allowed(2.5e-05) == 1e-04
    assert allowed(2.6e-05) == 2e-04


@given(
    st.lists(st.integers(-1000, 1000), min_size=2, max_size=12, unique=True),
    st.lists(st.floats(-1, 1), min_size=12, max_size=12),
    st.sampled_from([1e-4, 1e-3, 1e-2, 0.1]),
)
@example([0, 1, -1000], [1.0, -1.0, 1.0], 0.1)  # the engine makes the largest one smaller
def test_whatever_the_reference_gives_within_the_disagreement_the_counts_are_the_same(
    whole, shifts, disagreement
):
    reference = np.asarray(whole, np.float64)
    largest = float(np.abs(reference).max())
    fast = reference + 0.99 * disagreement * largest * np.asarray(shifts[: len(whole)])
    if is_close(fast.astype(np.float32), float(np.abs(fast).max()), disagreement):
        return
    ours, theirs = (
        [label for label, _ in best(each.astype(np.float32))] for each in (fast, reference)
    )
    assert ours[0] == theirs[0]
    assert set(ours) == set(theirs)
