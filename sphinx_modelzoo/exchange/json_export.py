"""A zoo as JSON: all that the manifest says, links and templates filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from sphinx_modelzoo.exchange.losses import Losses
from sphinx_modelzoo.manifest.model import Number, Zoo

_LEFT_OUT = {"place", "places", "path", "files"}


def export_json(zoo: Zoo, losses: Losses) -> str:
    """Give the text: numbers as ``{"text": "83.40", "value": 83.4}``, empty fields left out."""
    del losses  # everything is carried
    return json.dumps(_value(zoo), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _value(value: Any) -> Any:
    if isinstance(value, Number):
        return {"text": value.text, "value": _value(value.value)}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if is_dataclass(value):
        return {
            field.name: _value(getattr(value, field.name))
            for field in fields(value)
            if field.name not in _LEFT_OUT and getattr(value, field.name) not in ("", (), {}, None)
        }
    if isinstance(value, Mapping):
        return {key: _value(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_value(part) for part in value]
    return value
