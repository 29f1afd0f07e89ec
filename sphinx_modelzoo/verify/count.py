"""Counting predictions: which items are correct, and the digest of all that was seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sphinx_modelzoo.errors import Problem, UndecidedError
from sphinx_modelzoo.pipe.messages import Prediction


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted over ``n`` readable items.

    ``correct`` gives for each k how many items had their label among their first k classes;
    ``unreadable`` the ids of the other items with what was wrong; ``digest`` is that of all
    predictions, in hex.
    """

    n: int
    correct: Mapping[int, int]
    unreadable: Mapping[str, str]
    digest: str


def seeded_order(ids: Iterable[str], seed: str) -> list[str]:
    """Order items by SHA-256 of ``seed|id``: an order that no one chose, the same every time."""
    return sorted(ids, key=lambda item: (hashlib.sha256(f"{seed}|{item}".encode()).digest(), item))


def count(predictions: Iterable[Prediction], tops: Collection[int], classes: int) -> Counts:
    """Count predictions, whatever their order.

    Args:
        predictions: One for each item, each id once.
        tops: The k of each metric: an item is correct when its label is among the first k.
        classes: The number of classes.

    Raises:
        UndecidedError: a prediction offers fewer classes than a metric looks at, or an id comes
            twice.
    """
    correct = dict.fromkeys(tops, 0)
    unreadable: dict[str, str] = {}
    lines: dict[str, bytes] = {}
    needed = min(max(tops, default=0), classes)
    for prediction in predictions:
        if prediction.id in lines:
            what = f"the item {prediction.id!r} was predicted twice"
            raise UndecidedError(Problem(what, "each item counts once; correct the recognizer"))
        lines[prediction.id] = canonical_line(prediction)
        if prediction.error:
            unreadable[prediction.id] = prediction.error
            continue
        if len(prediction.top) < needed:
            raise _too_few(prediction, needed)
        best = [index for index, _ in prediction.top]
        for top in tops:
            correct[top] += prediction.label in best[:top]
    digest = hashlib.sha256(b"".join(sorted(lines.values()))).hexdigest()
    ordered = {item: unreadable[item] for item in sorted(unreadable)}
    return Counts(len(lines) - len(unreadable), correct, ordered, digest)


def canonical_line(prediction: Prediction) -> bytes:
    """Give a prediction as the one line of JSON that stands for it in the digest."""
    top = [[index, float(score)] for index, score in prediction.top]
    fields = [prediction.id, prediction.label, top, prediction.error]
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _too_few(prediction: Prediction, needed: int) -> UndecidedError:
    what = (
        f"the prediction of {prediction.id!r} offers {len(prediction.top)} classes, where the "
        f"metrics look at the best {needed}"
    )
    return UndecidedError(Problem(what, f"let the recognizer give at least {needed} classes"))
