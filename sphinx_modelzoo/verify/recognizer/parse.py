"""From a recognizer's line to a message whose every field has been looked at."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

from sphinx_modelzoo.pipe.messages import VERSION, Failure, Opened, Prediction, WeightsFile
from sphinx_modelzoo.verify.text import printable

TYPES = ("opened", "items", "prediction", "closed", "note", "error")
_HEX_DIGITS = frozenset("0123456789abcdef")
_REQUIRED = object()


class MalformedError(ValueError):
    """A line that is not a message of the pipe; the text says why."""


def read_message(line: bytes) -> Mapping[str, Any]:
    """Read a line as a JSON object with a known ``type``.

    Raises:
        MalformedError: it is not UTF-8, not JSON, holds NaN, is no object, or of no known type.
    """
    try:
        data = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        reason = f"a line that is not UTF-8: {line[:40]!r}"
        raise MalformedError(reason) from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, MalformedError):
            raise
        reason = f"a line that is not JSON: {_excerpt(line)}"
        raise MalformedError(reason) from error
    if not isinstance(data, dict):
        reason = f"a line that is not a JSON object: {_excerpt(line)}"
        raise MalformedError(reason)
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        reason = f"a message of unknown type {_show(kind)}; known are {', '.join(TYPES)}"
        raise MalformedError(reason)
    return data


def read_opened(data: Mapping[str, Any]) -> Opened:
    """Read an ``opened`` message.

    Raises:
        MalformedError: another version of the pipe, or a field is missing or wrong.
    """
    if data.get("pipe") != VERSION or isinstance(data.get("pipe"), bool):
        reason = f"version {_show(data.get('pipe'))} of the pipe, where {VERSION} is spoken"
        raise MalformedError(reason)
    environment = data.get("environment", {})
    if not isinstance(environment, dict) or not all(
        isinstance(value, str) for value in environment.values()
    ):
        raise _wrong(data, "environment", "an object of texts")
    weights = data.get("weights")
    if weights is not None and not isinstance(weights, dict):
        raise _wrong(data, "weights", "an object or null")
    return Opened(
        items=_whole(data, "items"),
        fingerprint=_digest(data, "fingerprint", 64),
        recognizer=printable(_text(data, "recognizer")),
        version=printable(_text(data, "version")),
        weights=None if weights is None else _weights(weights),
        environment={printable(key): printable(value) for key, value in environment.items()},
        disagreement=_disagreement(data),
    )


def read_items(data: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Read the ids and labels of an ``items`` message.

    Raises:
        MalformedError: a pair is not an id and a label.
    """
    pairs = data.get("items")
    if not isinstance(pairs, list):
        raise _wrong(data, "items", "an array of [id, label]")
    items = []
    for pair in pairs:
        match pair:
            case [str(item), int(label)] if _is_id(item) and type(label) is int and label >= 0:
                items.append((item, label))
            case _:
                reason = f"an item {_show(pair)} that is not [id, label]"
                raise MalformedError(reason)
    return items


def read_prediction(data: Mapping[str, Any], classes: int, *, guarded: bool = False) -> Prediction:
    """Read a ``prediction`` message: either the best classes with scores, or an error's text.

    Args:
        data: The message.
        classes: The number of classes.
        guarded: Whether it has been through a parity guard, which marks as close what no reference
            could decide, with an error.

    Raises:
        MalformedError: a field is missing or wrong, a class is not in 0..classes-1 or stands
            twice, a score is not finite or higher than one before it.
    """
    item = _text(data, "id")
    label = _whole(data, "label")
    error = _text(data, "error", default="")
    close = data.get("close", False)
    if not isinstance(close, bool):
        raise _wrong(data, "close", "true or false")
    top = data.get("top", [])
    if not isinstance(top, list):
        raise _wrong(data, "top", "an array of [class, score]")
    if error and top:
        reason = f"a prediction of {_show(item)} with both classes and an error"
        raise MalformedError(reason)
    if not error and not top:
        reason = f"a prediction of {_show(item)} with neither classes nor an error"
        raise MalformedError(reason)
    if error and close and not guarded:
        reason = f"a prediction of {_show(item)} that is close and has an error"
        raise MalformedError(reason)
    views = _views(data, item, classes)
    scale = _scale(data)
    return Prediction(item, label, _top(top, item, classes), printable(error), views, close, scale)


