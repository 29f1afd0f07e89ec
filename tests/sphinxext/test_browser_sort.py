"""Sorting in the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .site import DATASETS, NETWORKS
from .view import View

pytestmark = pytest.mark.chromium

Open = Callable[..., Page]


@pytest.fixture
def page(open_page: Open, site_address: Callable[[str], str]) -> Page:
    return open_page(site_address("alabaster"))


def amount(text: str) -> float:
    units = {"k": 1e3, "M": 1e6, "G": 1e9}
    return float(text.rstrip("kMG")) * units.get(text[-1], 1)


def test_presses_go_up_down_and_back_to_the_order_of_the_page(page: Page) -> None:
    view = View(page, "flat")
    before = view.column(0)
    assert view.sort("Data set") == "ascending"
    assert view.column(1) == sorted(view.column(1))
    assert view.sort("Data set") == "descending"
    assert view.column(1) == sorted(view.column(1), reverse=True)
    assert view.sort("Data set") is None
    assert view.column(0) == before


def test_only_the_column_that_is_sorted_says_so(page: Page) -> None:
    view = View(page)
    view.sort("Top-1")
    view.sort("Hashtag")
    said = view.table.locator("th[aria-sort]")
    assert said.all_inner_texts() == ["Hashtag"]


def test_amounts_sort_as_what_they_are_and_blanks_last_both_ways(page: Page) -> None:
    view = View(page, "flat")
    for way in (False, True):
        view.sort("Parameters")
        cells = view.column(3)
        full = [amount(text) for text in cells if text]
        assert len(full) == len(cells) - 6
        assert cells[len(full) :] == [""] * 6
        assert full == sorted(full, reverse=way)


def test_rows_that_are_equal_stay_in_the_order_of_the_page(page: Page) -> None:
    view = View(page, "flat")
    before = view.column(0)
    view.sort("License")
    for _ in range(2):
        pairs = list(zip(view.column(2), view.column(0), strict=True))
        for license_ in {license_ for license_, _ in pairs}:
            names = [name for other, name in pairs if other == license_]
            assert names == [name for name in before if name in names]
        view.sort("License")


def test_texts_sort_by_the_language_and_their_numbers_by_value(page: Page) -> None:
    view = View(page)
    view.sort("Name")
    names = view.column(0)[: 2 * len(NETWORKS)]
    order = ["i3d_inceptionv1", "inceptionv3", "resnet50_v1b", "slowfast_4x16"]
    order += ["ünet2", "ünet10", "vgg16"]
    assert names == [f"{name}_ucf101" for name in order for _ in range(2)]


def test_a_language_that_is_no_tag_does_not_stop_it(
    open_page: Open, site_address: Callable[[str], str]
) -> None:
    script = "new MutationObserver(() => { document.documentElement.lang = 'sr@latin' })"
    script += ".observe(document, {childList: true})"
    view = View(open_page(site_address("alabaster"), script=script))
    assert view.page.evaluate("document.documentElement.lang") == "sr@latin"
    assert view.sort("Name") == "ascending"


def test_dates_sort_as_dates(page: Page) -> None:
    view = View(page)
    view.sort("Released")
    assert view.sort("Released") == "descending"
    dates = view.column(6)[: 2 * len(NETWORKS)]
    assert dates[:12] == [f"2026-{month:02d}-15" for month in range(12, 0, -1)]
    assert dates[12:] == ["", ""]


def test_the_best_status_comes_first(page: Page) -> None:
    view = View(page)
    view.sort("Status")
    kinds = [text.split()[1] for text in view.column(5)[: 2 * len(NETWORKS)]]
    assert kinds == ["verified"] * 4 + ["claimed"] * 9 + ["refuted"]


def test_groups_stay_together(page: Page) -> None:
    view = View(page)
    view.sort("Top-1")
    assert view.groups() == list(DATASETS.values())
    for number, dataset in enumerate(DATASETS):
        body = view.table.locator("tbody").nth(number)
        assert body.locator("tr").first.get_attribute("class") == "zoo-group"
        names = body.locator("tr:not(.zoo-group) th").all_inner_texts()
        assert all(name.strip().endswith(dataset) for name in names)
        numbers = [float(text) for text in body.locator("td:nth-child(2)").all_inner_texts()]
        assert numbers == sorted(numbers)


def test_a_screen_reader_hears_what_was_done(page: Page) -> None:
    view = View(page)
    for words in (
        "Sorted by Top-1, ascending",
        "Sorted by Top-1, descending",
        "In the page's order",
    ):
        view.sort("Top-1")
        expect(view.said).to_have_text(words)


def test_the_keyboard_alone_sorts(page: Page) -> None:
    view = View(page)
    view.region.focus()
    page.keyboard.press("Tab")  # The link of the caption.
    for _ in range(3):
        if page.evaluate("document.activeElement.textContent") == "Top-1":
            break
        page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Top-1"
    assert focused.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert view.head("Top-1").get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert view.head("Top-1").get_attribute("aria-sort") == "descending"
    assert page.locator(":focus").inner_text() == "Top-1"


def test_short_tables_sort_and_plain_ones_are_left_alone(page: Page) -> None:
    short = View(page, "short")
    assert short.sort("Top-1") == "ascending"
    assert short.controls.count() == 0
    assert View(page, "plain").table.get_by_role("button").count() == 0
