"""Names with tags: the classes that show them, and their texts in brackets."""

from __future__ import annotations

from collections.abc import Iterable

from sphinx_modelzoo.manifest.model import Place, Tag
from sphinx_modelzoo.sphinxext.table.cell import Piece

_NOWHERE = Place("", 0, 0)

STANDARD_TAGS = {
    "greytag": Tag("greytag", _NOWHERE, style="grey"),
    "tsntag": Tag("tsntag", _NOWHERE, text="no TSN", style="grey"),
}
"""The tags that are roles of their own; the stylesheet shows them in grey."""


def tagged_pieces(
    name: str, tags: Iterable[Tag], target: tuple[str, str] | None = None
) -> list[Piece]:
    """Give a name with the classes of its tags, and behind it their texts in brackets.

    ``target`` is the page and id that the name leads to.
    """
    tags = tuple(tags)
    if not tags:
        return [Piece(name, target=target)]
    classes = [tag.key for tag in tags]
    if any(tag.style == "grey" and tag.key not in STANDARD_TAGS for tag in tags):
        classes.append("zoo-grey")
    texts = (f" ({tag.text})" for tag in tags if tag.text)
    return [
        Piece(name, classes=tuple(classes), target=target),
        *(Piece(text, classes=("zoo-tag",)) for text in texts),
    ]
