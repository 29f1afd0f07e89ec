"""The documentation builds without a warning, and only once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from sphinx_modelzoo.cli.verify_options import parser
from sphinx_modelzoo.manifest import fields


def soup(documentation: Any, page: str) -> BeautifulSoup:
    text = (documentation.folder / f"{page}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def test_a_second_build_has_nothing_to_do(documentation: Any) -> None:
    done = documentation.build("html", documentation.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 added, 0 changed, 0 removed" in done.stdout
    assert "no targets are out of date." in done.stdout


@pytest.mark.parametrize("builder", ["text", "latex"])
def test_other_builders_give_no_warning_either(
    documentation: Any, builder: str, tmp_path: Path
) -> None:
    done = documentation.build(builder, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_numbers_of_the_seed_zoo_are_claimed(documentation: Any) -> None:
    tables = soup(documentation, "zoo/action_recognition").select("table")
    assert [cell.text.strip() for cell in tables[0].select("thead th")] == [
        "Name",
        "Top-1",
        "Hashtag",
        "Train Command",
        "Train Log",
    ]
    statuses = [row.select("td")[-1].text.strip() for row in tables[1].select("tbody tr")]
    assert len(statuses) == 4
    assert all(status.endswith("claimed") for status in statuses)


SECTIONS = {name: part for name, part in vars(fields).items() if isinstance(part, fields.Section)}


@pytest.mark.parametrize("name", [*SECTIONS, "PARTS"])
def test_every_field_of_the_manifest_is_in_the_reference(documentation: Any, name: str) -> None:
    tables = [
        [row.select_one("td code").text for row in table.select("tbody tr")]
        for table in soup(documentation, "reference/manifest").select("table")
    ]
    keys = SECTIONS[name].keys() if name in SECTIONS else fields.PARTS.keys()
    assert list(keys) in tables


def test_every_option_of_verify_zoo_is_in_the_reference(documentation: Any) -> None:
    page = soup(documentation, "reference/verify-zoo")
    shown = {code.text.split()[0] for code in page.select("dt code")}
    options = {name for action in parser()._actions for name in action.option_strings}
    assert options <= shown
