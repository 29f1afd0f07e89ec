"""YAML scalars as a person writes them: quoted only where YAML would read something else."""

from __future__ import annotations

import json
import re

import yaml

_RESOLVER = yaml.resolver.Resolver()
# What YAML 1.2 reads as a number and PyYAML (1.1) does not: 682591e2, 08038185, 0o17.
_NUMBER = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+"
)
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ""}
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
_IN_FLOW = ",[]{}?"


def scalar(text: str, *, flow: bool = False) -> str:
    """Write a text so that every YAML reader takes it as this text."""
    return text if _plain(text, flow=flow) else json.dumps(text, ensure_ascii=False)


def flow_mapping(pairs: dict[str, str]) -> str:
    """Write a mapping on one line; the values are already written."""
    inner = ", ".join(f"{scalar(key, flow=True)}: {value}" for key, value in pairs.items())
    return f"{{{inner}}}"


def flow_list(texts: tuple[str, ...]) -> str:
    """Write a list of texts on one line."""
    return f"[{', '.join(scalar(text, flow=True) for text in texts)}]"


def is_misread(text: str) -> bool:
    """Tell whether a YAML reader may take a plain scalar as something else than text."""
    if text.lower() in _WORDS or _NUMBER.fullmatch(text):
        return True
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(tag != "tag:yaml.org,2002:str")


def _plain(text: str, *, flow: bool) -> bool:
    if not text or text != text.strip() or text[0] in _INDICATORS or is_misread(text):
        return False
    if ": " in text or " #" in text or text.endswith(":") or not text.isprintable():
        return False
    return not (flow and any(character in _IN_FLOW for character in text))
