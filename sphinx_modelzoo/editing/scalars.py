"""Writing a text as a YAML scalar that reads back as exactly that text."""

from __future__ import annotations

import json
import re

import yaml

from sphinx_modelzoo.errors import ManifestError
from sphinx_modelzoo.manifest.nodes import compose, is_null

_JSON_WORD = re.compile(r"true|false|-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def scalar(text: str, style: str | None = "", *, flow: bool = False) -> str:
    """Write a text as a scalar on one line.

    ``style`` is the wish: ``'`` or ``"`` for quotes, anything else for none. Quotes are used
    without a wish where the text needs them: where it would read as another text, or as nothing.
    ``flow`` says that the scalar stands inside brackets.
    """
    single = "'" + text.replace("'", "''") + "'"
    if style == "'" and _reads_back(single, text, flow=flow):
        return single
    if style != '"' and _reads_back(text, text, flow=flow):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def json_scalar(text: str) -> str:
    """Write a text as JSON does: numbers, true and false bare, all else in double quotes."""
    return text if _JSON_WORD.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def text_list(texts: list[str], style: str | None = "") -> str:
    """Write texts as a list in brackets."""
    return f"[{', '.join(scalar(text, style, flow=True) for text in texts)}]"


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 1 << 16 else f"\\U{ord(character):08x}"


def _reads_back(candidate: str, text: str, *, flow: bool) -> bool:
    """Tell whether a candidate stands for the text as a value, and for nothing else."""
    if "\n" in candidate or "\r" in candidate or not candidate:
        return False
    whole = f"{{k: {candidate}, l: m}}" if flow else f"k: {candidate}\nl: m\n"
    try:
        root = compose(whole.encode(), "")
    except (ManifestError, UnicodeEncodeError):
        return False
    if not isinstance(root, yaml.MappingNode) or len(root.value) != 2:  # noqa: PLR2004
        return False
    value = root.value[0][1]
    plain = isinstance(value, yaml.ScalarNode) and value.value == text and not is_null(value)
    return plain and value.style not in ("|", ">") and value.tag == "tag:yaml.org,2002:str"
