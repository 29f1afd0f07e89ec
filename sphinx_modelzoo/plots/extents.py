"""How wide a text is, before any browser or typesetter has seen it.

The widths are those of DejaVu Sans, which the PDF drawings use and which is wider than the faces
that pages are set in: a text that has room here has room there.
"""

from __future__ import annotations

import unicodedata

# Thousandths of the font's size, rounded, for the characters that have this width.
_WIDTHS = {
    275: "'",
    278: "ijl",
    295: "IJ",
    318: " ,.",
    337: "/:;\\|",
    352: "f",
    361: "-",
    390: "()[]",
    392: "t",
    401: "!",
    411: "r",
    460: '"',
    500: "*_`",
    521: "s",
    525: "z",
    531: "?",
    550: "c",
    557: "L",
    575: "F",
    579: "k",
    592: "vxy",
    603: "P",
    611: "TY",
    612: "o",
    613: "a",
    615: "e",
    632: "E",
    634: "hnu",
    635: "Sbdgpq",
    636: "$0123456789{}",
    656: "K",
    684: "AV",
    685: "XZ",
    686: "B",
    695: "R",
    698: "C",
    732: "U",
    748: "N",
    752: "H",
    770: "D",
    775: "G",
    780: "&",
    787: "OQ",
    818: "w",
    838: "#+<=>^~\N{MINUS SIGN}",
    863: "M",
    950: "%",
    974: "m",
    989: "W",
    1000: "@",
}
_WIDTH_OF = {character: width for width, characters in _WIDTHS.items() for character in characters}
_OTHER = 1000
_OTHER_CAPITAL = 1100
_HEIGHT = 1.2
_ASCENT = 0.93


def text_width(text: str, size: float) -> float:
    """Give the width of a text set in a size, in the size's unit; rather too much than too little.

    Characters that the table does not hold count as one em, capitals as a little more.
    """
    return sum(map(_character, text)) * size / 1000


def shortened(text: str, size: float, width: float) -> str:
    """Give a text that fits a width, cut with an ellipsis where it must be."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(f"{text}\N{HORIZONTAL ELLIPSIS}", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}\N{HORIZONTAL ELLIPSIS}"


def text_height(size: float) -> float:
    """Give the height of a line, from the highest accent to the lowest tail."""
    return _HEIGHT * size


def ascent(size: float) -> float:
    """Give how far a line reaches above its baseline."""
    return _ASCENT * size


def _character(character: str) -> int:
    width = _WIDTH_OF.get(character)
    if width is not None:
        return width
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    plain = unicodedata.normalize("NFD", character)[0]
    if plain != character:
        return _character(plain)
    return _OTHER_CAPITAL if character.isupper() else _OTHER
