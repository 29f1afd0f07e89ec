"""The line of code that loads a set of weights."""

from __future__ import annotations

from sphinx_modelzoo.manifest.model import Entry, Zoo
from sphinx_modelzoo.manifest.templates import fill


def load_line(zoo: Zoo, entry: Entry) -> str:
    """Give the line that loads an entry's weights; empty where the manifest does not say it."""
    if zoo.usage is None:
        return ""
    ways = (zoo.usage.default, zoo.usage.hashtag) if entry.default else (zoo.usage.hashtag,)
    filled = (fill_usage(template, entry) for template in ways if template)
    return next((line for line in filled if line), "")


def fill_usage(template: str, entry: Entry) -> str:
    """Fill a template of ``usage`` from an entry; empty where the entry lacks a field."""
    values = {
        "name": entry.name,
        "hashtag": entry.hashtag,
        "architecture": entry.architecture or entry.name,
        "weights": entry.weights,
    }
    return fill(template, values) or ""
