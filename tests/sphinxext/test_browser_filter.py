"""Filtering by text and by choice, columns on and off, and reset."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .site import DATASETS, NETWORKS
from .view import View

pytestmark = pytest.mark.chromium

ALL = 2 * len(NETWORKS) * len(DATASETS)


@pytest.fixture
def view(open_page: Callable[..., Page], site_address: Callable[[str], str]) -> View:
    return View(open_page(site_address("furo")))


def test_at_first_every_row_is_there(view: View) -> None:
    assert view.count == f"{ALL} rows"
    assert len(view.column(0)) == ALL
    assert not view.controls.get_by_role("button", name="Reset").is_visible()
    assert not view.more.is_visible()


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("vgg16", 6),
        ("VGG16 ucf", 2),
        ("mit   inception", 6),
        ("unet", 12),
        ("Ünet2", 6),
        ("something-v2", 14),
        ("no such model", 0),
        ("   ", ALL),
    ],
)
def test_all_words_in_any_column_without_case_and_accents(
    view: View, words: str, count: int
) -> None:
    view.filter.press_sequentially(words)
    assert len(view.column(0)) == count
    assert view.count == (f"{count} of {ALL} rows" if words.strip() else f"{ALL} rows")


def test_a_group_without_rows_is_hidden(view: View) -> None:
    view.filter.fill("hmdb51")
    assert view.groups() == ["HMDB51"]


def test_choices_of_a_column_add_up_and_those_of_two_narrow(view: View) -> None:
    view.choose("License", "MIT")
    assert set(view.column(4)) == {"MIT"}
    view.choose("License", "(none)")
    assert set(view.column(4)) == {"MIT", ""}
    view.choose("Status", "verified")
    assert set(view.column(4)) == {"MIT", ""}
    assert {text.split()[1] for text in view.column(5)} == {"verified"}
    shown = len(view.column(0))
    assert view.count == f"{shown} of {ALL} rows"
    view.filter.fill("vgg16")
    assert len(view.column(0)) < shown


def test_a_menu_says_how_many_are_chosen(view: View) -> None:
    summary = view.menu("License").locator("summary")
    assert summary.inner_text() == "License"
    view.choose("License", "MIT")
    view.choose("License", "Apache-2.0")
    assert summary.inner_text() == "License (2)"
    labels = view.menu("License").locator("label").all_inner_texts()
    assert labels == ["Apache-2.0", "CC-BY-NC-4.0", "MIT", "(none)"]


def test_columns_go_and_come_back_but_never_the_names(view: View) -> None:
    assert view.menu("Columns").get_by_label("Name", exact=True).count() == 0
    view.choose("Columns", "Parameters")
    assert not view.head("Parameters").is_visible()
    assert not view.rows().first.locator("td").nth(1).is_visible()
    heads = view.table.locator(".zoo-group th")
    assert heads.first.get_attribute("colspan") == "7"
    assert view.menu("Columns").locator("summary").inner_text() == "Columns (1)"
    view.choose("Columns", "Parameters")
    assert view.head("Parameters").is_visible()
    assert heads.first.get_attribute("colspan") == "8"


def test_a_columns_width_goes_with_it(view: View) -> None:
    flat = View(view.page, "flat")
    width = "cell => cell.getBoundingClientRect().width"
    before = flat.head("Parameters").evaluate(width)
    flat.choose("Columns", "Data set")
    assert flat.head("Parameters").evaluate(width) >= before


def test_reset_gives_back_the_table_of_the_page(view: View) -> None:
    names = view.column(0)
    view.filter.fill("vgg16")
    view.choose("License", "MIT")
    view.choose("Columns", "Hashtag")
    view.sort("Top-1")
    reset = view.controls.get_by_role("button", name="Reset")
    reset.click()
    assert view.column(0) == names
    assert view.filter.input_value() == ""
    assert view.head("Hashtag").is_visible()
    assert view.table.locator("[aria-sort]").count() == 0
    assert not reset.is_visible()
    expect(view.filter).to_be_focused()
    assert "?" not in view.page.url


def test_a_screen_reader_hears_how_many_rows_fit(view: View) -> None:
    view.filter.press_sequentially("vgg16")
    expect(view.said).to_have_text(f"6 of {ALL} rows")
    view.choose("License", "Apache-2.0")
    expect(view.said).to_have_text(f"0 of {ALL} rows")


def test_the_keyboard_alone_filters_and_chooses(view: View) -> None:
    keyboard = view.page.keyboard
    view.filter.focus()
    keyboard.type("resnet")
    assert len(view.column(0)) == 6
    keyboard.press("Tab")
    expect(view.menu("Status").locator("summary")).not_to_be_focused()
    license_ = view.menu("License")
    expect(license_.locator("summary")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Space")
    assert license_.get_by_label("CC-BY-NC-4.0").is_checked()
    assert view.column(0) == []
    keyboard.press("Escape")
    expect(license_.locator("summary")).to_be_focused()
    assert license_.get_attribute("open") is None


def test_a_menu_closes_when_the_focus_or_the_pointer_goes_elsewhere(view: View) -> None:
    menu = view.menu("License")
    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    view.page.locator("h1").click()
    assert menu.get_attribute("open") is None
    menu.locator("summary").click()
    view.menu("Status").locator("summary").focus()
    assert menu.get_attribute("open") is None


def test_every_control_has_a_name_and_shows_its_focus(view: View) -> None:
    view.choose("License", "MIT")
    for control in view.controls.locator("input, summary, button").all():
        if not control.is_visible():
            continue
        control.focus()
        view.page.keyboard.press("Shift")  # From now on the keyboard is in use.
        assert control.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        name = control.evaluate(
            "one => one.ariaLabel || one.textContent || one.labels[0].textContent"
        )
        assert name.strip()


def test_tables_of_a_page_keep_apart(view: View) -> None:
    flat = View(view.page, "flat")
    view.filter.fill("vgg16")
    assert len(view.column(0)) == 6
    assert len(flat.column(0)) == ALL
    assert flat.filter.input_value() == ""
