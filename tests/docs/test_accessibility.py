"""axe-core finds nothing on any page of the documentation, light or dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.chromium, pytest.mark.long]

# Furo's own: two landmarks beside the text without a name, and a page for the search without a
# title until something was found.
EXCUSED = {"landmark-unique": ".sidebar-drawer"}
SEARCH = {**EXCUSED, "page-has-heading-one": "html"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    documentation: Any,
    open_page: Callable[..., Page],
    axe: Callable[..., list[str]],
    scheme: str,
) -> None:
    files = sorted(documentation.folder.glob("**/*.html"))
    assert len(files) >= 10
    page = open_page("about:blank", color_scheme=scheme)
    found = {}
    for file in files:
        page.goto(file.as_uri())
        if violations := axe(page, SEARCH if file.name == "search.html" else EXCUSED):
            found[file.name] = violations
    assert found == {}
