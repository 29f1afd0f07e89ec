"""The parity guard with real processes, and its timing with recognizers in this one."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sphinx_modelzoo.errors import UndecidedError
from sphinx_modelzoo.pipe.messages import DataSource, Open, Opened, Prediction, WeightsFile
from sphinx_modelzoo.verify.recognizer.guarded import (
    IDLE_SECONDS,
    WAIT_SECONDS,
    Guarded,
    difference,
)
from sphinx_modelzoo.verify.recognizer.pipe import PIECE, Recognizer
from sphinx_modelzoo.verify.recognizer.process import Command
from sphinx_modelzoo.verify.recognizer.start import start_recognizer

NOISY = Path(__file__).with_name("noisy_recognizer.py")
REQUEST = Open("net", "net", "", 8, DataSource("clips"), {})
NOISE = "0.001"
ITEMS = 200


def command(*arguments, reference=None):
    argv = (sys.executable, str(NOISY), *arguments)
    if reference is not None:
        reference = Command("fast (reference)", (sys.executable, str(NOISY), "0", *reference))
    return Command("fast", argv, reference=reference)


def predicted(started, tops=(1, 5)):
    with start_recognizer(started, tops, timeout=10) as recognizer:
        opened = recognizer.open(REQUEST)
        labels = recognizer.items(opened.items)
        found = {each.id: each for each in recognizer.predict(labels)}
        assert recognizer.close() == ""
    assert list(labels) == sorted(found)
    return found


@pytest.fixture(scope="module")
def truth():
    return predicted(command("0"))


def best(predictions, top):
    return {item: {index for index, _ in each.top[:top]} for item, each in predictions.items()}


@pytest.mark.parametrize("fault", ["", "gives-all"])
def test_first_and_first_five_classes_are_the_references_on_every_item(truth, fault):
    alone = {}
    with Recognizer(command(NOISE, fault), timeout=10) as recognizer:
        recognizer.open(REQUEST)
        labels = {item: each.label for item, each in truth.items()}
        alone = {each.id: each for each in recognizer.predict(labels)}
    assert best(alone, 1) != best(truth, 1)
    assert best(alone, 5) != best(truth, 5)

    found = predicted(command(NOISE, fault, reference=()))
    assert best(found, 1) == best(truth, 1)
    assert best(found, 5) == best(truth, 5)
    again = {item for item, each in found.items() if each.close}
    assert 0.15 * ITEMS < len(again) < 0.6 * ITEMS
    for item, each in found.items():
        # A close item has the reference's scores to the last bit, another its own.
        assert (each.top == truth[item].top) == (item in again)


def test_what_a_metric_looks_at_is_guarded_whatever_the_recognizer_calls_close(truth):
    # It gives all classes and calls nothing close: a metric of the best two has its own margins.
    found = predicted(command(NOISE, "gives-all", reference=()), tops=(2,))
    assert best(found, 2) == best(truth, 2)
    assert best(found, 5) != best(truth, 5)


@pytest.mark.parametrize(
    ("tops", "classes", "again"),
    [
        # It looks at the first and the fifth margin itself, and shows that behind the third.
        ((1, 5), 5, []),
        ((3,), 5, []),
        ((3,), 4, []),
        ((3,), 3, ["a"]),
        ((6,), 6, ["a"]),
        ((8,), 8, []),
    ],
)
def test_a_margin_that_nobody_sees_may_be_a_close_one(tops, classes, again):
    scores = {"a": [8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]}
    fast, reference = Stub(scores, 0.001), Stub(scores, 0.0)
    fast.classes = reference.classes = classes
    [found] = stubbed(fast, reference, tops=tops).predict({"a": 0})
    assert [item for asked in reference.asked for item in asked] == again
    assert found.close == bool(again)


def test_a_recognizer_without_a_disagreement_is_left_alone(truth):
    broken = Command("fast (reference)", ("/nowhere/python",))
    found = predicted(Command("fast", (sys.executable, str(NOISY), "0"), reference=broken))
    assert found == truth
    assert not any(each.close for each in found.values())


def test_without_a_reference_a_close_item_has_an_error():
    found = predicted(command(NOISE))
    close = {item: each for item, each in found.items() if each.close}
    assert 0.15 * ITEMS < len(close) < 0.6 * ITEMS
    assert {each.error for each in close.values()} == {"its scores are too close for fast"}
    assert not any(each.top for each in close.values())
    assert all(each.top and not each.error for item, each in found.items() if item not in close)


def test_a_recognizer_that_calls_items_close_states_how_far_it_may_be_off():
    with start_recognizer(command(NOISE, "states-nothing"), (1,), timeout=10) as recognizer:
        recognizer.open(REQUEST)
        with pytest.raises(UndecidedError, match=r"'fast' calls 'own.* has stated no disagreement"):
            list(recognizer.predict(recognizer.items(ITEMS)))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("dies-at-start", r"recognizer 'fast \(reference\)' ended with status 1 before it answere"),
        ("babbles", r"recognizer 'fast \(reference\)' answered with a line that is not JSON"),
        ("hangs", r"recognizer 'fast \(reference\)' was silent for 2 seconds before it answered"),
        ("killed", r"recognizer 'fast \(reference\)' was killed \(signal 9, SIGKILL\) with"),
        ("other-items", r"recognizer 'fast \(reference\)' has other items than 'fast'; let it"),
        ("other-weights", r"'fast \(reference\)' loaded other weights than 'fast': those with SHA"),
        ("no-weights", r"'fast \(reference\)' loaded other weights than 'fast': none that it nam"),
        ("states-one", r"'fast \(reference\)' states a disagreement of its own, 0\.001; "),
        ("calls-all-close", r"'fast \(reference\)' calls 'own\d+' close, and has stated no disagr"),
    ],
)
def test_a_fault_of_the_reference_names_the_reference(fault, message):
    started = command(NOISE, reference=(fault,))
    with start_recognizer(started, (1,), timeout=2) as recognizer:
        recognizer.open(REQUEST)
        labels = recognizer.items(ITEMS)
        with pytest.raises(UndecidedError, match=message):
            list(recognizer.predict(labels))


def test_a_reference_that_is_farther_off_than_was_said_ends_the_run():
    with start_recognizer(command(NOISE, reference=("far",)), (1,), timeout=10) as recognizer:
        recognizer.open(REQUEST)
        labels = recognizer.items(ITEMS)
        with pytest.raises(UndecidedError) as caught:
            list(recognizer.predict(labels))
    text = str(caught.value)
    assert text.startswith("recognizer 'fast' and its reference differ by 0.0")
    assert " of the largest score of 'own" in text
    assert "where it says that they differ by 0.001 at most; " in text


def test_an_item_that_only_the_reference_cannot_read_has_an_error():
    found = predicted(command(NOISE, reference=("unreadable",)))
    errors = {each.error for each in found.values() if each.error}
    assert all(
        error.startswith("recognizer 'fast (reference)' cannot read it: ") for error in errors
    )
    assert 0.15 * ITEMS < len(errors) < 0.6 * ITEMS


def interrupt(predictions):
    for each in predictions:
        if each.close:
            raise KeyboardInterrupt


@pytest.mark.parametrize("fault", [KeyboardInterrupt, None])
def test_both_processes_are_gone_afterwards(fault, tmp_path, monkeypatch):
    monkeypatch.setenv("NOISY_PIDS", str(tmp_path))
    expected = pytest.raises(fault) if fault else nullcontext()
    with expected, start_recognizer(command(NOISE, reference=()), (1,), timeout=10) as recognizer:
        recognizer.open(REQUEST)
        predictions = recognizer.predict(recognizer.items(ITEMS))
        if fault:
            interrupt(predictions)
        list(predictions)
    started = [path.name.split("-") for path in tmp_path.iterdir()]
    assert sorted(noise for _, noise in started) == ["0", NOISE]
    for pid, _ in started:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


def test_what_ends_badly_is_warned_of():
    started = command(NOISE, "ends-badly", reference=("ends-badly",))
    with start_recognizer(started, (1,), timeout=10) as recognizer:
        recognizer.open(REQUEST)
        list(recognizer.predict(recognizer.items(ITEMS)))
        warning = recognizer.close()
    assert warning == (
        "recognizer 'fast' ended with status 9 after all its work was done; "
        "recognizer 'fast (reference)' ended with status 9 after all its work was done"
    )


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Stub:
    """A recognizer in this process: its scores by item, and ``step`` is called before each."""

    def __init__(self, scores, disagreement, step=lambda: None):
        self.scores, self.disagreement, self.step = scores, disagreement, step
        self.classes, self.asked, self.ended, self.scale = 6, [], 0, 0.0

    def __exit__(self, *_):
        self.ended += 1

    def open(self, _):
        weights = WeightsFile("w", 1, "0" * 40, "0" * 64, 1)
        count = len(self.scores)
        return Opened(count, "0" * 64, "stub", "1", weights, disagreement=self.disagreement)

    def predict(self, labels, order=None):
        ids = tuple(labels) if order is None else order
        self.asked.append(ids)
        for item in ids:
            self.step()
            best = ranked(self.scores[item], self.classes)
            yield Prediction(item, labels[item], best, scale=self.scale)

    def close(self):
        return ""


def ranked(scores, count):
    order = sorted(range(len(scores)), key=lambda index: (-scores[index], index))
    return tuple((index, scores[index]) for index in order[:count])


SAME = {"fast": ("python", "fast"), "slow": ("python", "slow")}


def stubbed(fast, reference, *, clock=lambda: 0.0, argv=SAME, note=None, tops=(1, 5)):
    made = Command("fast", argv["fast"], reference=Command("slow", argv["slow"]))
    stubs = {"fast": fast, "slow": reference}
    recognizer = Guarded(made, lambda started: stubs[started.name], tops, note=note, clock=clock)
    recognizer.open(REQUEST)
    return recognizer


CLOSE, CLEAR = [1.0, 1.0, 0.5, 0.4, 0.3, 0.1], [1.0, 0.8, 0.5, 0.4, 0.3, 0.1]


def test_a_close_item_waits_for_a_piece_of_others_at_most():
    ids = [f"item{number:04}" for number in range(1000)]
    scores = {item: CLOSE if number % 50 == 7 else CLEAR for number, item in enumerate(ids)}
    notes = []
    fast, reference = Stub(scores, 0.01), Stub(scores, 0.0)
    recognizer = stubbed(fast, reference, note=notes.append)
    came = [each.id for each in recognizer.predict(dict.fromkeys(ids, 0))]
    assert sorted(came) == ids
    assert max(came.index(item) - number for number, item in enumerate(ids)) <= PIECE
    # Two at a time, since each second one comes while the first one waits.
    assert [len(asked) for asked in reference.asked] == [2] * 10
    assert notes == ["running 2 items again in slow", ""] * 10


def test_a_close_item_waits_no_longer_than_a_moment_for_slow_ones():
    ids = [f"item{number:02}" for number in range(30)]
    scores = {item: CLOSE if item in ids[3::10] else CLEAR for item in ids}
    clock = Clock()

    def step():
        clock.now += 0.75 * WAIT_SECONDS

    recognizer = stubbed(Stub(scores, 0.01, step), Stub(scores, 0.0), clock=clock)
    came = [each.id for each in recognizer.predict(dict.fromkeys(ids, 0))]
    assert max(came.index(item) - number for number, item in enumerate(ids)) <= 2


def test_a_reference_that_has_nothing_to_do_is_ended_and_started_again():
    ids = [f"item{number:02}" for number in range(40)]
    scores = {item: CLOSE if item in (ids[3], ids[30]) else CLEAR for item in ids}
    clock = Clock()

    def step():
        clock.now += IDLE_SECONDS / 5

    recognizer = stubbed(Stub(scores, 0.01, step), reference := Stub(scores, 0.0), clock=clock)
    ended = {}
    for each in recognizer.predict(dict.fromkeys(ids, 0)):
        ended[each.id] = reference.ended
    assert ended[ids[6]] == 0
    assert ended[ids[12]] == 1
    assert reference.asked == [(ids[3],), (ids[30],)]
    assert reference.ended == 2


def test_where_the_reference_is_another_program_the_first_item_is_predicted_by_both():
    ids = [f"item{number:02}" for number in range(40)]
    scores = dict.fromkeys(ids, CLEAR)
    argv = {"fast": ("/fast/python", "x"), "slow": ("/slow/python", "x")}
    recognizer = stubbed(Stub(scores, 0.01), reference := Stub(scores, 0.0), argv=argv)
    found = list(recognizer.predict(dict.fromkeys(ids, 0)))
    assert reference.asked == [(ids[0],)]
    assert not any(each.close for each in found)
    list(recognizer.predict(dict.fromkeys(ids, 0)))
    assert len(reference.asked) == 1

    others = scores | {ids[0]: [score * 0.9 for score in CLEAR]}  # of other pixels
    recognizer = stubbed(Stub(scores, 0.01), Stub(others, 0.0), argv=argv)
    with pytest.raises(
        UndecidedError, match=r"differ by 0\.1 of the largest score of 'item00', whe"
    ):
        list(recognizer.predict(dict.fromkeys(ids, 0)))


def test_a_disagreement_is_a_share_of_the_scale_where_one_is_given():
    true, fast = [1.0, 0.9, 0.5, 0.4, 0.3, 0.1, -50.0], [0.96, 0.92, 0.5, 0.4, 0.3, 0.1, -50.05]
    recognizer = stubbed(stub := Stub({"a": fast}, 0.001), Stub({"a": true}, 0.0))
    stub.scale = 50.05
    [found] = recognizer.predict({"a": 0})
    assert found.close
    assert found.top[0] == (0, 1.0)

    recognizer = stubbed(stub, Stub({"a": [1.2, *true[1:]]}, 0.0))
    with pytest.raises(UndecidedError, match=r"differ by 0\.0048 of the largest score of 'a'"):
        list(recognizer.predict({"a": 0}))


SCORES = st.lists(
    st.one_of(st.floats(-10, 10), st.sampled_from([1.0, 1.001, 1.002, -1.0, 0.0])),
    min_size=8,
    max_size=8,
)


@given(
    true=SCORES,
    disagreement=st.sampled_from([1e-6, 1e-4, 1e-2, 0.3]),
    shares=st.lists(st.floats(-1, 1), min_size=8, max_size=8),
    classes=st.sampled_from([6, 8]),
)
@example(true=[1.0, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0], disagreement=0.3, shares=[-1, 1] * 4, classes=6)
def test_within_the_stated_disagreement_the_first_classes_are_always_the_references(
    true, disagreement, shares, classes
):
    largest = max(map(abs, true))
    noisy = [
        score + share * disagreement * largest for score, share in zip(true, shares, strict=True)
    ]
    fast, reference = Stub({"a": noisy}, disagreement), Stub({"a": true}, 0.0)
    fast.classes = reference.classes = classes
    fast.scale = largest
    alone = Prediction("a", 0, ranked(noisy, classes), scale=largest)
    assume(difference(alone, Prediction("a", 0, ranked(true, classes))) <= disagreement)
    [found] = stubbed(fast, reference).predict({"a": 0})
    assert found.close == bool(reference.asked)
    for top in (1, 5):
        ours = {index for index, _ in found.top[:top]}
        assert ours == {index for index, _ in ranked(true, classes)[:top]}
