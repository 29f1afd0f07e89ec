"""What axe-core finds on pages with tables, in each theme, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .site import THEMES
from .view import View

pytestmark = [pytest.mark.chromium, pytest.mark.long]

# The themes' own: footers and the menus outside the text, and in one the colour of every link.
EXCUSED: dict[str, dict[str, str]] = {
    "alabaster": {
        "color-contrast": ".footer, .footer *",
        "heading-order": ".sphinxsidebarwrapper h3",
        "region": ".footer",
    },
    "furo": {"landmark-unique": ".sidebar-drawer", "region": ".content-icon-container *"},
    "pydata_sphinx_theme": {},
    "sphinx_rtd_theme": {
        "color-contrast": ".wy-side-nav-search a, .wy-breadcrumbs a, a.reference, footer, footer *",
        "link-in-text-block": "footer a",
        "region": "footer",
    },
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(
    open_page: Callable[..., Page],
    site_address: Callable[[str], str],
    axe: Callable[..., list[str]],
    theme: str,
    scheme: str,
) -> None:
    view = View(open_page(site_address(theme), color_scheme=scheme))
    assert axe(view.page, EXCUSED[theme]) == []
    view.sort("Top-1")
    view.choose("License", "MIT")
    assert axe(view.page, EXCUSED[theme]) == []
