"""Words of foreign files: plain text, keys made from titles, numbers in cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal

from sphinx_modelzoo.manifest.kinds import number_value

_EMPTY = {
    "",
    "na",
    "n/a",
    "n.a.",
    "-",
    "--",
    "---",
    "\u2013",
    "\u2014",
    "/",
    "tbd",
    "tba",
    "nan",
    "?",
}
_MARKS = "*†‡§¶"
_UNIT = r"(?:%|x|\u00d7|ms|s|fps|us|µs|GB|MB|kB|img/s|[KMGBT])"
_NUMBER = re.compile(rf"(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))\s*(?P<unit>{_UNIT})?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]{1,3},[0-9]{1,2}")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,2}")
_PREFIXES = "KMGBT"
_HASH = re.compile(r"[-_]([0-9a-f]{8})(?=[._]|$)")
_DATE = re.compile(r"20[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a cell: ``a/b/c`` in order, or a mean and its deviation (``a±b``).

    ``unit`` is what stands behind them, ``mark`` a footnote's sign, ``deviation`` tells ``a±b``.
    """

    texts: tuple[str, ...]
    unit: str = ""
    mark: str = ""
    deviation: bool = False


def clean(text: str) -> str:
    """Give text on one line: white space joined, what cannot be printed left out."""
    spaced = " ".join(text.replace("\u200b", "").split())
    return "".join(character for character in spaced if character.isprintable())


def is_empty(text: str) -> bool:
    """Tell whether a cell says that there is nothing: empty, ``NA``, a dash."""
    return text.strip().lower() in _EMPTY


def slug(title: str, *, separator: str = "_") -> str:
    """Make a key from a title: ``Box AP`` gives ``box_ap``, ``AP@0.5`` gives ``ap_0.5``."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+(?:\.[0-9]+)*", ascii_only.replace("<", " lt ").lower())
    return separator.join(words) or "unnamed"


def unused(key: str, taken: Container[str]) -> str:
    """Give the key, or with the first number from 2 that makes it a new one."""
    if key not in taken:
        return key
    number = 2
    while f"{key}_{number}" in taken:
        number += 1
    return f"{key}_{number}"


def split_mark(text: str) -> tuple[str, str]:
    """Split the sign of a footnote from the end of a text: ``int8*`` gives ``int8`` and ``*``."""
    bare = text.rstrip()
    stripped = bare.rstrip(_MARKS)
    return (stripped.rstrip(), bare[len(stripped) :]) if stripped else (text, "")


def read_numbers(text: str) -> Numbers | None:
    """Read a cell that holds one number or several; None where it holds anything else."""
    body, mark = split_mark(text)
    deviation = "±" in body or "+/-" in body
    parts = re.split(r"±|\+/-", body) if deviation else re.split(r"\s*[/|]\s*", body)
    texts: list[str] = []
    units: set[str] = set()
    for part in parts:
        number, unit = _number(part.strip(" ()"))
        if number is None:
            return None
        texts.append(number)
        units.add(unit)
    units.discard("")
    return Numbers(tuple(texts), "".join(units), mark, deviation) if len(units) <= 1 else None


def _number(text: str) -> tuple[str | None, str]:
    """Give a number's text as the manifest takes it, and the unit behind it."""
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    elif _EXPONENT.fullmatch(text):
        text = f"{Decimal(text):f}"
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None, ""
    number, unit = match["number"], match["unit"] or ""
    if number.lstrip("+-").startswith("."):
        number = number.replace(".", "0.", 1)
    if unit in _PREFIXES:
        number, unit = number + unit, ""
    return (number, unit) if number_value(number) is not None else (None, "")


def count(text: str, scale: int = 1) -> int | None:
    """Read a count such as ``1,014.45`` (of ``scale``) or ``35.4M``; None where it is none."""
    found = read_numbers(text)
    if found is None or len(found.texts) != 1:
        return None
    value = number_value(found.texts[0])
    if value is None or value <= 0:
        return None
    whole = value * (1 if found.texts[0][-1] in _PREFIXES else scale)
    return int(whole) if whole == whole.to_integral_value() else None


def short_count(number: int) -> str:
    """Write a count as readers do, where that loses nothing: 35400000 is ``35.4M``."""
    for prefix, scale in (("G", 10**9), ("M", 10**6), ("K", 10**3)):
        if number >= scale and number % (scale // 100) == 0:
            return f"{number / scale:.2f}".rstrip("0").rstrip(".") + prefix
    return str(number)


def hashtag_in(weights: str) -> str:
    """Give the hash in the name of a weights' file: ``…_20220812-8e1f2148.pth``."""
    found = [
        each for each in _HASH.findall(weights.rpartition("/")[2]) if not _DATE.fullmatch(each)
    ]
    return str(found[-1]) if found else ""
