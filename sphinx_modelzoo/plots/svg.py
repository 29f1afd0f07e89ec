"""A scene as SVG: text stays text, colours follow the page, points are links.

Everything drawn in ``currentColor`` takes the page's own text colour. A group sets its colour as a
presentation attribute, which any stylesheet can replace through the class ``zoo-group-1`` to
``zoo-group-5``; so the drawing is whole without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

from sphinx_modelzoo.plots.scene import COLOURS, Ink, Line, Mark, Scene, Shape, Spot, Text
from sphinx_modelzoo.plots.shapes import corners, right_half
from sphinx_modelzoo.receipts.model import StatusKind

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_OUTLINE = 1.6
_TOUCH = 9.0


def inline_svg(scene: Scene, key: str, links: Mapping[str, str]) -> str:
    """Give a scene as an ``<svg>`` element of a page.

    ``key`` begins its ids; ``links`` are the points' addresses by their keys, which the caller
    vouches for.
    """
    name = f'aria-label="{_text(scene.title)}" aria-describedby="{escape(key)}-text"'
    description = f'<desc id="{escape(key)}-text">{_text(scene.description)}</desc>'
    opening = f'{_opening(scene)} role="group" {name} fill="currentColor">'
    return "\n".join((opening, description, *_drawing(scene, links), "</svg>"))


def svg_file(scene: Scene) -> str:
    """Give a scene as a file of its own, dark on white."""
    size = f'width="{_n(scene.width)}" height="{_n(scene.height)}" font-family="sans-serif"'
    opening = f'{_opening(scene)} {size} role="img" color="#1a1a1a" fill="currentColor">'
    parts = (
        '<?xml version="1.0" encoding="utf-8"?>',
        opening,
        f"<title>{_text(scene.title)}</title>",
        f"<desc>{_text(scene.description)}</desc>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_drawing(scene, {}),
        "</svg>\n",
    )
    return "\n".join(parts)


def _opening(scene: Scene) -> str:
    box = f'viewBox="0 0 {_n(scene.width)} {_n(scene.height)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}'


def _drawing(scene: Scene, links: Mapping[str, str]) -> Iterator[str]:
    yield '<g aria-hidden="true">'
    for part in scene.frame:
        yield from _part(part)
    yield "</g>"
    for spot in scene.spots:
        yield from _spot(spot, links.get(spot.key, ""))
    yield '<g aria-hidden="true" pointer-events="none">'
    for part in scene.names:
        yield from _part(part)
    yield "</g>"


def _part(part: Line | Text | Mark) -> Iterator[str]:
    match part:
        case Line():
            yield _coloured(_line(part), part.group)
        case Text():
            anchor = f' text-anchor="{part.anchor}"' if part.anchor != "start" else ""
            yield (
                f'<text x="{_n(part.x)}" y="{_n(part.y)}" font-size="{_n(part.size)}"{anchor}'
                f"{_opacity(part.ink)}>{_text(part.text)}</text>"
            )
        case Mark():
            yield _coloured("".join(_mark(part)), part.group)


def _spot(spot: Spot, link: str) -> Iterator[str]:
    """Give a point: a link with a name, or, where it leads nowhere, an image with a name."""
    text = _text(spot.description)
    opening = f'<a href="{escape(link)}"' if link else '<g role="img"'
    place = f'cx="{_n(spot.mark.x)}" cy="{_n(spot.mark.y)}" r="{_n(_TOUCH)}"'
    touch = f'<circle class="zoo-touch" {place} fill="none" pointer-events="all"/>'
    inner = "".join((*map(_line, spot.mark.bars), *_mark(spot.mark)))
    yield f'{opening} class="zoo-point" aria-label="{text}"><title>{text}</title>'
    yield f"{touch}{_coloured(inner, spot.mark.group)}"
    yield "</a>" if link else "</g>"


def _coloured(inner: str, group: int | None) -> str:
    if group is None:
        return inner
    return f'<g class="zoo-group-{group + 1}" color="{COLOURS[group]}">{inner}</g>'


def _line(line: Line) -> str:
    points = " ".join(f"{_n(x)} {_n(y)}" for x, y in line.points)
    return (
        f'<path d="M{points}" fill="none" stroke="currentColor" '
        f'stroke-width="{_n(line.width)}"{_opacity(line.ink)}/>'
    )


def _mark(mark: Mark) -> Iterator[str]:
    """Give a mark: filled when verified, half when spot-checked, hollow when only claimed.

    A stale one has a dot, a refuted one a cross.
    """
    filled = mark.status in {StatusKind.VERIFIED, None}
    yield _outline(mark, "currentColor" if filled else "none")
    x, y, r = mark.x, mark.y, mark.radius
    match mark.status:
        case StatusKind.SPOT:
            yield _half(mark)
        case StatusKind.STALE:
            yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r * 0.36)}" fill="currentColor"/>'
        case StatusKind.REFUTED:
            d = r * 1.45
            yield (
                f'<path d="M{_n(x - d)} {_n(y - d)} {_n(x + d)} {_n(y + d)}M{_n(x - d)} '
                f'{_n(y + d)} {_n(x + d)} {_n(y - d)}" fill="none" stroke="currentColor" '
                f'stroke-width="{_n(_OUTLINE)}"/>'
            )


def _outline(mark: Mark, fill: str) -> str:
    paint = f'fill="{fill}" stroke="currentColor" stroke-width="{_n(_OUTLINE)}"'
    if mark.shape is Shape.CIRCLE:
        return f'<circle cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}" {paint}/>'
    places = corners(mark.shape, mark.radius)
    points = " ".join(f"{_n(mark.x + x)} {_n(mark.y + y)}" for x, y in places)
    return f'<path d="M{points}Z" {paint}/>'


def _half(mark: Mark) -> str:
    places = right_half(mark.shape, mark.radius)
    points = " ".join(f"{_n(mark.x + x)} {_n(mark.y + y)}" for x, y in places)
    return f'<path d="M{points}Z"/>'


def _text(text: str) -> str:
    """Escape a text; what XML cannot hold, such as a receipt's control character, is marked."""
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _opacity(ink: Ink) -> str:
    return "" if ink is Ink.FULL else f' opacity="{ink.value:g}"'


def _n(number: float) -> str:
    """Give a length with at most one digit after the point."""
    text = f"{number:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"
