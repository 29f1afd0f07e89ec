"""What is said of each clip: its best classes, whether they are certain, or why there are none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from sphinx_modelzoo.pipe.messages import Prediction, WeightsFile
from sphinx_modelzoo.recognizers.datasets import Split, read_split
from sphinx_modelzoo.recognizers.prediction import Model, predict
from sphinx_modelzoo.recognizers.protocol import Protocol

from .clips import make_frames

WEIGHTS = WeightsFile("w", 1, "0" * 40, "0" * 64, 1)
CLASSES = 7
# Two segments of one crop.
PROTOCOL = Protocol(segments=2, crops=1, input_size=32, new_height=36, new_width=48)


class Network:
    """Gives the same scores to each view, and to every second one others."""

    name, version = "table", "1"

    def __init__(self, first: list[float], second: list[float], disagreement: float = 0.0) -> None:
        self.batch = 3
        self.disagreement = disagreement
        self._rows = np.array([first, second], dtype=np.float32)
        self._seen = 0

    def scores(self, views: np.ndarray) -> np.ndarray:
        rows = self._rows[(np.arange(len(views)) + self._seen) % 2]
        self._seen += len(views)
        return rows


@pytest.fixture
def split(tmp_path) -> Split:
    for name in ("a", "b", "c"):
        make_frames(tmp_path / name, 4)
    (tmp_path / "list.txt").write_text("a 4 1\nb 4 2\nc 4 3\n")
    return read_split(tmp_path / "list.txt", tmp_path, CLASSES, "frames")


def predicted(split: Split, network: Network) -> list[Prediction]:
    model = Model(network, PROTOCOL, WEIGHTS)
    return list(predict(model, split, range(len(split.items)), workers=2))


ROW = [0.0, 8.0, 1.0, 6.0, 2.0, 4.0, 3.0]


def test_each_clip_has_its_label_and_its_best_five_classes(split):
    predictions = predicted(split, Network(ROW, ROW))
    assert [(each.id, each.label) for each in predictions] == [("a", 1), ("b", 2), ("c", 3)]
    best = ((1, 8.0), (3, 6.0), (5, 4.0), (6, 3.0), (4, 2.0))
    assert all(each.top == best and not each.error for each in predictions)


def test_scores_are_the_mean_of_a_clips_views(split):
    (first, *_) = predicted(split, Network(ROW, ROW[::-1]))
    assert first.top[0] == (1, 6.0)
    assert first.top[1] == (3, 6.0)


@pytest.mark.parametrize(
    ("disagreement", "close"),
    [(0.0, False), (0.01, False), (0.058, False), (0.059, True), (0.2, True)],
)
def test_clips_whose_order_a_fast_engine_cannot_decide_are_close(split, disagreement, close):
    """The fifth and sixth class are 1 apart: two 17ths of 8.5, which is 8 and a 17th of it."""
    predictions = predicted(split, Network(ROW, ROW, disagreement))
    assert [each.close for each in predictions] == [close] * 3


def test_the_largest_score_of_any_view_is_what_a_disagreement_is_a_share_of(split):
    # Here 80 and -64, though the mean's is 8.
    first, second = list(ROW), list(ROW)
    first[1], second[1] = 80.0, -64.0
    assert predicted(split, Network(first, second, 0.01))[0].close
    assert not predicted(split, Network(ROW, ROW, 0.01))[0].close


def test_a_clip_that_cannot_be_read_is_an_error_in_its_place(split):
    (split.clips[1].path / "img_00002.jpg").write_bytes(b"no image")
    first, second, third = predicted(split, Network(ROW, ROW, 0.5))
    assert (first.id, second.id, third.id) == ("a", "b", "c")
    assert "b/img_00002.jpg: frame 2 of 4 is not a readable image" in second.error
    assert not second.top
    assert not second.close
    assert first.top == third.top != ()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_scores_that_are_no_numbers_are_an_error(split, value):
    (first, *_) = predicted(split, Network([value, *ROW[1:]], ROW))
    assert first.error == "a: the network gives scores that are no numbers; check the weights"
    assert first.top == ()


def test_a_fast_engine_says_what_its_disagreement_is_a_share_of(split):
    """The views' scores cancel out in the mean: their size is what an engine is off by."""
    second = [-score for score in ROW[:-1]] + [ROW[-1]]
    fast = predicted(split, Network(ROW, second, disagreement=1e-4))
    assert {each.scale for each in fast} == {8.0}
    assert {each.scale for each in predicted(split, Network(ROW, second))} == {0.0}


def test_what_a_library_says_of_a_clip_is_its_error_and_the_others_go_on(split, monkeypatch):
    path = split.clips[1].path / "img_00002.jpg"
    cv2.imwrite(str(path), np.zeros((90, 120, 3), np.uint8))
    decode, large = cv2.imdecode, path.read_bytes()

    def failing(data: np.ndarray, flags: int) -> np.ndarray | None:
        if data.tobytes() == large:
            msg = "OpenCV(4.11.0) error:\n  the image is too large"
            raise cv2.error(msg)
        return decode(data, flags)

    monkeypatch.setattr(cv2, "imdecode", failing)
    first, second, third = predicted(split, Network(ROW, ROW))
    assert first.top == third.top != ()
    assert f"{split.clips[1].path}: the clip cannot be read (error: OpenCV(4.11.0)" in second.error
    assert "\n" not in second.error
