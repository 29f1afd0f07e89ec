"""The page in Chromium: narrow screens, the keyboard, paper, light and dark, and no script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page

from .site import DATASETS, NETWORKS, THEMES
from .view import View

pytestmark = pytest.mark.chromium

ROWS = 2 * len(NETWORKS) * len(DATASETS)
DARK = ("furo", "pydata_sphinx_theme")
Open = Callable[..., Page]


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def address(site_address: Callable[[str], str], theme: str) -> str:
    return site_address(theme)


def test_on_a_narrow_screen_the_table_scrolls_in_its_region_by_the_keyboard(
    open_page: Open, address: str
) -> None:
    view = View(open_page(address, width=390))
    assert view.page.evaluate("document.documentElement.scrollWidth") == 390
    assert view.region.evaluate("region => region.scrollWidth > region.clientWidth")
    view.region.focus()
    view.page.keyboard.press("ArrowRight")
    view.page.wait_for_function("document.querySelector('.zoo-table').scrollLeft > 0")


def test_on_a_narrow_screen_every_control_and_its_choices_are_in_sight(
    open_page: Open, address: str
) -> None:
    view = View(open_page(address, width=390))
    view.choose("License", "MIT")
    for control in view.controls.locator("input, summary, button, label").all():
        box = control.bounding_box()
        if box is not None:
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390


def test_on_a_wide_screen_the_page_does_not_scroll_sideways(open_page: Open, address: str) -> None:
    page = open_page(address)
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    for name in ("short", "flat"):
        region = View(page, name).region
        assert region.evaluate("region => region.scrollWidth == region.clientWidth")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_date_of_a_status_breaks_between_two_lines(
    open_page: Open, address: str, width: int
) -> None:
    statuses = View(open_page(address, width=width)).table.locator("td[data-choice] a.zoo-verified")
    assert statuses.count() > 0
    for status in statuses.all():
        assert status.evaluate("status => status.getClientRects().length") == 1


def test_the_heads_of_rows_look_like_cells(open_page: Open, address: str) -> None:
    view = View(open_page(address))
    look = """cell => { const look = getComputedStyle(cell);
        return ["color", "fontWeight", "backgroundColor", "textAlign", "fontSize"].map(
            name => look[name]) }"""
    row = view.rows().first
    assert row.locator("th").evaluate(look) == row.locator("td").nth(2).evaluate(look)


@pytest.mark.parametrize(("scheme", "grey"), [("light", 89), ("dark", 176)])
def test_colours_follow_the_theme(
    open_page: Open, address: str, theme: str, scheme: str, grey: int
) -> None:
    page = open_page(address, color_scheme=scheme)
    shown = grey if theme in DARK else 89
    name = page.locator(".zoo-name .greytag").first
    assert (
        name.evaluate("name => getComputedStyle(name).color") == f"rgb({shown}, {shown}, {shown})"
    )


def test_on_paper_are_all_rows_and_columns_and_no_controls(open_page: Open, address: str) -> None:
    view = View(open_page(f"{address}?all.find=vgg16&all.hide=hashtag&all.sort=-top1"))
    assert len(view.column(0)) == 6
    view.page.emulate_media(media="print")
    assert len(view.column(0)) == ROWS
    assert view.groups() == list(DATASETS.values())
    assert view.head("Hashtag").is_visible()
    assert view.rows().first.locator("td").nth(2).is_visible()
    for control in (view.controls, view.more, view.table.locator(".zoo-copy").first):
        assert not control.is_visible()
    assert view.page.evaluate(
        "[...document.querySelectorAll('.zoo-table')].every(one => "
        "getComputedStyle(one).overflowX === 'visible')"
    )


def test_without_a_script_the_page_is_complete(open_page: Open, address: str) -> None:
    page = open_page(f"{address}?all.find=vgg16", java_script_enabled=False)
    table = page.locator("table#all")
    assert table.locator("tbody tr:not(.zoo-group):visible").count() == ROWS
    assert table.locator("thead th:visible").count() == 8
    assert table.get_by_role("button").count() == 0
    assert page.locator(".zoo-controls").count() == 0


def test_a_strict_content_security_policy_refuses_nothing_of_the_script(
    open_page: Open, site_address: Callable[[str], str]
) -> None:
    built = Path(unquote(urlsplit(site_address("alabaster")).path))
    policy = "default-src 'none'; script-src file:; style-src file:"
    meta = f'<head><meta http-equiv="Content-Security-Policy" content="{policy}">'
    strict = built.with_name("strict.html")
    strict.write_text(built.read_text(encoding="utf-8").replace("<head>", meta), encoding="utf-8")
    listen = "addEventListener('securitypolicyviolation', one => refused.push(one.sample))"
    view = View(open_page(strict.as_uri(), script=f"window.refused = []; {listen}"))
    before = view.page.evaluate("refused.length")
    assert before > 0  # The page's own: the widths of columns.
    view.sort("Top-1")
    view.choose("Columns", "Hashtag")
    view.filter.fill("vgg16")
    assert len(view.column(0)) == 6
    assert view.page.evaluate("refused.length") == before
