"""The stylesheet: where it is loaded, and that its colours can be read."""

from __future__ import annotations

import re

import pytest

from sphinx_modelzoo.sphinxext.styles import SCRIPT, STATIC_FOLDER, STYLESHEET

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


def colours() -> dict[str, tuple[str, str]]:
    """Give each colour of the stylesheet for texts, light and dark."""
    found = re.findall(r"--zoo-([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
    return {name: (light, dark) for name, light, dark in found if len(name) > 1}


def test_the_formula_knows_the_figures_that_are_published() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#808080", "#ffffff") == pytest.approx(3.95, abs=0.01)


def test_every_text_can_be_read_on_every_ground() -> None:
    known = colours()
    light, dark = known.pop("ground")
    edge = known.pop("edge")
    assert set(known) == {"ink", "grey", "verified", "stale", "refuted"}
    for name, (on_light, on_dark) in known.items():
        for ground in (*LIGHT, light):
            assert contrast(on_light, ground) >= 4.5, (name, ground)
        for ground in (*DARK, dark):
            assert contrast(on_dark, ground) >= 4.5, (name, ground)
    assert contrast(edge[0], light) >= 3
    assert contrast(edge[1], dark) >= 3


def test_the_grey_is_seven_to_one_on_white_and_eight_on_dark() -> None:
    light, dark = colours()["grey"]
    assert contrast(light, "#ffffff") >= 7
    assert contrast(dark, "#131416") >= 8


def test_colours_stand_in_variables_and_dark_ones_only_where_a_theme_is_dark() -> None:
    rest = re.sub(r"--zoo-[a-z]+:[^;]+;", "", CSS)
    assert not re.search(r"#[0-9a-f]{3,8}\b|\brgb|\bhsl", rest)
    rules = re.findall(r"([^{}]+)\{\s*--zoo-scheme: dark;", CSS)
    assert [rule.strip() for rule in rules] == ['[data-theme="dark"]', '[data-theme="auto"]']


def test_the_script_and_the_stylesheet_are_small_and_need_nothing_else() -> None:
    script = (STATIC_FOLDER / SCRIPT).read_text(encoding="utf-8")
    assert len(script.encode()) + len(CSS.encode()) < 20_000
    assert not re.search(
        r"https?:|\bimport\b|@import|url\(|\beval\b|innerHTML|jQuery", script + CSS
    )
    assert '"use strict";' in script


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
    page = build.soup()
    assert (page.select_one(f'link[href*="{STYLESHEET}"]') is not None) == loaded
    assert (page.select_one(f'script[defer][src*="{SCRIPT}"]') is not None) == ("table" in text)
    for name in (STYLESHEET, SCRIPT):
        assert name not in build.text("search.html")
        assert (build.output / "_static" / name).is_file()


def test_a_book_has_the_stylesheet_and_no_script(project: Project) -> None:
    project.page("Page\n====\n\n.. zoo:table:: ucf101\n\n.. zoo:papers::\n")
    build = project.build("epub", epub_show_urls="no", epub_copyright="Us")
    assert build.warnings == []
    assert STYLESHEET in build.text("index.xhtml")
    assert SCRIPT not in build.text("index.xhtml")
    assert not (build.output / "_static" / SCRIPT).exists()
