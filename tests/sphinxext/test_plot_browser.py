"""A plot in Chromium: names that leave each other room, the keyboard, narrow and dark pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import CONF, REPOSITORY, Project
from .site import THEMES

pytestmark = [pytest.mark.chromium, pytest.mark.long]

PAGE = """
    Plots
    =====

    .. zoo:plot:: imagenet

    .. zoo:plot:: imagenet
       :x: flops
       :group-by: family
       :caption: By *family*

    .. zoo:table:: imagenet
       :columns: name top1

    .. zoo:papers::
"""
BOXES = """
    drawing => [...drawing.querySelectorAll("SELECTOR")].map(element => {
      const box = element.getBoundingClientRect();
      return [box.left, box.top, box.right, box.bottom];
    })
"""
Boxes = list[tuple[float, float, float, float]]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Build the page with a theme, once, and give its address."""

    @cache
    def build(theme: str) -> str:
        made = Project(tmp_path_factory.mktemp(theme))
        made.write("docs/conf.py", CONF)
        made.manifest.write_bytes((REPOSITORY / "docs/examples/imagenet.yaml").read_bytes())
        made.page(PAGE)
        built = made.build(html_theme=theme)
        assert built.warnings == []
        return (built.output / "index.html").as_uri()

    return build


@pytest.fixture
def opened(open_page: Callable[..., Page], address: Callable[[str], str]) -> Callable[..., Page]:
    """Open the page in a theme."""

    def open_(theme: str, scheme: str = "light", width: int = 1280) -> Page:
        return open_page(address(theme), width=width, color_scheme=scheme)

    return open_


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right, bottom = min(one[2], other[2]), min(one[3], other[3])
    return right - left > 0.5 and bottom - top > 0.5


@pytest.mark.parametrize("theme", THEMES)
def test_texts_cover_neither_each_other_nor_points_in_a_themes_own_font(
    opened: Callable[..., Page], theme: str
) -> None:
    page = opened(theme)
    for drawing in page.locator(".zoo-plot svg").all():
        (canvas,) = drawing.evaluate(
            "drawing => { const b = drawing.getBoundingClientRect();"
            " return [[b.left, b.top, b.right, b.bottom]]; }"
        )
        texts: Boxes = drawing.evaluate(BOXES.replace("SELECTOR", "text"))
        marks: Boxes = drawing.evaluate(BOXES.replace("SELECTOR", ".zoo-point g"))
        assert len(marks) == 16
        assert len(texts) > 20
        for one, other in combinations(texts, 2):
            # A line of text is higher than its letters; those of two rows may touch.
            assert not overlap((one[0], one[1] + 2, one[2], one[3] - 2), other)
        for text in texts:
            assert canvas[0] - 1 <= text[0] <= text[2] <= canvas[2] + 1
            assert canvas[1] - 1 <= text[1] <= text[3] <= canvas[3] + 1
            assert not any(overlap((text[0], text[1] + 2, text[2], text[3] - 2), m) for m in marks)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(opened: Callable[..., Page], theme: str, scheme: str) -> None:
    page = opened(theme, scheme)
    for summary in page.locator(".zoo-plot summary").all():
        summary.click()
    # The links of this theme have 4.2:1 on its own ground, whoever writes them.
    without = ["a.reference"] if theme == "sphinx_rtd_theme" else []
    context: Any = {"include": [".zoo-plot"], "exclude": without}
    found: list[dict[str, Any]] = Axe().run(page, context=context).response["violations"]
    assert [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in found
        for node in violation["nodes"]
    ] == []


@pytest.mark.parametrize("theme", THEMES)
def test_on_a_narrow_screen_the_plot_scrolls_and_stays_legible(
    opened: Callable[..., Page], theme: str
) -> None:
    page = opened(theme, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    region = page.locator(".zoo-scroll").first
    assert region.evaluate("region => region.scrollWidth > region.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.zoo-scroll').scrollLeft > 0")
    scale = region.locator("svg").evaluate("drawing => drawing.getScreenCTM().a")
    assert 11 * scale >= 9


def test_the_keyboard_reaches_each_point_and_shows_where_it_is(
    opened: Callable[..., Page],
) -> None:
    page = opened("furo")
    page.locator(".zoo-scroll").first.focus()
    page.keyboard.press("Tab")
    point = page.locator(".zoo-point").first
    assert point.evaluate("point => point === document.activeElement")
    ring = "touch => getComputedStyle(touch).stroke"
    assert point.locator(".zoo-touch").evaluate(ring) != "none"
    assert page.locator(".zoo-point .zoo-touch").nth(1).evaluate(ring) == "none"
    page.keyboard.press("Enter")
    assert "#zoo-model-alexnet" in page.url
    assert page.locator(":target").inner_text().startswith("alexnet")


@pytest.mark.parametrize("theme", THEMES)
def test_colours_follow_the_page(opened: Callable[..., Page], theme: str) -> None:
    def colours(scheme: str) -> tuple[str, str]:
        page = opened(theme, scheme)
        mark = page.locator(".zoo-point .zoo-group-1").first
        ink = page.locator(".zoo-plot svg text").first
        return (
            mark.evaluate("mark => getComputedStyle(mark).color"),
            ink.evaluate("ink => getComputedStyle(ink).fill"),
        )

    light, dark = colours("light"), colours("dark")
    assert light[0] == "rgb(0, 114, 178)"
    if theme in {"furo", "pydata_sphinx_theme"}:
        assert dark[0] == "rgb(86, 180, 233)"
        assert dark[1] != light[1]
    else:
        assert dark == light, "it has no dark mode"
