"""Evidence line by line: what it is of, and the one way to write an item's prediction."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sphinx_modelzoo.pipe.messages import Prediction

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """What evidence is of, and how it was made.

    ``items`` is the number of items and ``fingerprint`` that of their list; ``weights`` is the
    SHA-256 of the weights' file, ``recognizer`` the program with its version, ``settings`` the
    protocol's. ``files`` is the digest of the items' files, where it was asked for.
    ``predictions`` is the SHA-256 of the items' lines: what a receipt of the same run calls so.
    ``disagreement`` is by how much the scores may differ from those of a reference, and ``engine``
    what they were computed with; both are left out of the line where they are the reference's own.
    """

    name: str
    hashtag: str
    dataset: str
    protocol: str
    classes: int
    items: int
    fingerprint: str
    recognizer: str
    predictions: str
    weights: str = ""
    files: str = ""
    settings: Mapping[str, int | str] = field(default_factory=dict)
    engine: str = ""
    disagreement: float = 0.0


def head_line(origin: Origin) -> bytes:
    """Give the first line of evidence, newline included."""
    fields = {"evidence": FORMAT, **asdict(origin)}
    for name in ("engine", "disagreement"):
        if not fields[name]:
            del fields[name]
    text = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def read_head_line(line: bytes) -> Origin:
    """Read what :func:`head_line` wrote.

    Raises:
        ValueError: it is anything else, to the byte.
    """
    try:
        data = json.loads(line)
        if isinstance(data, dict) and data.pop("evidence", None) == FORMAT:
            origin = Origin(**data)
            if _sound(origin) and head_line(origin) == line:
                return origin
    except (TypeError, RecursionError) as error:
        raise ValueError(line) from error
    raise ValueError(line)


def item_key(item: str) -> bytes:
    """Give what the lines of items are sorted by."""
    return json.dumps(item, ensure_ascii=True).encode()


def item_line(prediction: Prediction) -> bytes:
    """Give a prediction as the one line of JSON that stands for it, newline included.

    An array of the id, the label, the best classes with their scores, and the error; where there is
    anything to say of them then the same of each view; and ``true`` where the scores were close.
    """
    top = [[index, float(score)] for index, score in prediction.top]
    fields: list[Any] = [prediction.id, prediction.label, top, prediction.error]
    if prediction.views or prediction.close:
        fields.append(
            [[[index, float(score)] for index, score in view] for view in prediction.views]
        )
    if prediction.close:
        fields.append(True)
    text = json.dumps(fields, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"


def read_item_line(line: bytes) -> Prediction | None:
    """Read what :func:`item_line` wrote; None where it is anything else, to the byte."""
    try:
        item, label, top, error, *rest = json.loads(line)
        views = tuple(_pairs(view) for view in rest[0]) if rest else ()
        prediction = Prediction(item, label, _pairs(top), error, views, rest[1:] == [True])
        sound = isinstance(item, str) and type(label) is int and isinstance(error, str)
        sound = sound and bool(error) != bool(top)
        return prediction if sound and item_line(prediction) == line else None
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None


def is_correct(prediction: Prediction, label: int, top: int) -> bool:
    """Tell whether a label is among a prediction's first ``top`` classes."""
    return label in [index for index, _ in prediction.top[:top]]


def _sound(origin: Origin) -> bool:
    """Tell whether every field is of its kind."""
    counts, settings = (origin.classes, origin.items), origin.settings
    no_texts = {"classes", "items", "settings", "disagreement"}
    texts = {k: v for k, v in asdict(origin).items() if k not in no_texts}
    return (
        all(type(count) is int and count >= 0 for count in counts)
        and all(isinstance(text, str) for text in texts.values())
        and type(origin.disagreement) is float
        and 0 <= origin.disagreement < 1
        and isinstance(settings, dict)
        and all(type(value) in {int, str} for value in settings.values())
    )


def _pairs(pairs: Any) -> tuple[tuple[int, float], ...]:
    made = tuple((index, score) for index, score in pairs)
    for index, score in made:
        if type(index) is not int or type(score) is not float or not math.isfinite(score):
            message = f"{index!r}, {score!r} is no class with a score"
            raise ValueError(message)
    return made
