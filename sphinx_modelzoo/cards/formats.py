"""What a format gives the templates of its cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sphinx_modelzoo.cards.source import Source


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the name of its template, how it escapes plain text, and its filters."""

    template: str
    escape: Callable[[str], Source]
    filters: Mapping[str, Callable[..., Source]]
