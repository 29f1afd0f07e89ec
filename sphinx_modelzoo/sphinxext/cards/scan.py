"""Finding ``zoo:cards`` in sources before they are read, in reStructuredText and MyST.

Cards are pages, and must be there before Sphinx looks for pages; so sources are searched line by
line. Examples in blocks of code, and comments, are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

NAME = "zoo:cards"

_CODE = "code|code-block|code-cell|sourcecode|parsed-literal|literalinclude|raw|math|highlight"

_REST_CARDS = re.compile(r"(?P<indent> *)\.\. +zoo:cards::(?: +(?P<argument>\S.*))?")
_REST_DIRECTIVE = re.compile(r" *\.\. +[\w:.+-]+::")
_REST_CODE = re.compile(rf" *\.\. +(?:{_CODE})::")
_REST_COMMENT = re.compile(r" *\.\.(?: +(?!_|\[|\|)| *$)")
_OPTION = re.compile(r" *:(?P<name>[\w-]+):(?: +(?P<value>.*))?")

_FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,}|~{3,}|:{3,}) *(?P<info>.*)")
_INFO = re.compile(r"\{(?P<name>[^}]+)\} *(?P<argument>.*)")
_PAIR = re.compile(r"(?P<name>[\w-]+):(?: +(?P<value>.*))?")


@dataclass(frozen=True, slots=True)
class Found:
    """A directive as it stands in a source."""

    argument: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


def scan_rest(lines: Sequence[str]) -> Iterator[Found]:
    """Give the directives in lines of reStructuredText."""
    passed: int | None = None  # lines further in than this belong to code or to a comment
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip(" "))
        if passed is not None and indent > passed:
            continue
        passed = None
        cards = _REST_CARDS.fullmatch(line.rstrip())
        if cards:
            yield Found(cards["argument"] or "", _rest_options(lines[number + 1 :], indent))
        elif _REST_DIRECTIVE.match(line):
            passed = indent if _REST_CODE.match(line) else None
        elif _REST_COMMENT.match(line) or line.rstrip().endswith("::"):
            passed = indent


def scan_myst(lines: Sequence[str]) -> Iterator[Found]:
    """Give the directives in lines of MyST."""
    number = 0
    while number < len(lines):
        if lines[number].lstrip().startswith("<!--"):
            number = _end_of_comment(lines, number)
        fence = _FENCE.fullmatch(lines[number].rstrip()) if number < len(lines) else None
        number += 1
        if fence is None or not fence["info"]:  # the end of one that was opened
            continue
        info = _INFO.fullmatch(fence["info"])
        name = info["name"].strip() if info else ""
        if info and name == NAME:
            inner = lines[number : _end_of_fence(lines, number, fence["fence"])]
            yield Found(info["argument"].strip(), _myst_options(inner))
        elif info and not re.fullmatch(f"{_CODE}|eval-rst", name):
            continue  # what is inside is MyST
        end = _end_of_fence(lines, number, fence["fence"])
        if name == "eval-rst":
            yield from scan_rest(lines[number:end])
        number = end + 1


def _rest_options(lines: Sequence[str], indent: int) -> dict[str, str]:
    options = {}
    for line in lines:
        match = _OPTION.fullmatch(line.rstrip())
        if match is None or len(line) - len(line.lstrip(" ")) <= indent:
            break
        options[match["name"]] = (match["value"] or "").strip()
    return options


def _myst_options(lines: Sequence[str]) -> dict[str, str]:
    """Give the options at the beginning: lines ``:name: value``, or ``name: value`` within ---."""
    within = bool(lines) and lines[0].strip() == "---"
    options = {}
    for line in lines[within:]:
        match = (_PAIR if within else _OPTION).fullmatch(line.strip())
        if match is None:
            break
        options[match["name"]] = (match["value"] or "").strip().strip("\"'")
    return options


def _end_of_fence(lines: Sequence[str], start: int, fence: str) -> int:
    """Give the number of the line that closes a fence, or that behind the last."""
    for number in range(start, len(lines)):
        text = lines[number].strip()
        if len(text) >= len(fence) and set(text) == {fence[0]}:
            return number
    return len(lines)


def _end_of_comment(lines: Sequence[str], start: int) -> int:
    """Give the number of the line behind a comment of HTML."""
    for number in range(start, len(lines)):
        if "-->" in lines[number]:
            return number + 1
    return len(lines)
