"""The recognizer's end of the pipe, with a recognizer that needs no network."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Open, Opened, Prediction, fingerprint
from sphinx_modelzoo.recognizers import serve as pipe
from sphinx_modelzoo.recognizers.serve import Note, serve

ITEMS = [("a", 0), ("b ö", 1), ("c", 1)]
OPEN: dict[str, Any] = {"type": "open", "model": "m", "classes": 2, "data": {"name": "d"}}


class Parrot:
    """Predicts every label; fails where it is told to."""

    def __init__(self, failure: Exception | None = None, wait: float = 0.0) -> None:
        self.failure = failure
        self.wait = wait
        self.request: Open | None = None
        self.closed = 0

    def open(self, request: Open, note: Note) -> Opened:
        self.request = request
        note("opening")
        time.sleep(self.wait)
        if isinstance(self.failure, UndecidedError):
            raise self.failure
        return Opened(len(ITEMS), fingerprint(ITEMS), "parrot", "1")

    def items(self) -> Sequence[tuple[str, int]]:
        return ITEMS

    def predict(self, ids: Sequence[str]) -> Iterator[Prediction]:
        for item in ids:
            if self.failure:
                raise self.failure
            yield Prediction(item, dict(ITEMS)[item], ((dict(ITEMS)[item], 0.5),))

    def close(self) -> None:
        self.closed += 1


def talk(*requests: Any, parrot: Parrot | None = None) -> tuple[int, list[dict[str, Any]]]:
    lines = [item if isinstance(item, str) else json.dumps(item) + "\n" for item in requests]
    answers = io.StringIO()
    recognizer = parrot or Parrot()
    status = serve(lambda: recognizer, lines, answers)
    return status, [json.loads(line) for line in answers.getvalue().splitlines()]


def error(*requests: Any, parrot: Parrot | None = None) -> str:
    status, answers = talk(*requests, parrot=parrot)
    assert status == 1
    assert answers[-1]["type"] == "error"
    return answers[-1]["message"]


def test_a_whole_session():
    parrot = Parrot()
    status, answers = talk(
        OPEN,
        {"type": "items", "start": 1, "count": 5},
        {"type": "predict", "ids": ["c", "a"]},
        {"type": "close"},
        "this is not read any more",
        parrot=parrot,
    )
    assert status == 0
    assert [answer["type"] for answer in answers] == [
        *("note", "opened", "items", "prediction", "prediction", "closed")
    ]
    assert answers[1]["fingerprint"] == fingerprint(ITEMS)
    assert answers[2]["items"] == [["b ö", 1], ["c", 1]]
    assert [(answer["id"], answer["top"]) for answer in answers[3:5]] == [
        ("c", [[1, 0.5]]),
        ("a", [[0, 0.5]]),
    ]
    assert parrot.closed == 1


def test_the_end_of_the_requests_ends_quietly_and_closes():
    parrot = Parrot()
    status, answers = talk(OPEN, "\n", parrot=parrot)
    assert (status, answers[-1]["type"], parrot.closed) == (0, "opened", 1)


def test_open_gives_every_field_to_the_recognizer():
    parrot = Parrot()
    data = {"name": "d", "root": "/r", "list": "/l", "media": "frames", "template": "%d.png"}
    more = {"architecture": "net", "hashtag": "12345678", "weights": "/w", "sha1": "1"}
    more |= {"sha256": "2", "offline": True, "protocol": {"segments": 3, "mode": "x"}, "pipe": 1}
    talk(OPEN | {"data": data} | more, parrot=parrot)
    request = parrot.request
    assert request is not None
    assert (request.model, request.classes, request.data.template) == ("m", 2, "%d.png")
    assert {name: getattr(request, name) for name in more} == more


def test_a_template_that_is_not_given_is_the_usual_one():
    parrot = Parrot()
    talk(OPEN, parrot=parrot)
    assert parrot.request is not None
    assert parrot.request.data.template == "img_%05d.jpg"
    assert parrot.request.architecture == "m"


@pytest.mark.parametrize(
    ("requests", "message"),
    [
        (["{"], "a request is not JSON"),
        (["[]\n"], "a request is not a JSON object"),
        ([{"type": "dance"}], "unknown request 'dance'"),
        ([{"type": "predict", "ids": ["a"]}], "the first request must be open"),
        ([{"type": "items", "start": 0, "count": 1}], "the first request must be open"),
        ([OPEN, OPEN], "the recognizer is open already"),
        ([OPEN | {"pipe": 2}], "the pipe's version is 1, not 2"),
        ([OPEN | {"classes": "2"}], "open: classes is '2'"),
        ([{"type": "open", "classes": 2}], "open: model is missing"),
        ([OPEN | {"classes": True}], "open: classes is True"),
        ([OPEN | {"protocol": {"segments": 1.5}}], "open: the protocol's segments is neither"),
        ([OPEN, {"type": "items", "start": -1, "count": 1}], "items: start is -1"),
        ([OPEN, {"type": "items", "start": 0}], "items: count is None"),
        ([OPEN, {"type": "predict", "ids": "a"}], "predict wants ids, a list of texts"),
        ([OPEN, {"type": "predict", "ids": ["a", "z"]}], "unknown ids: 'z' (1 of 2)"),
        ([OPEN, {"type": "predict", "ids": ["a", "a"]}], "an id stands twice"),
    ],
)
def test_a_wrong_request_is_an_error_with_its_reason(requests, message):
    assert error(*requests).startswith(message)


def test_an_error_of_the_recognizer_is_told_with_place_and_remedy():
    failure = UndecidedError(Problem("broken", "mend it", "w.params"))
    status, answers = talk(OPEN, parrot=Parrot(failure))
    assert status == 1
    expected = {"message": "w.params: broken", "remedy": "mend it", "type": "error"}
    assert answers[-1] == expected


def test_several_problems_are_told_one_a_line():
    failure = UndecidedError(Problem("one", "x", "l:1"), Problem("two", "y", "l:2"))
    assert error(OPEN, parrot=Parrot(failure)) == "l:1: one; x\nl:2: two; y"


def test_any_other_exception_is_told_and_its_traceback_goes_to_stderr(capsys):
    parrot = Parrot(ZeroDivisionError("by hand"))
    message = error(OPEN, {"type": "predict", "ids": ["a"]}, parrot=parrot)
    assert message == "ZeroDivisionError: by hand"
    assert "Traceback" in capsys.readouterr().err
    assert parrot.closed == 1


def test_long_work_sends_signs_of_life(monkeypatch):
    monkeypatch.setattr(pipe, "NOTE_SECONDS", 0.02)
    _, answers = talk(OPEN, parrot=Parrot(wait=0.3))
    notes = [answer["text"] for answer in answers if answer["type"] == "note"]
    assert notes.count("opening m") >= 3


def test_what_hangs_sends_no_signs_of_life(monkeypatch):
    """So that whoever waits for it gives up in the end."""
    monkeypatch.setattr(pipe, "NOTE_SECONDS", 0.02)
    monkeypatch.setattr(pipe, "Work", lambda: SimpleNamespace(goes_on=lambda: False))
    _, answers = talk(OPEN, parrot=Parrot(wait=0.3))
    assert "opening m" not in [answer.get("text") for answer in answers]


def test_the_reader_that_goes_away_ends_the_work():
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    assert serve(Parrot, [json.dumps(OPEN)], Gone()) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
requests = st.one_of(
    st.text(max_size=30).filter(lambda text: "\n" not in text and "\r" not in text),
    json_values,
    st.fixed_dictionaries(
        {"type": st.sampled_from(["open", "items", "predict", "close"])},
        optional=dict.fromkeys(("ids", "start", "count", "model", "classes"), json_values),
    ),
    st.just(OPEN),
    st.just({"type": "items", "start": 0, "count": 2}),
    st.lists(st.sampled_from("abc"), unique=True).map(lambda ids: {"type": "predict", "ids": ids}),
)


@given(st.lists(requests, max_size=6))
def test_whatever_comes_every_answer_is_one_line_of_the_protocol(talked):
    status, answers = talk(*talked)
    kinds = [answer["type"] for answer in answers]
    known = {"opened", "items", "prediction", "closed", "note", "error"}
    assert set(kinds) <= known
    assert status == (1 if "error" in kinds else 0)
    assert "error" not in kinds[:-1]
    assert "closed" not in kinds[:-1]
