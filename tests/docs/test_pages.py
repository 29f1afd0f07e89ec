"""The built pages, as Chromium shows them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.chromium


@pytest.mark.mxnet
@pytest.mark.long
def test_the_demo_page_shows_four_verified_numbers(
    documentation: Any, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    options = ["--demo", "--tier", "full", "--receipts", "receipts"]
    command = [Path(sys.executable).with_name("verify-zoo"), *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    built = replace(
        documentation,
        folder=tmp_path / "html",
        doctrees=tmp_path / "doctrees",
        receipts=tmp_path / "receipts",
    )
    done = built.build("html", built.folder)
    assert (done.returncode, done.stderr) == (0, "")

    page = open_page((built.folder / "zoo" / "demo.html").as_uri())
    statuses = page.locator("table").first.locator("tbody tr td:last-child").all_inner_texts()
    assert len(statuses) == 4
    pattern = re.compile(r"✓ verified \d{4}-\d\d-\d\d, \d+ of \d+")
    assert all(pattern.fullmatch(status.strip()) for status in statuses), statuses
    page.goto((built.folder / "zoo" / "action_recognition.html").as_uri())
    statuses = page.locator("table").nth(1).locator("tbody tr td:last-child").all_inner_texts()
    assert [status.strip() for status in statuses] == ["○ claimed"] * 4


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_window(
    documentation: Any, open_page: Callable[..., Page], width: int
) -> None:
    page = open_page("about:blank", width=width)
    files = sorted(documentation.folder.glob("**/*.html"))
    assert len(files) >= 10
    wide = {}
    for file in files:
        page.goto(file.as_uri())
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            wide[file.name] = found
    assert wide == {}


def test_a_table_that_is_too_wide_scrolls_inside_its_region(
    documentation: Any, open_page: Callable[..., Page]
) -> None:
    address = (documentation.folder / "zoo" / "action_recognition.html").as_uri()
    page = open_page(address, width=390)
    region = page.locator(".zoo-table").first
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.zoo-table').scrollLeft > 0")
