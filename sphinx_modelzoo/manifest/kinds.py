"""Kinds of scalar: the text that stands in the manifest, converted by its field's type."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

_PREFIXES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of scalar.

    ``expects`` says what to write, for messages and the reference; ``convert`` gives the value, or
    None where the text is not of this kind. ``words`` are all texts of a kind that has few.
    """

    name: str
    expects: str
    convert: Callable[[str], Any]
    words: tuple[str, ...] = ()

    @property
    def name_with_article(self) -> str:
        """The kind's name as a message says it."""
        return f"an {self.name}" if self.name[0] in "aeS" else f"a {self.name}"


def _text(text: str) -> str | None:
    return text if text.strip() and text.isprintable() else None


def _prose(text: str) -> str | None:
    return text.strip() or None


def _flag(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _positive(text: str) -> int | None:
    return _whole(text) or None


def _date(text: str) -> str | None:
    """Give a year, a month or a day that exists, in the form of ISO 8601."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    try:
        date(*(int(part or 1) for part in match.groups())) if match else None
    except ValueError:
        return None
    return text if match else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?", text) else None


def number_value(text: str) -> Decimal | None:
    """Give the value of a listed number: digits, perhaps a sign, and K, M, G, B or T after them."""
    match = re.fullmatch(r"([+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?)([KMGBT]?)", text)
    return Decimal(match[1]) * _PREFIXES[match[2]] if match else None


def _hashtag(text: str) -> str | None:
    return text if re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,79}", text) else None


def _name(text: str) -> str | None:
    return (
        text if text.strip() == text and text.isprintable() and text and "@" not in text else None
    )


def _key(text: str) -> str | None:
    return text if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.+:/-]*", text) else None


def _hex(digits: int) -> Callable[[str], str | None]:
    pattern = re.compile(rf"[0-9a-fA-F]{{{digits}}}")
    return lambda text: text.lower() if pattern.fullmatch(text) else None


def _url(text: str) -> str | None:
    return text if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", text) else None


def _url_template(text: str) -> str | None:
    return text if re.fullmatch(r"(https?://|\{)[^\s<>\"|\\^`]+", text) else None


def _path(text: str) -> str | None:
    """Give a relative path that stays inside its folder."""
    path = PurePosixPath(text)
    inside = not path.is_absolute() and ".." not in path.parts
    plain = text.isprintable() and "\\" not in text and not PureWindowsPath(text).drive
    return text if text.strip() and inside and plain else None


def _weights(text: str) -> str | None:
    return _url_template(text) if "//" in text or text.startswith("{") else _path(text)


TEXT = Kind("line of text", "text on one line", _text)
PROSE = Kind("text", "some text", _prose)
FLAG = Kind("flag", "true or false", _flag)
WHOLE = Kind("whole number", "a whole number, such as 224", _whole)
POSITIVE = Kind("positive number", "a whole number from 1, such as 224", _positive)
DATE = Kind("date", "a year, month or day, such as 2020, 2020-05 or 2020-05-31", _date)
DECIMAL = Kind("decimal", "a number, such as 0.25", _decimal)
HASHTAG = Kind("hashtag", "letters and digits, such as d6dc1bba", _hashtag)
NAME = Kind("name", "a name without @, such as vgg16_ucf101", _name)
KEY = Kind("key", "one of the keys declared above, such as ucf101", _key)
WORD = Kind("plain word", "a plain word, such as gluoncv-action", _key)
SHA1 = Kind("SHA-1", "40 hexadecimal digits", _hex(40))
SHA256 = Kind("SHA-256", "64 hexadecimal digits", _hex(64))
URL = Kind("address", "an address that begins with https:// or http://", _url)
URL_TEMPLATE = Kind("address", 'an https:// address, such as "{base}/{log}.sh"', _url_template)
WEIGHTS = Kind(
    "path or address",
    "a path beside the manifest without .., or an https:// address",
    _weights,
)
PATH = Kind("path", "a path beside the manifest, without .. and not absolute", _path)


def choice(*words: str) -> Kind:
    """Make the kind that is one of a few words."""
    return Kind(
        "word that is known here",
        " or ".join(words),
        lambda text: text if text in words else None,
        words,
    )