def read_failure(data: Mapping[str, Any]) -> Failure:
    """Read an ``error`` message.

    Raises:
        MalformedError: it has no text.
    """
    remedy = printable(_text(data, "remedy", default=""), limit=1000)
    return Failure(printable(_text(data, "message"), limit=2000), remedy)


def read_note(data: Mapping[str, Any]) -> str:
    """Give the text of a ``note`` message; anything may stand there."""
    text = data.get("text")
    return printable(text) if isinstance(text, str) else ""


def _is_id(text: str) -> bool:
    """Tell whether text can name an item: on one line, since digests are made line by line."""
    return bool(text) and text.isprintable()


def _top(pairs: list[Any], item: str, classes: int) -> tuple[tuple[int, float], ...]:
    top: list[tuple[int, float]] = []
    seen: set[int] = set()
    last = math.inf
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 - a pair
            reason = f"a prediction of {_show(item)} with {_show(pair)} where [class, score] goes"
            raise MalformedError(reason)
        index, score = pair
        if type(index) is not int or not 0 <= index < classes:
            reason = f"class {_show(index)} for {_show(item)}, not one of 0 to {classes - 1}"
            raise MalformedError(reason)
        if index in seen:
            reason = f"class {index} twice for {_show(item)}"
            raise MalformedError(reason)
        value = _score(score, item)
        if value > last:
            reason = (
                f"scores for {_show(item)} that rise from {last:g} to {value:g}; the best go first"
            )
            raise MalformedError(reason)
        seen.add(index)
        top.append((index, value))
        last = value
    return tuple(top)


def _views(
    data: Mapping[str, Any], item: str, classes: int
) -> tuple[tuple[tuple[int, float], ...], ...]:
    views = data.get("views", [])
    if not isinstance(views, list) or not all(isinstance(view, list) for view in views):
        raise _wrong(data, "views", "an array with an array of [class, score] for each view")
    return tuple(_top(view, item, classes) for view in views)


def _score(score: Any, item: str) -> float:
    if type(score) not in {int, float}:
        reason = f"score {_show(score)} for {_show(item)}, which is no number"
        raise MalformedError(reason)
    try:
        value = float(score)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        reason = f"score {value} for {_show(item)}, which is not finite"
        raise MalformedError(reason)
    return value


def _weights(data: Mapping[str, Any]) -> WeightsFile:
    return WeightsFile(
        file=printable(_text(data, "file")),
        size=_whole(data, "size"),
        sha1=_digest(data, "sha1", 40),
        sha256=_digest(data, "sha256", 64),
        parameters=_whole(data, "parameters"),
    )


def _text(data: Mapping[str, Any], key: str, default: Any = _REQUIRED) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or (default is _REQUIRED and not value):
        raise _wrong(data, key, "text")
    return value


def _whole(data: Mapping[str, Any], key: str) -> int:
    value = data.get(key)
    if type(value) is not int or value < 0:
        raise _wrong(data, key, "a whole number from 0")
    return value


def _disagreement(data: Mapping[str, Any]) -> float:
    value = data.get("disagreement", 0.0)
    if type(value) not in {int, float} or not 0 <= value < 1:
        raise _wrong(data, "disagreement", "a number from 0 to below 1")
    return float(value)


def _scale(data: Mapping[str, Any]) -> float:
    value = data.get("scale", 0.0)
    # A whole number may be larger than any float.
    if type(value) not in {int, float} or not 0 <= value <= sys.float_info.max:
        raise _wrong(data, "scale", "a finite number from 0")
    return float(value)


def _digest(data: Mapping[str, Any], key: str, digits: int) -> str:
    value = data.get(key)
    if not isinstance(value, str) or len(value) != digits or not _HEX_DIGITS.issuperset(value):
        raise _wrong(data, key, f"{digits} hexadecimal digits in lower case")
    return value


def _wrong(data: Mapping[str, Any], key: str, expected: str) -> MalformedError:
    found = f"{_show(data[key])} in" if key in data else "no"
    message = data.get("type", "weights")
    return MalformedError(f"{found} {key!r} of a message {message!r}, where {expected} goes")


def _refuse_constant(name: str) -> NoReturn:
    reason = f"{name}, which is no number of JSON"
    raise MalformedError(reason)


def _show(value: Any) -> str:
    return printable(ascii(value), limit=80)


def _excerpt(line: bytes) -> str:
    return repr(printable(line[:200].decode("utf-8", "replace"), limit=80))
