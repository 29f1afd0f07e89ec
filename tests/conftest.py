"""What tests of several rooms use."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# A test that is slow on a busy machine is no wrong test.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages, each in a context of its own; an error in a script of theirs fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_(address: str, *, width: int = 1280, script: str = "", **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """Give what axe-core finds on a page, without what is a theme's own.

    ``excused`` are selectors of a theme's elements by the rule that they break.
    """

    def run(page: Page, excused: Mapping[str, str]) -> list[str]:
        found: list[str] = []
        for violation in Axe().run(page).response["violations"]:
            rule = violation["id"]
            for node in violation["nodes"]:
                [target] = node["target"]
                if rule not in excused or not page.evaluate(
                    "([target, excused]) => document.querySelector(target).matches(excused)",
                    [target, excused[rule]],
                ):
                    found.append(f"{rule}: {target}: {node['failureSummary']}")
        return found

    return run
