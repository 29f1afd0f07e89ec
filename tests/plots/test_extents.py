from __future__ import annotations

import string
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.ft2font import FT2Font

from sphinx_modelzoo.plots.extents import ascent, text_height, text_width

FONT = FT2Font(str(Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")))
FONT.set_size(1000, 72)


def real(text: str) -> float:
    """Give a text's width as the font has it, without kerning, in thousandths of its size."""
    return sum(FONT.load_char(ord(letter)).linearHoriAdvance / 65536 for letter in text)


@pytest.mark.parametrize(
    "letter", [*sorted(set(string.printable) - set("\t\n\r\x0b\x0c")), "\u2212"]
)
def test_each_letter_is_as_wide_as_in_the_font(letter: str) -> None:
    assert text_width(letter, 1000) == pytest.approx(real(letter), abs=1)


@pytest.mark.parametrize(
    "text", ["Größe", "Ævar", "модель", "Щука", "ΩΔλ", "naïve café", "a\u0301e\u0308", "½ ¾"]
)
def test_other_letters_are_never_taken_for_narrower(text: str) -> None:
    assert text_width(text, 1000) >= real(text) - 2


def test_letters_that_the_font_lacks_have_the_room_of_a_square() -> None:
    assert text_width("模型", 10) == 20


def test_a_line_is_higher_than_its_letters() -> None:
    assert text_height(10) >= 11.6
    assert 7.6 <= ascent(10) <= text_height(10) - 2.4
