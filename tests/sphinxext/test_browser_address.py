"""The view of a table in the page's address."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .site import DATASETS, NETWORKS
from .view import View

pytestmark = pytest.mark.chromium

ALL = 2 * len(NETWORKS) * len(DATASETS)
Open = Callable[..., Page]


@pytest.fixture
def address(site_address: Callable[[str], str]) -> str:
    return site_address("alabaster")


def query(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query, keep_blank_values=True)


def test_what_a_reader_does_is_in_the_address(open_page: Open, address: str) -> None:
    view = View(open_page(f"{address}?theme=mine"))
    view.filter.press_sequentially("ucf101 n")
    view.page.wait_for_url("**all.find**")
    view.choose("License", "MIT")
    view.choose("License", "(none)")
    view.choose("Columns", "Hashtag")
    view.sort("Top-1")
    view.sort("Top-1")
    assert query(view.page) == [
        ("theme", "mine"),
        ("all.find", "ucf101 n"),
        ("all.sort", "-top1"),
        ("all.hide", "hashtag"),
        ("all.only.license", "MIT"),
        ("all.only.license", ""),
    ]


def test_an_address_that_was_sent_gives_the_view_back(open_page: Open, address: str) -> None:
    view = View(open_page(address))
    view.filter.press_sequentially("UCF101")
    view.choose("License", "(none)")
    view.choose("Columns", "Hashtag")
    view.sort("Top-1")
    flat = View(view.page, "flat")
    flat.sort("Name")
    expected = view.column(0), flat.column(0)

    page = open_page(view.page.url)
    view, flat = View(page), View(page, "flat")
    assert (view.column(0), flat.column(0)) == expected
    assert view.filter.input_value() == "UCF101"
    assert view.count == f"4 of {ALL} rows"
    assert view.head("Top-1").get_attribute("aria-sort") == "ascending"
    assert not view.head("Hashtag").is_visible()
    view.menu("License").locator("summary").click()
    assert view.menu("License").get_by_label("(none)").is_checked()


@pytest.mark.parametrize(
    "unknown",
    [
        "all.sort=nothing",
        "all.sort=",
        "all.only.license=GPL",
        "all.only.top1=83.4",
        "all.hide=name&all.hide=nothing",
        "other.find=vgg16",
        "plain.sort=top1",
        "short.find=vgg16&short.hide=top1",
        "all.find=%20%20",
        "%E0%A4%A=%",
    ],
)
def test_what_the_page_does_not_know_is_left_out(
    open_page: Open, address: str, unknown: str
) -> None:
    plain = open_page(address)
    page = open_page(f"{address}?{unknown}")
    for name in ("all", "short", "plain", "flat"):
        assert View(page, name).column(0) == View(plain, name).column(0)
        assert View(page, name).head("Name").is_visible()
    assert View(page).count == f"{ALL} rows"


def test_back_and_forward_go_through_the_views(open_page: Open, address: str) -> None:
    view = View(open_page(address))
    view.sort("Top-1")
    view.filter.press_sequentially("vgg", delay=20)
    view.page.wait_for_url("**find=vgg&**")
    view.filter.press_sequentially("16", delay=20)
    view.page.wait_for_url("**find=vgg16**")
    view.choose("License", "Apache-2.0")
    assert len(view.column(0)) == 0

    view.page.go_back()
    assert len(view.column(0)) == 6
    assert not view.menu("License").get_by_label("Apache-2.0").is_checked()
    view.page.go_back()  # What was typed is one step.
    assert len(view.column(0)) == ALL
    assert view.filter.input_value() == ""
    assert view.head("Top-1").get_attribute("aria-sort") == "ascending"
    view.page.go_back()
    assert view.table.locator("[aria-sort]").count() == 0
    assert view.page.url == address
    view.page.go_forward()
    assert view.head("Top-1").get_attribute("aria-sort") == "ascending"


def test_back_from_another_page_gives_the_view_back(open_page: Open, address: str) -> None:
    view = View(open_page(address))
    view.filter.press_sequentially("vgg16")
    view.page.wait_for_url("**all.find**")
    view.page.goto(address.replace("index.html", "search.html"))
    view.page.go_back()
    expect(view.filter).to_have_value("vgg16")
    assert len(view.column(0)) == 6


def anchor(view: View, number: int) -> str:
    name = view.rows().nth(number).get_attribute("id")
    assert name
    return name


def test_an_anchor_to_a_row_leads_there_and_keeps_the_view(open_page: Open, address: str) -> None:
    view = View(open_page(address))
    view.sort("Top-1")
    name = anchor(view, 30)
    view.page.evaluate("name => { location.hash = name }", name)
    expect(view.page.locator(f"[id='{name}']")).to_be_in_viewport()
    assert "all.sort=top1" in view.page.url
    view.sort("Hashtag")
    assert view.page.url.endswith(f"#{name}")
    assert "all.sort=hashtag" in view.page.url


def test_an_anchor_in_a_shared_address_leads_to_its_row(open_page: Open, address: str) -> None:
    name = anchor(View(open_page(address)), 40)
    view = View(open_page(f"{address}?all.sort=-top1#{name}"))
    expect(view.page.locator(f"[id='{name}']")).to_be_in_viewport()


def test_a_link_to_a_row_that_the_filter_hides_shows_it(open_page: Open, address: str) -> None:
    view = View(open_page(address))
    name = anchor(view, 30)
    row = view.page.locator(f"[id='{name}']")
    view.page.evaluate(
        """name => { const link = document.createElement("a"); link.href = "#" + name;
        link.textContent = "there"; document.querySelector("h1").append(link) }""",
        name,
    )
    link = view.page.get_by_role("link", name="there")
    for _ in range(2):  # The second time it is the page's target already.
        view.filter.fill("vgg16_ucf101")
        expect(row).not_to_be_visible()
        link.click()
        expect(row).to_be_in_viewport()
        assert len(view.column(0)) == 3
        assert view.filter.input_value() == "vgg16_ucf101"


def test_a_link_in_a_hidden_column_shows_the_column(open_page: Open, address: str) -> None:
    view = View(open_page(f"{address}?all.hide=status"))
    cell = view.rows().first.locator("td").nth(4)
    cell.evaluate("cell => { cell.id = 'status-cell'; location.hash = 'status-cell' }")
    expect(cell).to_be_in_viewport()
    assert view.head("Status").is_visible()
