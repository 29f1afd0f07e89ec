from __future__ import annotations

import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sphinx_modelzoo.pipe.messages import Opened, Prediction, encode
from sphinx_modelzoo.verify.recognizer import parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)

FIELDS = ["items", "fingerprint", "pipe", "weights", "environment", "recognizer", "version"]
FIELDS += [
    "disagreement",
    "close",
    "scale",
    "id",
    "label",
    "top",
    "error",
    "message",
    "remedy",
    "text",
]


@given(st.binary(max_size=200))
@example(b"")
@example(b"\xef\xbb\xbf{}")
@example(b'{"type": "note"}\r')
@example(b"1" * 5000)
def test_random_bytes_are_a_message_or_malformed(line):
    try:
        message = parse.read_message(line)
    except parse.MalformedError as error:
        assert str(error).isprintable()
    else:
        assert message["type"] in parse.TYPES


@given(
    kind=st.sampled_from(["opened", "items", "prediction", "error", "note"]),
    fields=st.dictionaries(
        st.sampled_from(FIELDS),
        JSON,
    ),
)
def test_random_fields_are_read_or_malformed(kind, fields):
    readers = {
        "opened": parse.read_opened,
        "items": parse.read_items,
        "prediction": lambda data: parse.read_prediction(data, 8),
        "error": parse.read_failure,
        "note": parse.read_note,
    }
    try:
        readers[kind]({"type": kind, **fields})
    except parse.MalformedError as error:
        assert str(error).isprintable()


@pytest.mark.parametrize(
    "item", ["", "two\nlines", "tab\tbed", "bell\x07", "\ud800", 7, None, ["x"]]
)
def test_an_id_that_cannot_stand_on_a_line_is_malformed(item):
    with pytest.raises(parse.MalformedError):
        parse.read_items({"type": "items", "items": [[item, 0]]})


@pytest.mark.parametrize("label", [True, -1, 1.0, "1", None])
def test_a_label_that_is_no_whole_number_is_malformed(label):
    with pytest.raises(parse.MalformedError):
        parse.read_items({"type": "items", "items": [["a", label]]})


def test_unknown_fields_are_left_alone():
    line = {"type": "prediction", "id": "a", "label": 0, "top": [[0, 1]], "remarks": [1, 2]}
    prediction = parse.read_prediction(parse.read_message(json.dumps(line).encode()), 8)
    assert prediction.top == ((0, 1.0),)


def test_equal_scores_are_in_order():
    line = {"type": "prediction", "id": "a", "label": 0, "top": [[0, 1], [3, 1.0], [1, -2]]}
    assert [index for index, _ in parse.read_prediction(line, 8).top] == [0, 3, 1]


def test_texts_of_a_recognizer_cannot_move_the_cursor():
    failure = parse.read_failure({"type": "error", "message": "a\x1b[2Jb\nc\x9bd", "remedy": ""})
    assert failure.message == "ab c d"


def test_what_a_recognizer_calls_itself_and_its_weights_can_always_be_written_to_a_receipt():
    text = "a\ud800\n\x1b[2J" + "b" * 1_000_000
    digests = {"sha1": "0" * 40, "sha256": "0" * 64}
    weights = {"file": text, "size": 1, "parameters": 1, **digests}
    opened = parse.read_opened(
        {
            "type": "opened",
            "pipe": 1,
            "items": 1,
            "fingerprint": "0" * 64,
            "recognizer": text,
            "version": text,
            "weights": weights,
        }
    )
    assert opened.weights is not None
    for value in (opened.recognizer, opened.version, opened.weights.file):
        assert value.isprintable()
        assert len(value) <= 300


def test_the_scores_of_views_are_read_and_looked_at_as_the_others():
    line = {"id": "a", "label": 0, "top": [[0, 1]], "views": [[[0, 0.5], [1, 0.25]], [[2, 1]]]}
    views = parse.read_prediction(line, 3).views
    assert views == (((0, 0.5), (1, 0.25)), ((2, 1.0),))
    for wrong in ([[[3, 1]]], [[[0, 0.1], [1, 0.2]]], [1, 2], {}, [[[0]]]):
        with pytest.raises(parse.MalformedError):
            parse.read_prediction(line | {"views": wrong}, 3)


OPENED = {
    "type": "opened",
    "pipe": 1,
    "items": 1,
    "fingerprint": "0" * 64,
    "recognizer": "net",
    "version": "1",
}


@pytest.mark.parametrize("value", [0, 0.0, 4e-5, 0.999])
def test_a_disagreement_is_a_share(value):
    assert parse.read_opened({**OPENED, "disagreement": value}).disagreement == value
    assert parse.read_opened(OPENED).disagreement == 0.0


@pytest.mark.parametrize("value", [-1e-9, 1, 10**400, True, "0.1", None, [], float("inf")])
def test_a_disagreement_that_is_no_share_is_malformed(value):
    with pytest.raises(parse.MalformedError, match="where a number from 0 to below 1 goes"):
        parse.read_opened({**OPENED, "disagreement": value})


def test_a_close_item_says_so():
    line = {"type": "prediction", "id": "a", "label": 0, "top": [[0, 1]]}
    assert not parse.read_prediction(line, 3).close
    assert not parse.read_prediction({**line, "close": False}, 3).close
    assert parse.read_prediction({**line, "close": True}, 3).close


@pytest.mark.parametrize("value", [1, 0, "true", None, []])
def test_close_is_true_or_false(value):
    line = {"type": "prediction", "id": "a", "label": 0, "top": [[0, 1]], "close": value}
    with pytest.raises(parse.MalformedError, match="where true or false goes"):
        parse.read_prediction(line, 3)


@pytest.mark.parametrize("value", [-1, "1", True, None, math.inf, 10**400])
def test_a_scale_is_a_finite_number_from_0(value):
    line = {"type": "prediction", "id": "a", "label": 0, "top": [[0, 1]]}
    assert parse.read_prediction({**line, "scale": 2}, 3).scale == 2.0
    with pytest.raises(parse.MalformedError, match="a finite number from 0"):
        parse.read_prediction({**line, "scale": value}, 3)


def test_an_item_that_cannot_be_read_is_close_only_behind_a_guard():
    line = {"type": "prediction", "id": "a", "label": 0, "error": "gone", "close": True}
    with pytest.raises(parse.MalformedError, match="is close and has an error"):
        parse.read_prediction(line, 3)
    assert parse.read_prediction(line, 3, guarded=True).close


def test_what_says_nothing_new_is_left_out_of_a_line():
    assert '"close"' not in encode(Prediction("a", 0, ((0, 1.0),)))
    assert '"close":true' in encode(Prediction("a", 0, ((0, 1.0),), close=True))
    assert '"disagreement"' not in encode(Opened(1, "0" * 64, "net", "1"))
    assert '"disagreement":4e-05' in encode(Opened(1, "0" * 64, "net", "1", disagreement=4e-5))
