"""Warnings of the extension: one type, ``zoo``, and a closed list of subtypes.

A project silences a kind of warning with ``suppress_warnings = ["zoo.column"]``, or all of them
with ``["zoo"]``.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from docutils.nodes import Node
from sphinx.util import logging

from sphinx_modelzoo.errors import Problem
from sphinx_modelzoo.manifest.values import listing, suggestion

_logger = logging.getLogger(__name__)


class Subtype(StrEnum):
    """What a warning is about."""

    MANIFEST = "manifest"
    """The manifest is missing, or something in it is wrong."""
    RECEIPT = "receipt"
    """A receipt is damaged, or not signed as it should be; it is passed over."""
    EVIDENCE = "evidence"
    """Evidence is missing, damaged, or does not give the listed number; it is passed over."""
    LIMIT = "limit"
    """A table leaves out rows, as its option ``limit`` asks for."""
    DATASET = "dataset"
    """A data set that the manifest does not declare, or a table without rows."""
    COLUMN = "column"
    """A column that the manifest does not offer."""
    OPTION = "option"
    """An option's value does not fit; the option is passed over."""
    CARD = "card"
    """A model's card cannot be made, or a template of cards is wrong."""
    MODEL = "model"
    """A model that the manifest does not list."""
    PAPER = "paper"
    """A paper that the manifest does not declare, or that no page lists."""
    PLOT = "plot"
    """A plot without points, or one that cannot be drawn for want of matplotlib."""
    TAG = "tag"
    """A tag that the manifest does not declare."""
    USAGE = "usage"
    """The manifest does not say how its models are used."""
    VALUE = "value"
    """A value that the manifest does not list, or that could be one of several."""
    REQUIRE = "require"
    """A listed number is less than `zoo_require` asks for."""
    LINK = "link"
    """A link of the manifest is broken, as Sphinx's builder `linkcheck` found."""
    FILE = "file"
    """A file that is offered for download does not exist."""


def warn(text: str, subtype: Subtype, location: Node | tuple[str, int] | str) -> None:
    """Give one Sphinx warning; ``location`` may be a place in a manifest, or a whole file."""
    if isinstance(location, str) and ":" not in Path(location).name:
        location = f"{location}:1"  # Sphinx takes a text without a line for a page's name
    _logger.warning("%s", text, type="zoo", subtype=subtype.value, location=location)


def warn_problem(problem: Problem, subtype: Subtype) -> None:
    """Give a problem as a warning at its own place."""
    text = f"{problem.what}; {problem.remedy}" if problem.remedy else problem.what
    warn(text, subtype, problem.place)


def suggest(wrong: str, known: Collection[str]) -> str:
    """Give the end of a sentence about a wrong name: the likely one, or what is known."""
    return suggestion(wrong, known, f"known: {listing(known)}" if known else "there are none")
