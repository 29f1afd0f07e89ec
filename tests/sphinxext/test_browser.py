"""The page in Chromium: narrow screens, the keyboard, light and dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .conftest import Project

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(params=["furo", "alabaster"])
def address(request: pytest.FixtureRequest, project: Project, page_source: str) -> str:
    project.page(page_source)
    build = project.build(html_theme=request.param)
    return f"{(build.output / 'index.html').as_uri()}?theme={request.param}"


@pytest.fixture
def page_source(page: str) -> str:
    return page


def opened(browser: Browser, address: str, width: int, scheme: str = "light") -> Page:
    viewport = {"width": width, "height": 900}
    page = browser.new_page(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address)
    return page


def test_a_wide_table_scrolls_in_its_region_by_the_keyboard(browser: Browser, address: str) -> None:
    page = opened(browser, address, 390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    region = page.locator(".zoo-table")
    assert region.evaluate("region => region.scrollWidth > region.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.zoo-table').scrollLeft > 0")
    page.close()


def test_on_a_wide_screen_nothing_scrolls_sideways(browser: Browser, address: str) -> None:
    page = opened(browser, address, 1280)
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    region = page.locator(".zoo-table")
    assert region.evaluate("region => region.scrollWidth == region.clientWidth")
    page.close()


@pytest.mark.parametrize(("scheme", "grey"), [("light", "89"), ("dark", "176")])
def test_the_grey_follows_the_theme(browser: Browser, address: str, scheme: str, grey: str) -> None:
    page = opened(browser, address, 1280, scheme)
    dark_theme = scheme == "dark" and address.endswith("furo")
    shown = page.locator(".tsntag").first.evaluate("name => getComputedStyle(name).color")
    assert shown == f"rgb({', '.join([grey if dark_theme else '89'] * 3)})"
    page.close()
