"""The stylesheet: where it is loaded, and that its colours can be read."""

from __future__ import annotations

import re

import pytest

from sphinx_modelzoo.sphinxext.styles import STATIC_FOLDER, STYLESHEET

from .conftest import Project

CSS = (STATIC_FOLDER / STYLESHEET).read_text(encoding="utf-8")
# Page, zebra-striped and admonition grounds of alabaster, furo, pydata and rtd.
LIGHT = ("#ffffff", "#fcfcfc", "#f8f9fb", "#f3f6f6", "#f3f4f5", "#eeeeee")
DARK = ("#131416", "#14181e", "#1a1c1e", "#18181a", "#222832")


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def blocks() -> list[tuple[str, dict[str, str]]]:
    """Give the selectors that define colours, with the colours that they define."""
    found = re.findall(r"([^{}]+)\{((?:\s*--zoo-[a-z]+:[^;]+;)+)\s*\}", CSS)
    return [
        (" ".join(selector.split()), dict(re.findall(r"--zoo-([a-z]+):\s*(#[0-9a-f]{6});", body)))
        for selector, body in found
    ]


def test_the_formula_knows_the_figures_that_are_published() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#808080", "#ffffff") == pytest.approx(3.95, abs=0.01)


def test_every_colour_can_be_read_on_every_ground() -> None:
    assert len(blocks()) == 3
    for selector, colours in blocks():
        assert set(colours) == {"grey", "verified", "stale", "refuted"}
        for ground in LIGHT if ":root" in selector else DARK:
            for name, colour in colours.items():
                assert contrast(colour, ground) >= 4.5, (selector, name, ground)


def test_the_grey_is_seven_to_one_on_white_and_eight_on_dark() -> None:
    light, *dark = (colours["grey"] for _, colours in blocks())
    assert contrast(light, "#ffffff") >= 7
    assert all(contrast(grey, "#131416") >= 8 for grey in dark)


def test_colours_stand_in_variables_and_dark_ones_only_where_a_theme_is_dark() -> None:
    rest = re.sub(r"--zoo-[a-z]+:[^;]+;", "", CSS)
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl", rest)
    selectors = [selector for selector, _ in blocks()]
    assert selectors[0].endswith(":root")
    assert all("[data-theme=" in selector for selector in selectors[1:])


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        ("Nothing of ours.", False),
        (":tsntag:`a`", True),
        (":greytag:`a`", True),
        (".. zoo:usage::", True),
        (".. zoo:table:: ucf101", True),
    ],
)
def test_it_is_loaded_on_pages_that_need_it(project: Project, text: str, *, loaded: bool) -> None:
    project.page(f"Page\n====\n\n{text}\n")
    build = project.build(suppress_warnings=["zoo.paper"])
    assert (STYLESHEET in build.text("index.html")) == loaded
    assert STYLESHEET not in build.text("search.html")
    assert (build.output / "_static" / STYLESHEET).is_file()
