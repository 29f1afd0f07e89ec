"""What the reference describes is what there is, and all of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.store import receipt_files
from sphinx_modelzoo.reports.forms import FORMS
from sphinx_modelzoo.sphinxext.config import add_config_values
from sphinx_modelzoo.sphinxext.domain import ZooDomain
from sphinx_modelzoo.sphinxext.table.columns import columns_of
from sphinx_modelzoo.sphinxext.table.tagging import STANDARD_TAGS

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGES = DOCS / "examples" / "languages"


def terms(page: str, start: str, end: str = "\n## ") -> set[str]:
    """Give the terms in code of the definition list below a line of a page."""
    text = (DOCS / page).read_text(encoding="utf-8").partition(f"\n{start}\n")[2]
    listed = re.findall(r"^(`.*`)\n: ", text.partition(end)[0], re.MULTILINE)
    return {term for line in listed for term in re.findall(r"`([^`]+)`", line)}


def test_every_directive_option_and_role_is_described(documentation: Any) -> None:
    shown = documentation.names("rst:directive")
    assert shown == {f"zoo:{name}" for name in ZooDomain.directives}
    options = {
        f"zoo:{name}:{option}"
        for name, directive in ZooDomain.directives.items()
        for option in directive.option_spec
        if name == "table" or option != "manifest"  # which all have, and the first describes
    }
    assert options <= documentation.names("rst:directive:option")
    roles = {*STANDARD_TAGS, *(f"zoo:{name}" for name in ZooDomain.roles)}
    assert documentation.names("rst:role") == roles


def test_every_configuration_value_is_described(documentation: Any) -> None:
    names: set[str] = set()
    app: Any = SimpleNamespace(add_config_value=lambda name, *_: names.add(name))
    add_config_values(app)
    assert documentation.names("std:confval") == names


def test_every_column_is_described() -> None:
    own = columns_of(Zoo(path=Path("zoo.yaml"))).keys()
    described = terms("reference/directives.md", "## Columns")
    assert own == described - {"top1", "train_log"}


@pytest.fixture(scope="session")
def verified_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Verify the example zoo in a folder of its own; its receipts and its report are there."""
    folder = tmp_path_factory.mktemp("examples") / "zoo"
    shutil.copytree(LANGUAGES, folder, ignore=shutil.ignore_patterns("receipts"))
    command = [Path(sys.executable).with_name("verify-zoo"), "--report", "json=found.json"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return folder


def test_every_member_of_a_receipt_is_described(verified_examples: Path) -> None:
    for path in receipt_files(verified_examples / "receipts"):
        assert terms("reference/receipts.md", "## Fields") >= json.loads(path.read_text()).keys()


def test_all_that_a_number_depends_on_is_described(verified_examples: Path) -> None:
    described = terms("reference/receipts.md", "## What makes a number stale")
    for path in receipt_files(verified_examples / "receipts"):
        depends = json.loads(path.read_text())["depends"].keys()
        assert depends - described == {"claim.protocol.words"}


def test_every_member_of_the_report_is_described(verified_examples: Path) -> None:
    report = json.loads((verified_examples / "found.json").read_text())
    described = terms("reference/verify-zoo.md", "## The report")
    assert described == report.keys() | report["numbers"][0].keys()


def test_every_member_of_the_status_report_is_described(verified_examples: Path) -> None:
    command = [Path(sys.executable).with_name("verify-zoo"), "status", "--report", "json=-"]
    done = subprocess.run(command, check=True, capture_output=True, cwd=verified_examples)
    described = terms("reference/verify-zoo.md", "## verify-zoo status")
    assert described == json.loads(done.stdout)["numbers"][0].keys()


def test_every_kind_of_report_is_described() -> None:
    assert terms("reference/verify-zoo.md", "## Reports") == FORMS.keys()
