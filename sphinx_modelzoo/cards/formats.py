"""What a format gives the templates of its cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sphinx_modelzoo.cards.source import Source, indented, paragraphs_of

Filter = Callable[..., Source]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the name of its template, how it escapes plain text, and its filters."""

    template: str
    escape: Callable[[str], Source]
    filters: Mapping[str, Filter]


def make_format(
    template: str, escape: Callable[[str], Source], indentation: int, *own: Filter
) -> Format:
    """Give a format with its ``own`` filters, and those that need no more than how it escapes.

    ``indentation`` is how far its filter ``indent`` moves lines where a template does not say.
    """

    def strong(text: str) -> Source:
        """Give a text in bold; nothing where there is none."""
        return Source(f"**{escape(text)}**" if text.strip() else "")

    def paragraphs(text: str) -> Source:
        """Give a text of several paragraphs."""
        return Source("\n\n".join(escape(paragraph) for paragraph in paragraphs_of(text)))

    def indent(text: str, width: int = indentation) -> Source:
        """Give a text with its lines but the first moved to the right; plain text is escaped."""
        return Source(indented(text if isinstance(text, Source) else escape(text), width))

    every = (*own, strong, paragraphs, indent)
    return Format(template, escape, {each.__name__: each for each in every})
