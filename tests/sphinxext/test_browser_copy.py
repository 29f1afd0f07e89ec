"""The button that copies the line that loads a model."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .view import View

pytestmark = pytest.mark.chromium

Open = Callable[..., Page]
PASTE = """() => { const area = document.createElement("textarea"); area.id = "paste";
    document.querySelector("h1").after(area); area.focus() }"""


@pytest.fixture
def address(site_address: Callable[[str], str]) -> str:
    return site_address("alabaster")


def pasted(page: Page) -> str:
    page.evaluate(PASTE)
    page.keyboard.press("Control+v")
    return page.locator("#paste").input_value()


@pytest.mark.parametrize("script", ["", "delete Navigator.prototype.clipboard"])
def test_a_press_copies_the_line_from_a_file_too(
    open_page: Open, address: str, script: str
) -> None:
    view = View(open_page(address, script=script))
    assert view.page.evaluate("!navigator.clipboard") == bool(script)
    row = view.rows().nth(8)
    line = row.get_attribute("data-load")
    assert line
    assert re.fullmatch(r"net = get_model\('i3d_inceptionv1_ucf101', pretrained='\w{8}'\)", line)
    button = row.get_by_role("button")
    button.focus()
    view.page.keyboard.press("Enter")
    expect(view.said).to_have_text(f"Copied: {line}")
    expect(button).to_have_class(re.compile("zoo-copied"))
    expect(button).to_be_focused()
    assert pasted(view.page) == line


def test_the_button_says_what_it_copies(open_page: Open, address: str) -> None:
    row = View(open_page(address)).rows().nth(8)
    button = row.get_by_role("button", name="Copy the line that loads i3d_inceptionv1_ucf101")
    assert button.get_attribute("title") == row.get_attribute("data-load")


def test_no_button_is_part_of_what_is_filtered_or_sorted(open_page: Open, address: str) -> None:
    view = View(open_page(address))
    view.filter.fill("copy")
    assert view.column(0) == []


@pytest.fixture
def server(address: str) -> Iterator[str]:
    folder = Path(unquote(urlsplit(address).path)).parent

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()
        thread.join()


def test_a_press_copies_where_the_browser_asks_for_leave_and_gets_none(
    open_page: Open, server: str
) -> None:
    script = "Clipboard.prototype.writeText = () => Promise.reject(new Error('refused'))"
    view = View(open_page(server, script=script))
    row = view.rows().first
    row.get_by_role("button").click()
    expect(view.said).to_have_text(f"Copied: {row.get_attribute('data-load')}")
    assert pasted(view.page) == row.get_attribute("data-load")
