"""What a zoo says, without where it stands: for telling whether two manifests mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from sphinx_modelzoo.manifest.model import Place


def facts(part: Any) -> Any:
    """Give a part of a zoo as plain values: dictionaries in order, lists and scalars, no places.

    Two zoos with equal facts mean the same; the order of mappings (papers, metrics) counts.
    """
    if is_dataclass(part) and not isinstance(part, type):
        return {
            item.name: facts(getattr(part, item.name))
            for item in fields(part)
            if item.name not in {"places", "path", "files"}
            and not isinstance(getattr(part, item.name), Place)
        }
    if isinstance(part, Mapping):
        return [[key, facts(value)] for key, value in part.items()]
    if isinstance(part, (tuple, list)):
        return [facts(value) for value in part]
    return str(part) if isinstance(part, Path) else part
