"""A page of the site as a reader has it before them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class View:
    """One table of a page."""

    def __init__(self, page: Page, table: str = "all") -> None:
        self.page = page
        self.table = page.locator(f"table#{table}")
        region = page.locator(".zoo-table", has=self.table)
        self.region = region
        self.controls = region.locator("xpath=preceding-sibling::div[1][@role='group']")
        self.said = region.locator("xpath=following-sibling::p[@role='status'][1]")
        self.more = region.locator("xpath=following-sibling::button[1]")

    def rows(self) -> Locator:
        return self.table.locator("tbody tr:not(.zoo-group)")

    def column(self, number: int) -> list[str]:
        """The texts of a column's cells that are shown."""
        script = f"""rows => rows.filter(row => row.checkVisibility())
            .map(row => row.cells[{number}].textContent.trim())"""
        texts: list[str] = self.rows().evaluate_all(script)
        return texts

    def groups(self) -> list[str]:
        heads = self.table.locator(".zoo-group")
        shown: list[str] = heads.evaluate_all(
            "heads => heads.filter(head => head.checkVisibility()).map(head => head.textContent)"
        )
        return shown

    def head(self, title: str) -> Locator:
        return self.table.locator("thead th", has_text=title)

    def sort(self, title: str) -> str | None:
        """Press a column's button and give the order that it says."""
        self.head(title).get_by_role("button").click()
        return self.head(title).get_attribute("aria-sort")

    @property
    def filter(self) -> Locator:
        return self.controls.get_by_role("searchbox")

    @property
    def count(self) -> str:
        return self.controls.locator(".zoo-count").inner_text()

    def menu(self, title: str) -> Locator:
        return self.controls.locator("details", has=self.page.locator("summary", has_text=title))

    def choose(self, title: str, choice: str) -> None:
        """Tick or untick a box in a menu."""
        menu = self.menu(title)
        if menu.get_attribute("open") is None:
            menu.locator("summary").click()
        menu.get_by_label(choice, exact=True).click()
