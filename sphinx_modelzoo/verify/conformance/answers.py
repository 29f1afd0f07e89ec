"""Checks of what a recognizer answers: its items, and predictions that depend on nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sphinx_modelzoo.pipe.digests import digests
from sphinx_modelzoo.pipe.messages import fingerprint
from sphinx_modelzoo.verify.conformance.bench import Bench, leave_untried
from sphinx_modelzoo.verify.conformance.session import FaultError, Predictions
from sphinx_modelzoo.verify.recognizer.guarded import is_near

LARGE = 1 << 20  # bytes of a large request: many times what a pipe holds
PAGE = 1000
_LATER: dict[str, Any] = {"field_of_a_later_version": {"any": [1, "value"]}}


def opens(bench: Bench) -> None:
    """It answers ``open`` with ``opened``, and has items."""
    with bench.at_work():
        if bench.opened is None or not bench.opened.items:
            what = "opened no items"
            raise FaultError(what, "let it read the list that it is given")
        if bench.subject.labels is not None:
            bench.learn(bench.subject.labels)


def items(bench: Bench) -> None:
    """It lists each of its items once, as many at a time as it is asked for."""
    with bench.at_work() as session:
        total = bench.opened.items if bench.opened else 0
        listed: list[tuple[str, int]] = []
        for size in _pages(total):
            page = session.items(len(listed), size)
            if len(page) != size:
                what = f"listed {len(page)} items where {size} were asked for"
                raise FaultError(what, "give the items from 'start' on, 'count' of them")
            listed += page
        labels = dict(listed)
        if len(labels) < total:
            what = f"listed an item twice among its {total}"
            raise FaultError(what, "list each item once, in the same order at each request")
        ours = bench.subject.labels
        if ours is None:
            bench.learn(labels)
        elif labels != ours:
            item = next(
                each for each in sorted(labels.keys() | ours) if labels.get(each) != ours.get(each)
            )
            what = f"lists {item!r} with {labels.get(item)}, and the list has {ours.get(item)}"
            raise FaultError(what, "give ids and labels as they are written in the list")


def _pages(total: int) -> list[int]:
    """Give sizes of pages that make up all items, small ones first."""
    sizes: list[int] = []
    while (left := total - sum(sizes)) > 0:
        sizes.append(min(left, len(sizes) + 1 if len(sizes) < 3 else PAGE))  # noqa: PLR2004 - a few
    return sizes


def fingerprints(bench: Bench) -> None:
    """Its number of items and their fingerprint are those of the list."""
    bench.need_items()
    opened = bench.opened
    if opened is None or opened.items != len(bench.labels):
        what = f"opened {opened.items if opened else 0} items; there are {len(bench.labels)}"
        raise FaultError(what, "let it read the list that it is given")
    ours = fingerprint(bench.labels.items())
    if opened.fingerprint != ours:
        what = f"gives the fingerprint {opened.fingerprint[:12]}…, where {ours[:12]}… is right"
        remedy = "it is the SHA-256 of the lines 'id TAB label NEWLINE', sorted by their bytes"
        raise FaultError(what, remedy)


def weights(bench: Bench) -> None:
    """It says which weights it loaded: the file's name, size and digests."""
    request, opened = bench.subject.request, bench.opened
    if not (request.weights or request.hashtag):
        leave_untried("the entry has neither weights nor a hashtag", "give it one of them")
    if opened is None or opened.weights is None:
        what = "does not say which weights it loaded"
        raise FaultError(what, "give their file, size, digests and parameters in 'opened'")
    if not request.weights:
        return
    path = Path(request.weights)
    found = (opened.weights.file, opened.weights.size, opened.weights.sha1, opened.weights.sha256)
    if found != (path.name, path.stat().st_size, *digests(path)):
        what = f"describes other weights than {path.name}, which it was given"
        raise FaultError(what, "take name, size and digests from the file that is loaded")


def predicts(bench: Bench) -> None:
    """It predicts items, each with enough classes, or says what is wrong with them."""
    bench.need_items()
    with bench.at_work() as session:
        found = bench.predict(session, bench.ids)
        needed = min(bench.subject.needed, bench.subject.request.classes)
        for item, prediction in found.items():
            if not prediction.error and len(prediction.top) < needed:
                what = f"gives {item!r} {len(prediction.top)} classes; the metrics look at {needed}"
                raise FaultError(what, "give more of the best classes, or all")
        if all(prediction.error for prediction in found.values()):
            what = f"can read none of the items: {found[bench.ids[0]].error}"
            raise FaultError(what, "see that it finds them below 'root'")
        bench.predictions = found


def close_calls(bench: Bench) -> None:
    """It calls items close where its stated disagreement makes their first class uncertain."""
    bench.need_predictions()
    disagreement = bench.opened.disagreement if bench.opened else 0.0
    for item, prediction in bench.predictions.items():
        if prediction.close and not disagreement:
            what = f"calls {item!r} close, and states no disagreement"
            raise FaultError(what, "state in 'opened' how far its scores may be off, or leave both")
        if disagreement and not prediction.close and is_near(prediction, 1, disagreement):
            (_, first), (_, second) = prediction.top[:2]
            what = (
                f"does not call {item!r} close, whose best scores {first:g} and {second:g} may "
                f"stand the other way round within its disagreement of {disagreement:g}"
            )
            raise FaultError(what, 'write "close": true into such a prediction')


def repeats(bench: Bench) -> None:
    """It predicts an item in the same way again."""
    bench.need_predictions()
    with bench.at_work() as session:
        bench.compare(bench.predict(session, bench.ids), "when it is asked again")


def order(bench: Bench) -> None:
    """Its predictions depend neither on the order nor on what is asked for together."""
    bench.need_predictions()
    with bench.at_work() as session:
        one_by_one: Predictions = {}
        for item in reversed(bench.ids):
            one_by_one |= bench.predict(session, (item,))
        bench.compare(one_by_one, "when it is asked for alone")
        backwards = bench.predict(session, tuple(reversed(bench.ids)))
        bench.compare(backwards, "in another order")


def fresh_process(bench: Bench) -> None:
    """It predicts an item in the same way when it is started again."""
    bench.need_predictions()
    with bench.opened_anew() as session:
        backwards = bench.predict(session, tuple(reversed(bench.ids)))
        bench.compare(backwards, "in another process")


def unknown_fields(bench: Bench) -> None:
    """It passes over fields that it does not know, as later versions may add them."""
    bench.need_predictions()
    request = asdict(bench.subject.request)
    request["data"] |= _LATER
    with bench.started() as session:
        session.open(request | _LATER)
        asked = {"type": "predict", "ids": bench.ids[:1]} | _LATER
        bench.compare(bench.predict(session, bench.ids[:1], asked), "with an unknown field")


def large_request(bench: Bench) -> None:
    """It reads a request of a megabyte."""
    bench.need_predictions()
    asked = json.dumps({"type": "predict", "ids": bench.ids[:1]})
    padded = asked.replace(",", "," + LARGE * " ", 1) + "\n"
    with bench.at_work() as session:
        bench.compare(bench.predict(session, bench.ids[:1], padded), "in a large request")


def requests_ahead(bench: Bench) -> None:
    """It answers requests that were written before the answers to earlier ones were read."""
    bench.need_predictions()
    with bench.at_work() as session:
        for item in bench.ids:
            session.send({"type": "predict", "ids": [item]})
        found = session.predictions(bench.ids, bench.subject.request.classes)
        bench.compare(found, "when requests are written ahead")
